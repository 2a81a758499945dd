"""Packing day, one parcel a screen: pack it and the next one comes, send it and the next one comes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations, packing_papers
from orders.models import Shipment
from orders.models.shipment import ShipmentQuerySet
from orders.operations import WrongCopies
from orders.staff import tracking, words
from orders.staff.packing import choice_query, read_choice
from orders.staff.packing_forms import PackForm, TrackingForm
from orders.states import STILL_HERE, Parcel, WrongState
from shop.quantities import grouped
from shop.staff.access import actor


class Desk(WagtailAdminTemplateMixin):
    """The furniture of one parcel's screen."""

    def __init__(self, title: str, parcel: Shipment, back: str, back_label: str, icon: str) -> None:
        self.page_title, self.header_icon = title, icon
        self.page_subtitle = packing_papers.parcel_name(parcel)
        self.back, self.back_label = back, back_label

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.back), "label": self.back_label},
            {"url": "", "label": self.page_title, "sublabel": self.page_subtitle},
        ]


# --- Pack -----------------------------------------------------------------------------------------
@require_safe
def pack_next(request: HttpRequest) -> HttpResponseBase:
    """To the oldest parcel that may be packed, among the chosen ones if any are."""
    return _to_pack(request, _waiting(request).first())


@require_http_methods(["GET", "HEAD", "POST"])
def pack_parcel(request: HttpRequest, parcel: int) -> HttpResponseBase:
    found = _parcel(parcel)
    form = PackForm(request.POST or None, parcel=found)
    if request.method != "POST":
        return _pack_page(request, found, form)
    if found.state == Parcel.PLANNED and not form.is_valid():
        return _pack_page(request, found, form)
    if not _packed(request, found, form):
        return redirect(request.get_full_path())
    return _to_pack(request, _after_packing(request, found))


def _packed(request: HttpRequest, parcel: Shipment, form: PackForm) -> bool:
    """Whether the packer is done with this parcel; False when it must be looked at anew."""
    try:
        if parcel.state != Parcel.PLANNED:
            raise WrongState("shipment", parcel.state, Parcel.PACKED)
        operations.pack(parcel.pk, only=form.copies, actor=actor(request), now=timezone.now())
    except WrongCopies:
        messages.error(request, _("Försändelsen har ändrats under tiden. Se efter igen."))
        return False
    except WrongState as refusal:
        _tell(request, parcel, refusal)
        return True
    _say_packed(request, parcel, sum(row.quantity for row in form.lines) - sum(form.copies.values()))
    return True


def _say_packed(request: HttpRequest, packed: Shipment, left_out: int) -> None:
    """Copies that were left out are a parcel of their own, and the papers that lie here say otherwise."""
    fresh = _parcel(packed.pk)
    messages.success(request, _("%s är packad.") % packing_papers.parcel_name(fresh))
    if not left_out:
        return
    rest = Shipment.objects.for_staff().filter(order=fresh.order_id).latest("pk")
    told = _("%(count)s exemplar blir paket %(name)s. Skriv ut följesedlarna igen: de gamla stämmer inte.")
    here = [row.pk for row in fresh.order.shipments.all() if row.state in STILL_HERE]
    papers = f"{reverse('order_staff:papers')}?{choice_query(here)}"
    words_of_it = {"count": grouped(left_out), "name": packing_papers.parcel_name(rest)}
    again = messages.button(papers, _("Skriv ut igen"))
    messages.warning(request, told % words_of_it, buttons=[again])


def _pack_page(request: HttpRequest, parcel: Shipment, form: PackForm) -> HttpResponse:
    waiting = _waiting(request)
    desk = Desk(_("Packa"), parcel, "order_staff:to_pack", _("Att packa"), "tasks")
    context = desk.get_context_data(
        parcel=parcel,
        order=parcel.order,
        form=form,
        address=packing_papers.label_lines(parcel),
        may_be_packed=parcel.order.may_be_packed and parcel.state == Parcel.PLANNED,
        refusal=_why_not(parcel, Parcel.PACKED),
        left=_left(waiting.count()),
        skip_url=_skip(request, parcel),
    )
    return TemplateResponse(request, "orders/staff/pack.html", context)


def _left(count: int) -> str:
    return _("%(count)s kvar att packa") % {"count": count}


def _skip(request: HttpRequest, parcel: Shipment) -> str:
    """The next one's address; empty when there is no other."""
    following = _after_packing(request, parcel)
    return "" if following is None else _desk_url("pack_parcel", following, request)


def _to_pack(request: HttpRequest, parcel: Shipment | None) -> HttpResponseBase:
    if parcel is None:
        messages.success(request, _("De valda är packade.") if _chosen(request) else _("Allt är packat."))
        return redirect("order_staff:to_send")
    return redirect(_desk_url("pack_parcel", parcel, request))


