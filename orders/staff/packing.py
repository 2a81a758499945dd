"""Packing day, the lists: what to pack and what to send, chosen by ticks, printed or marked many at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from orders import packing_papers
from orders.models import Shipment
from orders.staff import bulk, words
from orders.staff.columns import box, buyer
from orders.staff.listing import StaffList
from orders.states import STILL_HERE, Parcel
from shop.days import stockholm_today
from shop.money import NBSP
from shop.quantities import grouped
from shop.staff.access import actor
from shop.staff.columns import Context, LinkColumn, MomentColumn, PlainColumn, TagColumn, with_note

MOST = packing_papers.MOST
CHOSEN = "forsandelse"
LONGEST_NUMBER = 18  # digits that a database's integer surely holds
Parcels = list[Shipment]


# --- Columns --------------------------------------------------------------------------------------
class TickColumn(PlainColumn):
    """A box to choose the row by, and one in the head to choose all."""

    header_template_name = "orders/staff/_tick_head.html"

    def render_cell_html(self, instance: Shipment, parent_context: Context) -> SafeString:
        ticked = "alla" in parent_context["request"].GET
        return box(CHOSEN, instance.pk, packing_papers.told_name(instance), ticked=ticked)


class TrackingColumn(Column):
    """A field for the tracking number with its own button: a scanner types it and ends with Enter."""

    cell_template_name = "orders/staff/_tracking_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        first, token = parent_context["table"].data[0], get_token(parent_context["request"])
        name = packing_papers.told_name(instance)
        return {**context, "is_first": instance == first, "csrf_token": token, "name": name}


def what_lies_in(parcel: Shipment) -> str:
    """`30 × Skriften om värdskap, 1 × Det goda värdskapet`; a number and its sign stay on one line."""
    rows = parcel.lines.all()
    return ", ".join(
        f"{grouped(row.quantity)}{NBSP}×{NBSP}{words.goods(parcel.order, row.line)}" for row in rows
    )


def receiver(parcel: Shipment) -> Any:
    """The buyer, and below where this parcel goes."""
    return with_note(buyer(parcel.order), (parcel.delivery or parcel.order).city)


def withdrawn(parcel: Shipment) -> str:
    """Though staff let it go: of a notice whose goods are awaited back, the packer shall know."""
    return _("Ångrad av köparen") if parcel.order.open_withdrawals else ""


def name(parcel: Shipment) -> Any:
    """Which parcel and to which unit, with the warning that nobody should miss."""
    notes = filter(None, [packing_papers.unit(parcel), withdrawn(parcel)])
    return with_note(packing_papers.parcel_name(parcel), " · ".join(notes))


TICK = TickColumn("tick", label=gettext_lazy("Välj"))
NUMBER = LinkColumn(
    "number",
    label=gettext_lazy("Nummer"),
    accessor=name,
    get_url=lambda parcel: reverse("order_staff:order", args=[parcel.order.number]),
)
CONTENTS = PlainColumn(
    "contents", label=gettext_lazy("Vad"), accessor=what_lies_in, classname="staff-contents"
)
BUYER = PlainColumn("buyer", label=gettext_lazy("Köpare"), accessor=receiver)
FREIGHT = PlainColumn("freight", label=gettext_lazy("Leveranssätt"), accessor="order.staff_freight")


def held_back(stage: Parcel) -> str:
    """The numbers of the orders that a notice of withdrawal keeps out of the list; empty for none."""
    numbers = Shipment.objects.held_by_notice(stage).values_list("order__number", flat=True)
    told = list(dict.fromkeys(map(str, numbers)))
    more = len(told) - bulk.MOST_TOLD
    listed = ", ".join(told[: bulk.MOST_TOLD])
    return _("%(numbers)s och %(count)s till") % {"numbers": listed, "count": more} if more > 0 else listed


# --- Lists ----------------------------------------------------------------------------------------
class ParcelList(StaffList):
    """A day's parcels on a page; more than may be chosen at once there never are."""

    template_name = "orders/staff/parcel_list.html"
    header_icon = "tasks"
    paginate_by = 100
    model = Shipment
    chosen_url_name = ""
    stage = Parcel.PLANNED  # of the parcels in the list
    buttons: list[tuple[str, Any]] = []  # above the list
    last_buttons: list[tuple[str, Any]] = []  # below it, away from the rows' own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may = self.request.user.has_perm("orders.pack_order")
        held = held_back(self.stage)
        return {**context, "chosen_url": reverse(self.chosen_url_name), "may_pack": may, "held": held}


