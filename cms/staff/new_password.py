"""The letter with a link to a new password, written by a worker."""

from __future__ import annotations

from django.utils import translation
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.views.account import PasswordResetView


def send(email: str, *, host: str, secure: bool, language: str) -> None:
    """Write to everyone active who has that address; to nobody when there is none. `host` is where it was asked."""
    form = PasswordResetForm({"email": email})
    if not form.is_valid():
        return
    with translation.override(language):
        form.save(
            domain_override=host,
            use_https=secure,
            subject_template_name=PasswordResetView.subject_template_name,
            email_template_name=PasswordResetView.email_template_name,
        )
