"""The two letters of an enquiry: to the company, with an answer-to the asker; and a receipt to the asker.

The receipt repeats nothing that was written: a form that mails strangers' words to any address is a gift to
those who send spam.
"""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cms.enquiries.models import Enquiry
from notifications import outbox
from shop.models import Company

LETTERS = ("enquiry", "enquiry-receipt")
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def write(enquiry: Enquiry) -> None:
    """Both letters, in the caller's transaction."""
    about = f"forfragan-{enquiry.pk}"
    outbox.put(
        "enquiry",
        key=enquiry.key,
        to=_staff(),
        context=staff_facts(enquiry),
        about=about,
        reply_to=enquiry.email,
    )
    outbox.put(
        "enquiry-receipt",
        key=enquiry.key,
        to=enquiry.email,
        context=receipt_facts(enquiry),
        language=enquiry.language,
        about=about,
    )


def _staff() -> str:
    """The company's address; the letters' own sender while that is not filled in."""
    return Company.load().email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def staff_facts(enquiry: Enquiry) -> dict[str, Any]:
    with translation.override("sv"):
        return {
            "kind": str(enquiry.get_kind_display()),
            "sender": enquiry.sender,
            "name": enquiry.name,
            "email": enquiry.email,
            "phone": enquiry.phone,
            "organisation": enquiry.organisation,
            "wished": enquiry.wished,
            "people": enquiry.people,
            "text": enquiry.message,
            "page": enquiry.page.title if enquiry.page else "",
            "staff_url": settings.SITE_URL + reverse("enquiry_staff:enquiry", args=[enquiry.pk]),
        }


def receipt_facts(enquiry: Enquiry) -> dict[str, Any]:
    with translation.override(enquiry.language):
        return {"first_name": first_name(enquiry.name), "kind": str(enquiry.get_kind_display())}


def first_name(name: str) -> str:
    """The first word of a name, when it is a word and no longer than a name: `Anna-Karin`; else empty."""
    first = name.split()[0] if name.split() else ""
    return first if _NAME.fullmatch(first) and len(first) <= 30 else ""
