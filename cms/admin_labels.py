"""Labels that Wagtail leaves to the English names of its fields: for links, groups, sites and the login."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers
from wagtail.admin.forms.auth import LoginForm
from wagtail.sites.views import IndexView
from wagtail.users.forms import PagePermissionsForm

FIELDS = {
    "link_text": _("Länkens text"),
    "email_address": _("E-post"),
    "subject": _("Ämne"),
    "body": _("Meddelande"),
    "phone_number": _("Telefon"),
    "page": _("Sida"),
    "password": _("Lösenord"),
}
COLUMNS = {"site_name": _("Webbplatsens namn"), "root_page": _("Startsida")}
FORMS: list[type[forms.Form]] = [
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
    PagePermissionsForm,
    LoginForm,
]


def put() -> None:
    for form in FORMS:
        for name in FIELDS.keys() & form.base_fields.keys():
            form.base_fields[name].label = FIELDS[name]
    for column in IndexView.columns:
        column.label = COLUMNS.get(column.name, column.label)
