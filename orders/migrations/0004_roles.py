"""The four roles, once. From here they are the owner's: a group of that name that exists already is left as it is."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

OPENS_ADMIN = ["wagtailadmin.access_admin"]
SEES_STOCK = ["shop.view_product", "shop.view_stockmovement"]
PACKS = ["orders.view_order", "orders.pack_order", "orders.note_order", *SEES_STOCK, "shop.count_stock"]
KEEPS_BOOKS = [
    "orders.view_order", "orders.view_payment", "orders.note_order", "orders.cancel_order",
    "orders.book_payment", "orders.refund_order",
    *SEES_STOCK, "shop.add_terms", "shop.change_terms", "shop.change_company",
]
EDITS = [
    "cms.change_sitetexts",
    "wagtailredirects.add_redirect", "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
]
SELLS = [
    f"shop.{verb}_{model}"
    for model in ("product", "freightmethod", "terms")
    for verb in ("add", "change", "delete")
]
RUNS = [
    f"{app}.{verb}_{model}"
    for app, model in (
        ("auth", "user"), ("auth", "group"),
        ("wagtailcore", "workflow"), ("wagtailcore", "task"), ("wagtailcore", "site"),
    )
    for verb in ("add", "change", "delete")
]
FILES = [
    f"{app}.{verb}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for verb in ("add", "change", "choose")
]

RIGHTS = {
    "Redaktör": EDITS,
    "Packare": PACKS,
    "Ekonom": KEEPS_BOOKS,
    "Ägare": [*EDITS, *PACKS, *KEEPS_BOOKS, *SELLS, *RUNS],
}
# On the root of the page tree, so that they reach each language's home page, also one that is made later.
PAGES = {
    "Redaktör": ["add_page", "change_page", "publish_page"],
    "Ägare": ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"],
}
# On the root of the collections.
COLLECTIONS = {
    "Redaktör": FILES,
    "Ägare": [*FILES, *(f"wagtailcore.{verb}_collection" for verb in ("add", "change", "delete"))],
}
APPS = ["auth", "wagtailcore", "wagtailimages", "wagtaildocs", "wagtailredirects", "cms", "shop", "orders"]


def make(apps, editor):
    """Permissions are made after all migrations (post_migrate), so those needed here are made first."""
    for label in APPS:
        _make_permissions(apps, label, editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    for name, rights in RIGHTS.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            group.permissions.set(_permission(apps, right) for right in OPENS_ADMIN + rights)
            _open_pages(apps, group)
            _open_files(apps, group)


def _make_permissions(apps, label, database):
    config = apps.get_app_config(label)
    config.models_module = True  # a historical app has none, and create_permissions passes over such
    create_permissions(config, verbosity=0, using=database, apps=apps)


def _permission(apps, right):
    label, codename = right.split(".")
    return apps.get_model("auth", "Permission").objects.get(content_type__app_label=label, codename=codename)


def _open_pages(apps, group):
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    for codename in PAGES.get(group.name, []) if root else []:
        apps.get_model("wagtailcore", "GroupPagePermission").objects.create(
            group=group, page=root, permission=_permission(apps, f"wagtailcore.{codename}")
        )


def _open_files(apps, group):
    root = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    for right in COLLECTIONS.get(group.name, []) if root else []:
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.create(
            group=group, collection=root, permission=_permission(apps, right)
        )


def unmake(apps, editor):
    """Nobody loses a right unasked: a group that has members stays."""
    apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS, user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_rights"),
        ("shop", "0003_rights"),
        ("cms", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]
    operations = [migrations.RunPython(make, unmake)]
