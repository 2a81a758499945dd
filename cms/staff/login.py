"""The two doors that strangers may knock on in the admin: the login, and the letter with a new password.

A try is counted before the password is looked at, known name or not: so the count is exact however many try at once,
and the answer tells nobody who works here. What turns out right is taken back. See docs/adr/0028.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import RedirectView
from kombu.exceptions import OperationalError
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.admin.views import account

from cms.staff import acquainted, new_password
from cms.tasks import send_new_password
from shop import client, limits

log = logging.getLogger(__name__)


def subjects(request: HttpRequest, door: str, name: str, *, everywhere: str) -> Mapping[str, str]:
    """The limits by which a try of that name is counted; `everywhere` is the one that counts it from all sides.

    Guesses from all sides must not keep somebody out where they have logged in before, nor a neighbour's at the
    same address on their own device.
    """
    if device := acquainted.device_of(request, name):
        return {f"{door}-device": f"{device} {name}"}
    source = client.address(request)
    here = {f"{door}-address": source, f"{door}-pair": f"{name} {source}" if source else ""}
    return here if acquainted.knows_address(request, name) else {**here, everywhere: name}


def refusal(counted: Mapping[str, str], act: str) -> limits.TooMany | None:
    """Count a try; the limit that stops it, if one does."""
    try:
        limits.allow_all(counted, now=timezone.now(), act=act)
    except limits.TooMany as error:
        return error
    return None


class GuardedLoginForm(LoginForm):
    refusal: limits.TooMany | None = None

    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username") or "").casefold()
        counted = subjects(self.request, "login", name, everywhere="login-user")
        act = secrets.token_hex(8)
        self.refusal = refusal(counted, act)
        if self.refusal:
            raise ValidationError(
                _("Det blev många försök att logga in. Prova igen om %(wait)s.") % {"wait": self.refusal.wait}
            )
        cleaned: dict[str, Any] = super().clean()
        if self.get_user():
            limits.take_back(counted, act)
        return cleaned


class Login(account.LoginView):
    def get_form_class(self) -> type[GuardedLoginForm]:
        return GuardedLoginForm

    def form_valid(self, form: GuardedLoginForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        user = form.get_user()
        names = [user.get_username().casefold(), limits.inbox(user.email) if user.email else ""]
        acquainted.remember(self.request, answer, [name for name in names if name])
        return answer

    def form_invalid(self, form: GuardedLoginForm) -> HttpResponse:
        page: HttpResponse = super().form_invalid(form)
        return limits.marked(page, form.refusal) if form.refusal else page


class SideDoor(RedirectView):
    """Wagtail's log-in for readers of pages that are kept for some: it counts nothing, so there is but one door."""

    pattern_name = "wagtailadmin_login"
    query_string = True


class NewPassword(account.PasswordResetView):
    """Without a limit anybody could have letters written to the staff all day.

    A worker looks up whose address it is: by the time that the answer takes, nobody learns who works here.
    """

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        counted = subjects(self.request, "reset", limits.inbox(email), everywhere="reset-email")
        if stopped := refusal(counted, secrets.token_hex(8)):
            return self._stopped(form, stopped)
        self._write(email, self.request.get_host(), self.request.is_secure(), get_language() or "")
        return HttpResponseRedirect(self.get_success_url())

    def _write(self, email: str, host: str, secure: bool, language: str) -> None:
        """While the broker is down it is done at once, though the time then tells."""
        try:
            send_new_password.delay(email, host, secure, language)
        except OperationalError as error:
            log.warning("no broker, the letter with a new password is written at once: %s", error)
            new_password.send(email, host=host, secure=secure, language=language)

    def _stopped(self, form: PasswordResetForm, stopped: limits.TooMany) -> HttpResponse:
        form.add_error(
            None,
            _("Det blev många försök att få ett nytt lösenord. Prova igen om %(wait)s.")
            % {"wait": stopped.wait},
        )
        page: HttpResponse = self.form_invalid(form)
        return limits.marked(page, stopped)
