"""One notice of withdrawal: what was said, what the law gives, and the buttons that lead to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations, withdrawal_sums
from orders.models import Order, Shipment, Withdrawal
from orders.payments.settle import close_pages
from orders.staff.notice_facts import NoticeShown
from orders.staff.notice_forms import AsideForm, BackForm, Plain, RefundForm, RefuseForm, TieForm
from orders.states import WrongState
from shop.money import Money
from shop.staff.access import actor

Typed = dict[str, forms.Form]
PLAIN: dict[str, type[Plain]] = {"tie": TieForm, "refuse": RefuseForm, "aside": AsideForm}


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Ånger")
    header_icon = "rotate"

    def __init__(self, notice: Withdrawal) -> None:
        self.page_subtitle = notice.order_number
        if not notice.is_withdrawal:
            self.page_title = gettext_lazy("Avanmälda platser")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("order_staff:withdrawals"), "label": _("Ångrade köp")},
            {"url": "", "label": self.page_subtitle},
        ]


@require_safe
def notice(request: HttpRequest, notice: int) -> HttpResponseBase:
    return _page(request, _whole(notice))


@require_POST
def tie(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(facts: dict[str, Any]) -> str:
        number = str(facts["number"])
        operations.tie(notice, number, actor=actor(request), now=timezone.now())
        return _("Ångern hör nu till %s.") % number

    return _act(request, notice, "tie", act)


@require_POST
def await_goods(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(_facts: dict[str, Any]) -> str:
        operations.await_goods(notice, actor=actor(request), now=timezone.now())
        return _("Nu väntar vi på varorna. Köparen får ett brev med adress och sista dag.")

    return _act(request, notice, "await", act)


@require_POST
def let_rest_go(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(_facts: dict[str, Any]) -> str:
        operations.let_rest_go(notice, actor=actor(request), now=timezone.now())
        return _("Det som är kvar här får packas och skickas.")

    return _act(request, notice, "rest", act)


@require_POST
def proven(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(_facts: dict[str, Any]) -> str:
        operations.goods_proven(notice, actor=actor(request), now=timezone.now())
        return _("Antecknat: köparen har visat att varorna är skickade.")

    return _act(request, notice, "proven", act)


@require_POST
def refuse(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(facts: dict[str, Any]) -> str:
        operations.refuse_withdrawal(notice, facts["reason"], actor=actor(request), now=timezone.now())
        return _("Avslaget. Köparen får ett brev med skälet.")

    return _act(request, notice, "refuse", act)


@require_POST
def aside(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(facts: dict[str, Any]) -> str:
        operations.set_aside(notice, facts["reason"], actor=actor(request), now=timezone.now())
        return _("Lagd åt sidan. Inget brev går ut.")

    return _act(request, notice, "aside", act)


@require_POST
def anew(request: HttpRequest, notice: int) -> HttpResponseBase:
    def act(_facts: dict[str, Any]) -> str:
        operations.judge_anew(notice, actor=actor(request), now=timezone.now())
        return _("Öppnat igen.")

    return _act(request, notice, "anew", act)


@require_POST
def back(request: HttpRequest, notice: int, shipment: int) -> HttpResponseBase:
    """A parcel of the notice's own order; another's is not found."""
    found = _whole(notice)
    parcel = get_object_or_404(Shipment, pk=shipment, order=found.order)
    form = BackForm(
        request.POST, shipment=parcel, order=_order(found), stated={}, auto_id=_auto_id(f"back-{shipment}")
    )
    if not form.is_valid():
        return _page(request, found, {f"back-{shipment}": form}, status=422)

    def act(_facts: dict[str, Any]) -> str:
        operations.goods_back(
            notice,
            shipment,
            restock=form.restock,
            write_off=form.write_off,
            actor=actor(request),
            now=timezone.now(),
        )
        return _("Varorna är mottagna, och lagret är ändrat.")

    return _say(request, notice, act, {})


@require_POST
def refund(request: HttpRequest, notice: int) -> HttpResponseBase:
    """Two presses: the first reckons and shows the sum, the second sends it. A sum nobody has seen is not sent."""
    found = _whole(notice)
    order, shown = _order(found), NoticeShown(found)
    form = _refund_form(order, shown, request.POST)
    if not form.is_valid():
        return _page(request, found, {"refund": form}, status=422)
    planned = shown.reckon(form.copies)
    asked = planned.less(form.taken_off)
    total = withdrawal_sums.goes_back(order, asked)
    if request.POST.get("seen") != str(total.ore):
        return _page(request, found, {"refund": form}, reckoned=planned, total=total, unpaid=total - asked)
    return _granted(request, notice, order, form, total)


def _granted(
    request: HttpRequest, notice: int, order: Order, form: RefundForm, total: Money
) -> HttpResponseBase:
    def act(facts: dict[str, Any]) -> str:
        now = timezone.now()
        operations.refund_withdrawal(
            notice,
            form.copies,
            deduction=form.taken_off,
            reason=facts["reason"],
            actor=actor(request),
            now=now,
        )
        close_pages(order, now=now)
        if not total:
            return _("Godtaget, och inget ska betalas tillbaka. Köparen får ett brev.")
        return _("Godtaget, %s betalas tillbaka. Köparen får ett brev.") % total.exact()

    return _say(request, notice, act, form.cleaned_data)


# --- What they share ----------------------------------------------------------------------------
REFUSALS: dict[type[Exception], Any] = {
    WrongState: gettext_lazy("Det går inte från det läge som ångern har nu. Läs om sidan och se efter."),
    operations.NoOrder: gettext_lazy("Säg först vilken beställning ångern gäller."),
    operations.NothingSent: gettext_lazy("Inget har skickats, så det finns inga varor att vänta på."),
    operations.StillPacked: gettext_lazy(
        "Det som ångras ligger i ett packat paket. Ångra packningen först, och försök sedan igen."
    ),
    operations.TooMuchOff: gettext_lazy(
        "Avdraget är större än varornas pris. För varor som inte har gått görs inget avdrag."
    ),
    operations.NothingLeft: gettext_lazy(
        "Det finns inget kvar att ångra på de raderna. Är det samma ånger en gång till? Lägg den åt sidan."
    ),
    operations.NotWhole: gettext_lazy("Platserna i en anmälan går tillbaka tillsammans."),
    operations.WrongCopies: gettext_lazy(
        "Så många finns inte i paketet längre. Läs om sidan och räkna en gång till."
    ),
}


def _act(request: HttpRequest, pk: int, name: str, act: Callable[[dict[str, Any]], str]) -> HttpResponseBase:
    """Read the form if the button has one, do the one thing, say how it went."""
    found = _whole(pk)
    if name not in PLAIN:
        return _say(request, pk, act, {})
    form = PLAIN[name](request.POST, auto_id=_auto_id(name))
    if not form.is_valid():
        return _page(request, found, {name: form}, status=422)
    return _say(request, pk, act, form.cleaned_data)


def _say(
    request: HttpRequest, pk: int, act: Callable[[dict[str, Any]], str], facts: dict[str, Any]
) -> HttpResponseBase:
    try:
        messages.success(request, act(facts))
    except tuple(REFUSALS) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
    return redirect("order_staff:notice", pk)


def _page(
    request: HttpRequest,
    found: Withdrawal,
    typed: Typed | None = None,
    *,
    reckoned: Any = None,
    total: Money | None = None,
    unpaid: Money | None = None,
    status: int = 200,
) -> HttpResponse:
    """`typed` holds a form that came back, so that nothing typed is lost; `reckoned` the sum it comes to,
    `unpaid` what of it stays here."""
    shown = NoticeShown(found)
    fresh: Typed = {name: form(auto_id=_auto_id(name)) for name, form in PLAIN.items()}
    if found.order is not None:
        fresh["refund"] = _refund_form(found.order, shown)
    context = Furniture(found).get_context_data(
        notice=found,
        shown=shown,
        forms={**fresh, **(typed or {})},
        parcels=_parcels(found, shown, typed or {}),
        opened=set(typed or ()),
        reckoned=reckoned,
        total=total,
        unpaid=unpaid,
        may={name: request.user.has_perm(f"orders.{name}") for name in ("pack_order", "refund_order")},
    )
    return TemplateResponse(request, "orders/staff/notice.html", context, status=status)


def _refund_form(order: Order, shown: NoticeShown, data: Any = None) -> RefundForm:
    return RefundForm(data, order=order, left=shown.left, stated=shown.stated, auto_id=_auto_id("refund"))


def _parcels(found: Withdrawal, shown: NoticeShown, typed: Typed) -> list[tuple[Shipment, forms.Form]]:
    """Parcels that can come back, each with its form."""
    if found.order is None:
        return []
    return [
        (
            parcel,
            typed.get(f"back-{parcel.pk}")
            or BackForm(
                shipment=parcel,
                order=found.order,
                stated=shown.stated,
                auto_id=_auto_id(f"back-{parcel.pk}"),
            ),
        )
        for parcel in shown.out
    ]


def _auto_id(name: str) -> str:
    return f"id_{name}_%s"


def _whole(pk: int) -> Withdrawal:
    found = get_object_or_404(Withdrawal, pk=pk)
    if found.order_id is not None:
        found.order = Order.objects.whole().get(pk=found.order_id)
    return found


def _order(found: Withdrawal) -> Order:
    """Raises Http404 when the notice is tied to none: such a page offers no such button."""
    if found.order is None:
        raise Http404
    return found.order
