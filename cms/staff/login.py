"""The two doors that strangers may knock on in the admin: the login, and the letter with a new password.

A try is counted before the password is looked at, right or wrong, known name or not: so the count is exact
however many try at once, and the answer tells nobody who works here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.admin.views import account

from shop import client, limits


class GuardedLoginForm(LoginForm):
    refusal: limits.TooMany | None = None

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username") or "").casefold()
        self.refusal = refusal(self.request, {"login-user": name}, per_address="login-address")
        if self.refusal:
            raise ValidationError(
                _("Det blev många försök att logga in. Prova igen om %(wait)s.") % {"wait": self.refusal.wait}
            )
        cleaned: dict[str, Any] = super().clean()
        return cleaned


def refusal(request: HttpRequest, subjects: Mapping[str, str], *, per_address: str) -> limits.TooMany | None:
    """Count a try; the limit that stops it, if one does."""
    try:
        limits.allow_all({per_address: client.address(request), **subjects}, now=timezone.now())
    except limits.TooMany as error:
        return error
    return None


class Login(account.LoginView):
    def get_form_class(self) -> type[GuardedLoginForm]:
        return GuardedLoginForm

    def form_invalid(self, form: GuardedLoginForm) -> HttpResponse:
        page: HttpResponse = super().form_invalid(form)
        return limits.marked(page, form.refusal) if form.refusal else page


class NewPassword(account.PasswordResetView):
    """Without a limit anybody could have letters written to the staff all day."""

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        inbox = limits.inbox(form.cleaned_data["email"])
        stopped = refusal(self.request, {"reset-email": inbox}, per_address="reset-address")
        if stopped is None:
            answer: HttpResponse = super().form_valid(form)
            return answer
        form.add_error(
            None,
            _("Det blev många försök att få ett nytt lösenord. Prova igen om %(wait)s.")
            % {"wait": stopped.wait},
        )
        page: HttpResponse = self.form_invalid(form)
        return limits.marked(page, stopped)
