"""Each button of the staff's pages pressed twice: what the second press leaves is what the first one left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from orders import operations
from orders.handed_over import with_buyer
from orders.models import Complaint, Difference, Order, Refund, Withdrawal
from tests.factories import NOON, OrderFactory, QuoteFactory
from tests.staff import in_role, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]

ORDERS, MONEY, QUOTES = "/admin/bestallningar/", "/admin/pengar/", "/admin/offerter/"
KEPT = ("orders", "notifications", "shop")
Press = tuple[str, dict[str, Any]]  # address and fields
BUTTONS: dict[str, Callable[[], Press]] = {}


def button(make: Callable[[], Press]) -> Callable[[], Press]:
    BUTTONS[make.__name__] = make
    return make


def everything() -> dict[str, list[Any]]:
    """Every row of the shop, the orders and the letters."""
    models = [model for app in KEPT for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


# --- Lists and parcels ----------------------------------------------------------------------------
def listed(name: str, order: Order) -> Press:
    return f"{ORDERS}valda/", {"gor": name, "order": order.number, "text": "Ringt köparen."}


def of_parcel(order: Order, step: str, **facts: Any) -> Press:
    return f"{ORDERS}{order.number}/forsandelse/{order.shipments.get().pk}/{step}/", facts


@button
def packed_in_the_list() -> Press:
    return listed("pack", OrderFactory(paid=True))


@button
def sent_in_the_list() -> Press:
    return listed("send", OrderFactory(packed=True))


@button
def delivered_in_the_list() -> Press:
    return listed("deliver", OrderFactory(sent=True))


@button
def noted_in_the_list() -> Press:
    return listed("note", OrderFactory(paid=True))


@button
def packed_in_the_queue() -> Press:
    return f"{ORDERS}att-packa/valda/", {
        "gor": "pack",
        "forsandelse": OrderFactory(paid=True).shipments.get().pk,
    }


@button
def sent_in_the_queue() -> Press:
    return f"{ORDERS}att-skicka/valda/", {
        "gor": "send",
        "forsandelse": OrderFactory(packed=True).shipments.get().pk,
    }


@button
def unpacked() -> Press:
    return of_parcel(OrderFactory(packed=True), "uppackad")


@button
def delivered() -> Press:
    return of_parcel(OrderFactory(sent=True), "framme", came_on="2026-11-23")


@button
def tracking_corrected() -> Press:
    return of_parcel(OrderFactory(sent=True), "sparning", tracking_number="UB12", tell="on")


# --- Money and agreement --------------------------------------------------------------------------
def awaiting() -> Order:
    order: Order = OrderFactory(on_invoice=True)
    order.shipments.all().delete()
    Order.objects.filter(pk=order.pk).update(state="placed")
    return order


@button
def approved() -> Press:
    return f"{ORDERS}{awaiting().number}/godkann/", {}


@button
def not_approved() -> Press:
    return f"{ORDERS}{awaiting().number}/neka/", {"reason": "Känner inte kunden."}


def refund(**facts: Any) -> Refund:
    order = OrderFactory(paid=True)
    return Refund.objects.create(order=order, key="k", amount_ore=100, reason="x", created_at=NOON, **facts)


@button
def paid_back_by_hand() -> Press:
    row = refund()
    return f"{ORDERS}{row.order.number}/aterbetald/{row.pk}/", {}


@button
def refund_struck() -> Press:
    row = refund()
    return f"{MONEY}{row.order.number}/stryk/{row.pk}/", {}


@button
def refund_by_hand_instead() -> Press:
    row = refund(state="failed")
    return f"{MONEY}{row.order.number}/for-hand/{row.pk}/", {}


@button
def difference_settled() -> Press:
    row = Difference.objects.create(kind="payment", reference="pi_1", happened_at=NOON, found_at=NOON)
    return f"{MONEY}avvikelser/{row.pk}/", {"note": "Bankdag."}


# --- Notices and complaints -----------------------------------------------------------------------
def notice(**how: Any) -> Withdrawal:
    order = OrderFactory(**(how or {"sent": True}))
    return operations.withdraw(operations.Statement("Karin Ek", str(order.number), order.email), now=NOON)


def of_notice(row: Withdrawal, step: str, **facts: Any) -> Press:
    return f"{ORDERS}angrade/{row.pk}/{step}/", facts


@button
def goods_awaited() -> Press:
    return of_notice(notice(), "vanta")


@button
def goods_proven() -> Press:
    row = notice()
    operations.await_goods(row.pk, actor="eva", now=NOON)
    return of_notice(row, "bevis")


@button
def goods_back() -> Press:
    row = notice()
    order = Order.objects.get(withdrawals=row)
    line = order.lines.get().pk
    facts = {f"restock-{line}": "1", f"spoilt-{line}": "0"}
    return of_notice(row, f"varorna-har/{order.shipments.get().pk}", **facts)


@button
def notice_tied() -> Press:
    return of_notice(notice(), "koppla", number=OrderFactory(paid=True).number)


@button
def notice_refused() -> Press:
    return of_notice(notice(), "avsla", reason="För sent.")


@button
def notice_laid_aside() -> Press:
    return of_notice(notice(), "lagg-at-sidan", reason="Samma igen.")


@button
def notice_opened_anew() -> Press:
    row = notice()
    operations.set_aside(row.pk, "Samma igen.", actor="eva", now=NOON)
    return of_notice(row, "prova-igen")


@button
def notice_refunded() -> Press:
    row = notice(paid=True)
    order = Order.objects.get(withdrawals=row)
    seen = str(order.total.ore)
    return of_notice(row, "betala-tillbaka", seen=seen, **{f"copies-{order.lines.get().pk}": "1"})


def complaint() -> Complaint:
    order = OrderFactory(sent=True)
    facts = {"fault": "Trasig", "wish": "repair", "written_by": "x", "language": "sv"}
    return operations.complain(order.pk, with_buyer(order), **facts, now=NOON)


@button
def complaint_written() -> Press:
    order = OrderFactory(sent=True)
    facts = {f"copies-{order.lines.get().pk}": "1", "fault": "Trasig", "wish": "repair"}
    return f"{ORDERS}{order.number}/reklamation/", facts


@button
def complaint_settled() -> Press:
    return f"{ORDERS}reklamationer/{complaint().pk}/lost/", {"reason": "Ny bok skickad."}


@button
def complaint_refused() -> Press:
    return f"{ORDERS}reklamationer/{complaint().pk}/avsla/", {"reason": "För sent."}


@button
def complaint_opened() -> Press:
    row = complaint()
    operations.settle_complaint(row.pk, "Bytt.", actor="eva", now=NOON)
    return f"{ORDERS}reklamationer/{row.pk}/oppna/", {}


# --- Quotes ---------------------------------------------------------------------------------------
@button
def quote_prolonged() -> Press:
    return f"{QUOTES}{QuoteFactory().number}/giltighet/", {"valid_until": "2027-02-01"}


@button
def quote_withdrawn() -> Press:
    return f"{QUOTES}{QuoteFactory().number}/aterkalla/", {"reason": "Fel pris."}


@pytest.mark.parametrize("name", BUTTONS)
def test_a_second_press_changes_nothing_and_who_has_no_role_changes_nothing_at_all(name):
    address, facts = BUTTONS[name]()
    before = everything()
    assert logged_in().post(address, facts).status_code == 403
    assert in_role("Redaktör").post(address, facts).status_code == 403
    assert everything() == before
    owner = in_role("Ägare")
    assert owner.post(address, facts).status_code == 302
    once = everything()
    assert once != before, "the first press does something"
    assert owner.post(address, facts).status_code < 500
    assert everything() == once
