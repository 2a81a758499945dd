"""Brev: what each kind of letter looks like, and what a letter that went out said, for those who may see its matter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from notifications import frame, letters, mail
from notifications.letters import readable
from notifications.models import Message

LANGUAGES = dict(settings.LANGUAGES)
NOBODY = "karin@bjorkvik.example"
LATEST = 50  # letters shown


class LetterPage(WagtailAdminTemplateMixin):
    """The furniture of a letter's page."""

    page_title = gettext_lazy("Brev")
    header_icon = "mail"

    def __init__(self, subtitle: str = "") -> None:
        self.page_subtitle = subtitle

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.page_subtitle or self.page_title}
        above = (
            [{"url": reverse("letters_staff:list"), "label": self.page_title}] if self.page_subtitle else []
        )
        return [*self.breadcrumbs_items, *above, here]


@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of letter that one may read, with when it goes out; and the last ones written."""
    found = letters.kinds_for(request.user)
    context = LetterPage().get_context_data(
        kinds=found, languages=LANGUAGES.items(), latest=_latest(request.user), latest_count=LATEST
    )
    return TemplateResponse(request, "cms/staff/letters.html", context)


@never_cache
@require_safe
def example(request: HttpRequest, letter: str, language: str) -> HttpResponse:
    kind, message = _example(request.user, letter, language)
    page = LetterPage(str(kind.title))
    others = [
        (name, reverse("letters_staff:example", args=[letter, code]))
        for code, name in LANGUAGES.items()
        if code != language
    ]
    return _shown(
        request,
        page,
        message,
        reverse("letters_staff:example_html", args=[letter, language]),
        occasion=kind.occasion,
        others=others,
    )


@never_cache
@require_safe
def example_html(request: HttpRequest, letter: str, language: str) -> HttpResponse:
    return frame.answer(mail.words(_example(request.user, letter, language)[1]).html)


@never_cache
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter of the outbox, rendered from its frozen facts as it went, or will go, out."""
    letter = _stored(request.user, pk)
    page = LetterPage(_("Till %s") % letter.to if letter.to else _("Ett brev"))
    return _shown(request, page, letter, reverse("letters_staff:message_html", args=[pk]))


@never_cache
@require_safe
def message_html(request: HttpRequest, pk: int) -> HttpResponse:
    return frame.answer(mail.words(_stored(request.user, pk)).html)


def _shown(
    request: HttpRequest, page: LetterPage, message: Message, html_url: str, **more: Any
) -> HttpResponse:
    context = page.get_context_data(letter=message, words=mail.words(message), html_url=html_url, **more)
    return TemplateResponse(request, "cms/staff/letter.html", context)


def _example(user: Any, letter: str, language: str) -> tuple[letters.Kind, Message]:
    """A kind that the user may read, and a letter of it that is not stored."""
    kind = next((kind for kind in letters.kinds_for(user) if kind.letter == letter), None)
    if kind is None or language not in LANGUAGES:
        raise Http404
    return kind, Message(
        letter=letter,
        to=NOBODY,
        language=language,
        context=kind.example(language),
        message_id="<exempel>",
        created_at=timezone.now(),
    )


def _latest(user: Any) -> list[tuple[Any, Message]]:
    """The last letters written, each with the name of its kind."""
    if not user.has_perm("notifications.view_message"):
        return []
    names = readable(user)
    found = Message.objects.filter(letter__in=names).order_by("-pk").defer("context", "headers")[:LATEST]
    return [(names[letter.letter], letter) for letter in found]


def _stored(user: Any, pk: int) -> Message:
    return get_object_or_404(Message, pk=pk, letter__in=readable(user))