class PackingQueue(ParcelList):
    """Parcels that may be packed, oldest first."""

    page_title = gettext_lazy("Att packa")
    index_url_name = "order_staff:to_pack"
    index_results_url_name = "order_staff:to_pack_results"
    chosen_url_name = "order_staff:chosen_to_pack"
    verbose_name_plural = gettext_lazy("försändelser att packa")
    no_results_message = gettext_lazy(
        "Inget att packa just nu. Det som är packat står under Packade, att skicka."
    )
    buttons = [
        ("print", gettext_lazy("Skriv ut för packning")),
        ("desk", gettext_lazy("Packa en i taget")),
        ("pack", gettext_lazy("Markera som packade")),
    ]
    columns = [
        TICK,
        NUMBER,
        MomentColumn("placed_at", label=gettext_lazy("Lagd"), accessor="order.placed_at"),
        CONTENTS,
        BUYER,
        FREIGHT,
        TagColumn(
            "payment",
            label=gettext_lazy("Betalning"),
            accessor=lambda parcel: words.to_packer(parcel.order),
            primary=lambda parcel: parcel.order.is_paid or words.may_go_unpaid(parcel.order),
        ),
    ]

    def get_base_queryset(self) -> QuerySet[Shipment]:
        return Shipment.objects.to_pack().for_staff()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        to_send = reverse("order_staff:to_send")
        return [HeaderButton(_("Packade, att skicka"), to_send, icon_name="redirect", priority=10)]


class SendingQueue(ParcelList):
    """Packed parcels, in the order in which they were packed, each with a field for its tracking number."""

    page_title = gettext_lazy("Packade, att skicka")
    header_icon = "redirect"
    index_url_name = "order_staff:to_send"
    index_results_url_name = "order_staff:to_send_results"
    chosen_url_name = "order_staff:chosen_to_send"
    stage = Parcel.PACKED
    verbose_name_plural = gettext_lazy("packade försändelser")
    no_results_message = gettext_lazy("Allt som är packat har gått.")
    buttons = [("print", gettext_lazy("Skriv ut igen"))]
    # Above the rows it was taken for the one that sends a number which has just been typed.
    last_buttons = [("send", gettext_lazy("Markera de valda som skickade utan spårning"))]
    columns = [
        TICK,
        NUMBER,
        TrackingColumn("tracking", label=gettext_lazy("Spårningsnummer"), accessor=lambda parcel: parcel),
        CONTENTS,
        BUYER,
        FREIGHT,
    ]

    def get_base_queryset(self) -> QuerySet[Shipment]:
        return Shipment.objects.to_send().for_staff()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        to_pack, first = reverse("order_staff:to_pack"), reverse("order_staff:send_next")
        return [
            HeaderButton(_("Skicka en i taget"), first, icon_name="redirect", priority=10),
            HeaderButton(_("Att packa"), to_pack, icon_name="tasks", priority=20),
        ]


# --- What is done with the chosen ones ------------------------------------------------------------
@require_POST
def chosen_to_pack(request: HttpRequest) -> HttpResponseBase:
    return _with_chosen(request, "order_staff:to_pack", {"print": _print, "desk": _desk, "pack": _pack})


@require_POST
def chosen_to_send(request: HttpRequest) -> HttpResponseBase:
    return _with_chosen(request, "order_staff:to_send", {"print": _print, "send": _send})


Deed = Callable[[HttpRequest, list[int]], HttpResponseBase | None]


