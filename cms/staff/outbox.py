"""Utgående brev: every letter that one may read, where it has come, and the button that sends it anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import BaseListingView

from notifications import letters, outbox
from notifications.letters import readable
from notifications.models import Message, State
from shop.searched import holding_every_word
from shop.staff.columns import LabelledColumn, LinkColumn, PlainColumn, TagColumn, cell, moment, with_note
from shop.staff.filters import choice, search_form


# --- Columns --------------------------------------------------------------------------------------
def kind(letter: Message) -> str:
    return next((str(kind.title) for kind in letters.kinds() if kind.letter == letter.letter), letter.letter)


def may_go_again(letter: Message) -> bool:
    return letter.state in outbox.AGAIN and letter.to != ""


def receiver(letter: Message) -> Any:
    """The address, and the matter under it."""
    return with_note(letter.to, letter.about)


def times(letter: Message) -> Any:
    """When it was written, and when it went out or is tried next."""
    return with_note(moment(letter.created_at), _went_or_goes(letter))


def _went_or_goes(letter: Message) -> str:
    if letter.sent_at:
        return _("Skickat %(when)s") % {"when": moment(letter.sent_at)}
    if letter.state == State.WAITING:
        return _("Nästa försök %(when)s") % {"when": moment(letter.next_try_at)}
    return ""


def tries(letter: Message) -> int | str:
    """How many; nothing for a letter that nobody has tried to send yet."""
    return letter.tries or ""


class AgainColumn(PlainColumn):
    """The button, for those who may press it and letters that can go out anew. It posts the list's own form, below."""

    def render_cell_html(self, instance: Message, parent_context: Mapping[str, Any]) -> SafeString:
        request = parent_context["request"]
        offered = may_go_again(instance) and request.user.has_perm("notifications.resend_message")
        return cell(_button(instance, request.GET.urlencode()) if offered else "")


def _button(letter: Message, query: str) -> SafeString:
    return format_html(
        '<button class="button button-small button-secondary" type="submit" form="again" formaction="{}{}"'
        ' name="seen" value="{}">{} <span class="w-sr-only">{}</span></button>',
        reverse("letters_staff:send_again", args=[letter.pk]),
        f"?{query}" if query else "",
        letter.next_try_at.isoformat(),
        _("Skicka igen"),
        _("till %(to)s") % {"to": letter.to},
    )


COLUMNS = [
    LinkColumn(
        "kind",
        label=gettext_lazy("Brev"),
        accessor=kind,
        get_url=lambda letter: reverse("letters_staff:message", args=[letter.pk]),
    ),
    PlainColumn("to", label=gettext_lazy("Till"), accessor=receiver, classname="staff-address wrap-anywhere"),
    TagColumn(
        "state",
        label=gettext_lazy("Läge"),
        accessor="get_state_display",
        primary=lambda letter: letter.state != State.FAILED,
    ),
    PlainColumn("created_at", label=gettext_lazy("Skrivet"), accessor=times, classname="staff-when"),
    LabelledColumn("tries", label=gettext_lazy("Försök"), accessor=tries, classname="staff-number"),
    PlainColumn("error", label=gettext_lazy("Vad som gick fel"), classname="wrap-anywhere"),
    AgainColumn("again", label=gettext_lazy("Skicka igen")),
]


# --- The list -------------------------------------------------------------------------------------
class OutboxFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Läge"), State.choices)

    class Meta:
        model = Message
        fields: list[str] = []


class OutboxList(BaseListingView):
    """Newest first. What is searched and filtered stands in the address, so that it can be kept as a link."""

    model = Message
    page_title = gettext_lazy("Utgående brev")
    header_icon = "mail"
    template_name = "cms/staff/outbox.html"
    paginate_by = 50
    table_classname = "listing staff-list"
    index_url_name = "letters_staff:outbox"
    index_results_url_name = "letters_staff:outbox_results"
    verbose_name_plural = gettext_lazy("utgående brev")
    is_searchable = True
    filterset_class = OutboxFilters
    default_ordering = ("-pk",)
    columns = COLUMNS

    def get_base_queryset(self) -> QuerySet[Message]:
        return _letters(self.request.user).defer("context", "headers")

    def get_search_form(self) -> SearchForm:
        return search_form(self.request, _("E-post eller ordernummer"))

    def search_queryset(self, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return holding_every_word(queryset, self.search_query, _holds)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("letters_staff:list"), "label": _("Brev")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]


def _letters(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(letter__in=readable(user))


def _holds(word: str) -> Q:
    return Q(to__icontains=word) | Q(about__icontains=word)


# --- The button -----------------------------------------------------------------------------------
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin anew with the letter as it was seen, say how it went, and lead back: to the list as it was filtered, or
    to the page of the admin that the form names."""
    letter = get_object_or_404(_letters(request.user), pk=pk)
    if _is_as_seen(request, letter) and outbox.send_again(pk, seen=letter.next_try_at, now=timezone.now()):
        messages.success(request, _("Brevet till %s är på väg igen.") % letter.to)
    else:
        messages.info(
            request, _("Inget nytt skickades: brevet är redan på väg, eller så är adressen borttagen.")
        )
    if back := get_valid_next_url_from_request(request):
        return redirect(back)
    query = request.GET.urlencode()
    return redirect(reverse("letters_staff:outbox") + (f"?{query}" if query else ""))


def _is_as_seen(request: HttpRequest, letter: Message) -> bool:
    """A second press of the same button tells of a beginning that is no longer the latest."""
    return request.POST.get("seen") == letter.next_try_at.isoformat()
