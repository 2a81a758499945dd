"""The note about cookies names two by now; one that somebody has written anew is left as it is."""

from typing import Any

from django.db import migrations

OLD = {
    "cookie_note": "Här finns inga kakor att godkänna. Den enda vi använder håller reda på din varukorg.",
    "cookie_note_en": "There are no cookies to accept here. The only one we use keeps track of your basket.",
}
NEW = {
    "cookie_note": "Här finns inga kakor att godkänna. De vi använder minns din varukorg och hur du vill se priser.",
    "cookie_note_en": "There are no cookies to accept here. Those we use remember your basket and how you want to see prices.",
}


def _replace(apps: Any, old: dict[str, str], new: dict[str, str]) -> None:
    texts = apps.get_model("cms", "SiteTexts").objects
    for field, text in old.items():
        texts.filter(**{field: text}).update(**{field: new[field]})


def tell(apps: Any, _editor: Any) -> None:
    _replace(apps, OLD, NEW)


def untell(apps: Any, _editor: Any) -> None:
    _replace(apps, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [("cms", "0014_cookie_notes")]
    operations = [migrations.RunPython(tell, untell)]
