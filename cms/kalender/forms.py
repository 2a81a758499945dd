"""What visitors and editors write about events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cms.editing import PageForm, cut_address
from cms.kalender import clock
from cms.kalender.clock import Lead
from cms.kalender.models.choices import SHARED
from shop.typed import EMAIL, mail_address

WRONG_LEAD = _("Välj när du vill bli påmind")
DATED = re.compile(r"^\d{4}-\d{2}-\d{2}-")
EMAIL_FAULTS = ("required", "invalid", "max_length", "null_characters_not_allowed")


class ReminderForm(forms.Form):
    """Påminn mig: an address and how long before."""

    email = forms.EmailField(
        label=_("E-post"), max_length=254, error_messages=dict.fromkeys(EMAIL_FAULTS, EMAIL)
    )
    lead = forms.ChoiceField(
        label=_("När?"),
        choices=Lead.choices,
        error_messages={"required": WRONG_LEAD, "invalid_choice": WRONG_LEAD},
    )

    def __init__(self, *args: Any, leads: Sequence[Lead] = tuple(Lead), **kwargs: Any) -> None:
        """`leads` are those shown; a page that was open too long may still send another one."""
        super().__init__(*args, **kwargs)
        self.leads = list(leads)

    def clean_email(self) -> str:
        """The domain in lower case, so that one inbox is one address (RFC 5321 2.4)."""
        name, _at, domain = mail_address(self.cleaned_data["email"]).rpartition("@")
        return f"{name}@{domain.lower()}"

    def add_refusal(self, sentence: str) -> None:
        self.add_error(None, sentence)

    @property
    def chosen(self) -> str:
        return str(self["lead"].value() or (self.leads[0] if self.leads else ""))

    @property
    def typed_email(self) -> str:
        """What was typed, for typing it again; a null byte has no place in HTML."""
        return str(self["email"].value() or "").replace("\x00", "")

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field, sentence), one each, in the order of the form; the summary's links."""
        return [(str(name), str(errors[0])) for name, errors in self.errors.items()]


class EventAdminForm(PageForm):
    """Takes whole days without their hours, and gives an event an address that begins with its date, until it has
    been published. A translation has the facts of its event, which its form does not ask for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event := self.instance.translated_from:
            self.instance.take_facts(event)
            for name in SHARED:
                self.fields.pop(name, None)
        if self.data.get(self.add_prefix("all_day")):
            for name in {"starts_at", "ends_at"} & self.fields.keys():
                self.fields[name].needs_hour = False

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        self.instance.is_half_written = self.is_deferred_validation

    def restore_required_fields(self) -> None:
        super().restore_required_fields()
        self.instance.is_half_written = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if data.get("all_day") and starts_at and ends_at:
            data["starts_at"], data["ends_at"] = clock.whole_days(starts_at, ends_at)
        return data

    def address_for(self, data: dict[str, Any]) -> str:
        if not self._follows_title(data):
            return super().address_for(data)
        day = clock.local_date(data["starts_at"]).isoformat()
        return self.free(f"{day}-{slugify(data['title'])}")

    def _follows_title(self, data: dict[str, Any]) -> bool:
        """While its address is the one made from its title, as it is now or was at the last save: drafts are saved
        while they are written, without a date at first, and with another title and day in the end."""
        if self.instance.first_published_at or not data.get("starts_at"):
            return False
        slug, earlier = data["slug"] or slugify(data["title"]), self.instance
        follows = slug == earlier.slug and _is_made_of(earlier.title, slug)
        return follows or _is_made_of(data["title"], slug)


def _is_made_of(title: str, slug: str) -> bool:
    """With or without the day before it and a number after it, which is no year, and cut where it is too long."""
    dated = DATED.match(f"{slug}-")  # of a title without letters only the day is left
    made = cut_address((dated.group() if dated else "") + slugify(title))
    return bool(re.fullmatch(rf"{re.escape(made)}(-\d{{1,3}})?", slugify(slug)))