def _with_chosen(request: HttpRequest, back: str, deeds: dict[str, Deed]) -> HttpResponseBase:
    """Do what the pressed button says and go back to the list, unless the deed leads elsewhere."""
    try:
        chosen = read_choice(request.POST.getlist(CHOSEN))
    except ValidationError as fault:
        messages.error(request, f"{fault.message} {_unchosen(request)}".strip())
        return redirect(back)
    deed = deeds.get(request.POST.get("gor", ""))
    return (deed(request, chosen) if deed else None) or redirect(back)


def _unchosen(request: HttpRequest) -> str:
    """To one who has perhaps typed a tracking number in a row and pressed the button of the whole list."""
    if request.POST.get("gor") != "send" or request.POST.get(CHOSEN):
        return ""
    return _("Har försändelsen ett spårningsnummer? Skriv det i raden och tryck på Skicka bredvid.")


def _print(_request: HttpRequest, chosen: list[int]) -> HttpResponseBase:
    return redirect(reverse("order_staff:papers") + "?" + choice_query(chosen))


def _desk(_request: HttpRequest, chosen: list[int]) -> HttpResponseBase:
    return redirect(reverse("order_staff:pack_next") + "?" + choice_query(chosen))


def _pack(request: HttpRequest, chosen: list[int]) -> None:
    parcels = found(chosen)
    outcome = bulk.pack(parcels, actor=actor(request), now=timezone.now())
    bulk.tell(request, outcome, Parcel.PACKED)


def _send(request: HttpRequest, chosen: list[int]) -> None:
    outcome = bulk.send(found(chosen), actor=actor(request), now=timezone.now())
    bulk.tell(request, outcome, Parcel.SENT)


@require_safe
def papers(request: HttpRequest) -> HttpResponseBase:
    """The PDF of the parcels named in the address; to look and to print again changes nothing."""
    try:
        chosen = read_choice(request.GET.get(CHOSEN, "").split(","))
    except ValidationError as fault:
        messages.error(request, fault.message)
        return redirect("order_staff:to_pack")
    parcels = found(chosen)
    good = [parcel for parcel in parcels if _may_be_printed(parcel)]
    left_out = [_left_out(parcel) for parcel in parcels if parcel not in good]
    if not good:
        messages.error(request, " ".join(left_out))
        return redirect("order_staff:to_pack")
    return _as_pdf(good, left_out)


def _as_pdf(parcels: Parcels, left_out: list[str]) -> HttpResponse:
    today = stockholm_today()
    content = packing_papers.pdf(parcels, left_out, day=today)
    name = packing_papers.filename(today)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _may_be_printed(parcel: Shipment) -> bool:
    """Nobody packs by a slip of an order that was called off or never paid, or that has gone already."""
    return parcel.order.may_be_packed and parcel.state in STILL_HERE


def _left_out(parcel: Shipment) -> str:
    words_of_it = {"number": parcel.order.number, "word": parcel.get_state_display().lower()}
    if not parcel.order.is_cleared:
        return _("%(number)s får inte packas: den är obetald eller avbeställd.") % words_of_it
    if parcel.state not in STILL_HERE:
        return _("%(number)s är redan %(word)s.") % words_of_it
    return words.held(parcel.order)


# --- The choice -----------------------------------------------------------------------------------
def read_choice(typed: list[str]) -> list[int]:
    """The ids that were ticked. Raises ValidationError with a sentence, and Http404 for what no box ever says."""
    numbers = [text for text in typed if text]
    if not all(text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER for text in numbers):
        raise Http404
    if not numbers:
        raise ValidationError(_("Välj minst en försändelse först."))
    if len(numbers) > MOST:
        raise ValidationError(_("Välj högst %(most)s försändelser åt gången.") % {"most": MOST})
    return sorted({int(text) for text in numbers})


def choice_query(chosen: list[int]) -> str:
    return f"{CHOSEN}={','.join(map(str, chosen))}"


def found(chosen: list[int]) -> Parcels:
    """The chosen parcels in the queue's order. Raises Http404 when one does not exist."""
    parcels = list(Shipment.objects.filter(pk__in=chosen).for_papers().order_by("order__placed_at", "pk"))
    if len(parcels) != len(chosen):
        raise Http404
    return parcels