def _waiting(request: HttpRequest) -> ShipmentQuerySet:
    """The queue; narrowed to the parcels that the address names."""
    queue = Shipment.objects.to_pack()
    chosen = _chosen(request)
    return queue.filter(pk__in=chosen) if chosen else queue


def _chosen(request: HttpRequest) -> list[int]:
    try:
        return read_choice(request.GET.get("forsandelse", "").split(","))
    except ValidationError:
        return []


# --- Send -----------------------------------------------------------------------------------------
@require_safe
def send_next(request: HttpRequest) -> HttpResponseBase:
    return _to_send(request, Shipment.objects.to_send().first())


@require_http_methods(["GET", "HEAD", "POST"])
def send_parcel(request: HttpRequest, parcel: int) -> HttpResponseBase:
    found = _parcel(parcel)
    if request.method != "POST":
        return _send_page(request, found, TrackingForm(parcel=found, now=timezone.now()))
    if scanned := tracking.slip(request.POST.get("tracking_number", "")):
        return _to_scanned(request, *scanned)
    form = TrackingForm(request.POST, parcel=found, now=timezone.now())
    if found.state == Parcel.PACKED and not form.is_valid():
        return _send_page(request, found, form)
    _send(request, found, form)
    if "lista" in request.POST:
        return redirect("order_staff:to_send")
    return _to_send(request, _after_sending(found))


def _to_scanned(request: HttpRequest, number: str, part: int | None) -> HttpResponseBase:
    """A slip's bar code in the field leads to that parcel: scan the slip, then its freight label."""
    waiting = Shipment.objects.to_send().filter(order__number=number)
    parcel = (waiting if part is None else waiting.filter(pk=part)).first()
    if parcel is None:
        messages.error(request, _("%s är inte packad, eller redan skickad.") % number)
        return redirect(request.get_full_path())
    return redirect("order_staff:send_parcel", parcel.pk)


def _send(request: HttpRequest, parcel: Shipment, form: TrackingForm) -> None:
    try:
        if parcel.state != Parcel.PACKED:
            raise WrongState("shipment", parcel.state, Parcel.SENT)
        operations.send(
            parcel.pk,
            tracking_number=form.cleaned_data["tracking_number"],
            actor=actor(request),
            now=timezone.now(),
        )
    except WrongState as refusal:
        _tell(request, parcel, refusal)
    else:
        name = packing_papers.parcel_name(parcel)
        messages.success(request, _("%s är skickad. Köparen får ett mejl.") % name)


def _send_page(request: HttpRequest, parcel: Shipment, form: TrackingForm) -> HttpResponse:
    following = _after_sending(parcel)
    count = Shipment.objects.to_send().count()
    desk = Desk(_("Skicka"), parcel, "order_staff:to_send", _("Packade, att skicka"), "redirect")
    context = desk.get_context_data(
        parcel=parcel,
        order=parcel.order,
        form=form,
        address=packing_papers.label_lines(parcel),
        may_be_sent=parcel.order.may_be_packed and parcel.state == Parcel.PACKED,
        refusal=_why_not(parcel, Parcel.SENT),
        left=_("%(count)s kvar att skicka") % {"count": count},
        skip_url="" if following is None else _desk_url("send_parcel", following, request),
    )
    return TemplateResponse(request, "orders/staff/send.html", context)


def _to_send(request: HttpRequest, parcel: Shipment | None) -> HttpResponseBase:
    if parcel is None:
        messages.success(request, _("Allt som är packat är skickat."))
        return redirect("order_staff:to_send")
    return redirect("order_staff:send_parcel", parcel.pk)


# --- What they share ------------------------------------------------------------------------------
def _parcel(pk: int) -> Shipment:
    return get_object_or_404(Shipment.objects.for_staff(), pk=pk)


def _after_packing(request: HttpRequest, parcel: Shipment) -> Shipment | None:
    """Who follows in the queue; after its end it begins anew with those that were skipped."""
    others = _waiting(request).exclude(pk=parcel.pk)
    placed_at = parcel.order.placed_at
    return others.after("order__placed_at", placed_at, parcel.pk).first() or others.first()


def _after_sending(parcel: Shipment) -> Shipment | None:
    others = Shipment.objects.to_send().exclude(pk=parcel.pk)
    return others.after("packed_at", parcel.packed_at, parcel.pk).first() or others.first()


def _desk_url(page: str, parcel: Shipment, request: HttpRequest) -> str:
    address = reverse(f"order_staff:{page}", args=[parcel.pk])
    chosen = _chosen(request) if page == "pack_parcel" else []
    return f"{address}?{choice_query(chosen)}" if chosen else address


def _why_not(parcel: Shipment, goal: Parcel) -> str:
    return words.refused(parcel.order, WrongState("shipment", parcel.state, goal))


def _tell(request: HttpRequest, parcel: Shipment, refusal: WrongState) -> None:
    say = messages.info if refusal.old == refusal.new else messages.error
    fresh = type(parcel.order).objects.get(pk=parcel.order_id)
    say(request, words.refused(fresh, refusal))
