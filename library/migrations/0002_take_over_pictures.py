"""Wagtail's own images become pictures under the same numbers, so that pages and products keep theirs.

The old rows stay, unused, and so do the files, which both name. The way back writes what has changed since.
"""

from django.core.management.color import no_style
from django.db import migrations

FIELDS = (
    "title",
    "file",
    "description",
    "width",
    "height",
    "created_at",
    "uploaded_by_user_id",
    "collection_id",
    "file_size",
    "file_hash",
)
IMAGE, PICTURE = ("wagtailimages", "Image"), ("library", "Picture")


def take_over(apps, schema_editor):
    _copy(apps, schema_editor, IMAGE, PICTURE)


def give_back(apps, schema_editor):
    _copy(apps, schema_editor, PICTURE, IMAGE)


def _copy(apps, schema_editor, source, target):
    old, new = apps.get_model(*source), apps.get_model(*target)
    for row in old.objects.all():
        facts = {name: getattr(row, name) for name in FIELDS}
        if not new.objects.filter(pk=row.pk).exists():
            new.objects.create(pk=row.pk, **facts)
        # Also what auto_now_add has just written.
        new.objects.filter(pk=row.pk).update(**facts)
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [new]):
        schema_editor.execute(statement)
    _point_to(apps, source, target)


def _point_to(apps, source, target):
    """Tags and the notes of where a picture is used follow."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    old, _created = kinds.get_or_create(app_label=source[0], model=source[1].lower())
    new, _created = kinds.get_or_create(app_label=target[0], model=target[1].lower())
    apps.get_model("taggit", "TaggedItem").objects.filter(content_type=old).update(content_type=new)
    references = apps.get_model("wagtailcore", "ReferenceIndex").objects
    references.filter(to_content_type=old).update(to_content_type=new)


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0001_initial"),
        ("wagtailimages", "0027_image_description"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(take_over, give_back)]
