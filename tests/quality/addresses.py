"""One address for every kind of page in each language, found in the page tree so that a new kind is looked at too."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from cms.models import EventPage

# Pages that are not in the tree, as a visitor meets them who has ordered nothing.
VIEWS = ["shop:basket", "orders:withdraw", "cms:search", "enquiries:booking", "enquiries:thanks"]
QUESTIONS = ["lyssna", "vardskp", "hostmanship"]


def every_kind() -> list[str]:
    """The first live page of each kind in each language, in the order of the tree."""
    first: dict[tuple[type[Page], str], str] = {}
    for page in Page.objects.live().public().filter(depth__gt=1).order_by("path").specific():
        first.setdefault((type(page), page.locale.language_code), page.url)
    return list(first.values())


def views() -> list[str]:
    """Each view in each language, searches with and without hits, and an address that leads nowhere."""
    found: list[str] = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [reverse(name) for name in VIEWS]
            found += [f"{reverse('cms:search')}?q={question}" for question in QUESTIONS]
            found += [f"{reverse('cms:search').rpartition('/')[0].rpartition('/')[0]}/finns-inte/"]
    return found


def below_the_calendar() -> list[str]:
    """What is no page of the tree: the month of the first event, how to subscribe, and the forms of sign-ups."""
    events = list(EventPage.objects.live().select_related("locale").order_by("starts_at", "pk"))
    firsts = {event.locale.language_code: event for event in reversed(events)}
    months = [f"{event.get_parent().url}{event.starts_at:%Y/%m}/" for event in firsts.values()]
    how = {"sv": "/kalender/prenumerera/", "en": "/en/calendar/subscribe/"}
    return [*months, *(how[language] for language in firsts), *forms(events)]


def forms(events: list[EventPage]) -> list[str]:
    """The sign-up of each event that has one on its page, in the page's language."""
    last = {"sv": "anmalan", "en": "sign-up"}
    return [f"{event.url}{last[event.locale.language_code]}/" for event in events if event.signs_up_here]


def everything(language: str = "") -> list[str]:
    """Those of one language, or of all."""
    found = [*every_kind(), *below_the_calendar(), *views()]
    return [address for address in found if not language or address.startswith("/en/") == (language == "en")]
