"""The routine "Granska före publicering", on offer for every page. In place of the one that Wagtail's migrations made."""

from __future__ import annotations

from typing import Any

from django.db import migrations

NAME = "Granska före publicering"
GROUPS = ["Redaktör", "Ägare"]


def make(apps: Any, _schema_editor: Any) -> None:
    """Wagtail's own is only put to rest: pages may be on their way through it."""
    Workflow, WorkflowPage, Page = (apps.get_model("wagtailcore", name) for name in ("Workflow", "WorkflowPage", "Page"))
    root = Page.objects.filter(depth=1).first()
    workflow, created = Workflow.objects.get_or_create(name=NAME, defaults={"active": True})
    if created:
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task=_task(apps), sort_order=0)
    if root:
        WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    Workflow.objects.filter(name="Moderators approval").update(active=False)


def _task(apps: Any) -> Any:
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task, created = apps.get_model("wagtailcore", "GroupApprovalTask").objects.get_or_create(
        name="Granskning", defaults={"active": True, "content_type": kind}
    )
    if created:
        Group = apps.get_model("auth", "Group")
        task.groups.set(Group.objects.filter(name__in=GROUPS))
    return task


def unmake(apps: Any, _schema_editor: Any) -> None:
    """Wagtail's own comes back where it was."""
    Workflow, WorkflowPage = (apps.get_model("wagtailcore", name) for name in ("Workflow", "WorkflowPage"))
    before = Workflow.objects.filter(name="Moderators approval").first()
    pages = WorkflowPage.objects.filter(workflow__name=NAME)
    if before:
        Workflow.objects.filter(pk=before.pk).update(active=True)
        pages.update(workflow=before)
    else:
        pages.delete()
    Workflow.objects.filter(name=NAME).delete()
    apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name="Granskning").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_english_texts"),
        ("orders", "0004_roles"),
        ("wagtailcore", "0096_referenceindex_referenceindex_source_object_and_more"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]
