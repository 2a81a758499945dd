"""We cancel an event after places at it were given back and their price was kept: staff are asked once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cms.kalender import signing_up
from cms.kalender.models import Actor, EventPage, SignUp
from cms.kalender.tasks import tend_signups
from orders import operations
from orders.models import Withdrawal
from tests.kalender.facts import KARIN, NOON, letters
from tests.kalender.signups import sign_up, wish
from tests.kalender.test_paid_places import DETAILS, PRICE, order_of
from tests.kalender.test_places_given_back import body, bought, cancels, course, staff, withdraw
from tests.kalender.test_signing_up_pages import words as seen

__all__ = ["course", "staff"]  # fixtures

pytestmark = pytest.mark.django_db

Change = Callable[..., None]


def kept(course: EventPage, **facts: Any) -> SignUp:
    """Given back, and judged: the price stays with us."""
    signup = bought(course, **{"details": DETAILS, **facts})
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)
    operations.refuse_withdrawal(order_of(signup).withdrawals.get().pk, "För sent.", actor="anna", now=NOON)
    return signup


def questions(signup: SignUp) -> list[Withdrawal]:
    return list(order_of(signup).withdrawals.filter(kind="no-event"))


def calls_off(event: EventPage, change: Change) -> None:
    change(event, status="cancelled")
    for _beat in range(2):
        tend_signups()


def grant(signup: SignUp, notice: Withdrawal) -> None:
    copies = {order_of(signup).lines.get().pk: signup.places}
    operations.refund_withdrawal(notice.pk, copies, actor="eva", now=NOON)


def test_staff_are_asked_once_more_about_kept_money_when_the_event_is_cancelled(course, change, staff):
    signup = kept(course)
    tend_signups()
    assert not questions(signup)
    calls_off(course, change)
    (notice,) = questions(signup)
    assert (notice.state, notice.is_withdrawal) == ("received", False)
    assert not letters("withdrawal-receipt")
    assert "1 avanmälan att avgöra betalningen för" in seen(staff.get("/admin/"))
    found = staff.get("/admin/bestallningar/angrade/", {"state": "waiting", "kind": "given-back"})
    assert [row.pk for row in found.context["object_list"]] == [notice.pk]
    assert "Träffen inställd efter avanmälan" in seen(found)
    last = order_of(signup).history.last()
    assert last
    assert (last.actor, last.cause) == ("systemet", "Träffen ställdes in efter avanmälan")
    page = seen(staff.get(reverse("order_staff:notice", args=[notice.pk])))
    assert "Sedan ställde ni in träffen. Därför frågas ni en gång till" in page
    assert "Så avgjordes det då Avslagen: För sent. anna" in page
    assert "Träffen börjar Inställd" in page
    page = seen(staff.get(f"/admin/bestallningar/{order_of(signup).number}/"))
    assert "Träffen inställd efter avanmälan, pengarna är ert beslut igen" in page


def test_the_money_goes_back_in_words_of_the_cancelled_event(course, change, client):
    signup = kept(course)
    calls_off(course, change)
    page = f"/order/{order_of(signup).key}/"
    assert "Träffen är inställd Då ser vi över betalningen" in seen(client.get(page))
    grant(signup, *questions(signup))
    order = order_of(signup)
    assert [(row.amount.ore, row.reason) for row in order.refunds.all()] == [(PRICE, "Träffen är inställd")]
    assert order.state == "cancelled"
    assert "träffen är inställd, och vi har avgjort betalningen" in body("withdrawal-refunded")
    told = seen(client.get(page))
    assert "Träffen blev inställd, och vi har avgjort betalningen en gång till" in told
    assert "Priset gäller ändå" not in told


def test_staff_may_keep_it_again_with_a_reason_and_are_not_asked_a_third_time(course, change, client):
    signup = kept(course)
    calls_off(course, change)
    (notice,) = questions(signup)
    operations.refuse_withdrawal(notice.pk, "Ni hade redan gjort kursen.", actor="eva", now=NOON)
    told = body("withdrawal-refused")
    assert "träffen är inställd, så vi har gått igenom betalningen" in told
    assert "Ni hade redan gjort kursen." in told
    assert "Träffen blev inställd. Priset gäller ändå" in seen(client.get(f"/order/{order_of(signup).key}/"))
    change(course, status="planned")
    tend_signups()
    calls_off(course, change)
    assert questions(signup) == [notice]


def test_an_event_that_is_revived_and_cancelled_again_asks_nothing_new(course, change):
    signup = kept(course)
    for _time in range(2):
        calls_off(course, change)
        change(course, status="planned")
        tend_signups()
    assert len(questions(signup)) == 1


def test_what_is_judged_while_the_event_is_off_is_not_asked_about_anew(course, change, client):
    signup = bought(course, details=DETAILS)
    cancels(client, signup)
    calls_off(course, change)
    (notice,) = order_of(signup).withdrawals.all()
    operations.refuse_withdrawal(notice.pk, "Redan utrett.", actor="anna", now=NOON)
    tend_signups()
    assert not questions(signup)


def test_what_is_judged_once_it_is_on_again_is_asked_about_when_it_is_off_for_good(course, change, client):
    signup = bought(course, details=DETAILS)
    cancels(client, signup)
    calls_off(course, change)
    change(course, status="planned")
    (notice,) = order_of(signup).withdrawals.all()
    operations.refuse_withdrawal(notice.pk, "Avbokat för sent.", actor="anna", now=NOON)
    calls_off(course, change)
    assert len(questions(signup)) == 1


def test_what_is_judged_anew_once_it_is_on_again_is_asked_about_when_it_is_off_for_good(
    course, change, client
):
    signup = bought(course, details=DETAILS)
    cancels(client, signup)
    calls_off(course, change)
    (notice,) = order_of(signup).withdrawals.all()
    operations.refuse_withdrawal(notice.pk, "Redan utrett.", actor="anna", now=NOON)
    change(course, status="planned")
    operations.judge_anew(notice.pk, actor="anna", now=NOON)
    operations.refuse_withdrawal(notice.pk, "Avbokat för sent.", actor="anna", now=NOON)
    calls_off(course, change)
    assert len(questions(signup)) == 1


def test_a_doublet_that_is_laid_aside_while_the_event_is_off_answers_nothing_about_the_money(
    course, change, client
):
    signup = kept(course)
    doublet = withdraw(client, order_of(signup))
    calls_off(course, change)
    assert not questions(signup)
    operations.set_aside(doublet.pk, "Samma sak två gånger.", actor="anna", now=NOON)
    tend_signups()
    assert len(questions(signup)) == 1


def test_money_that_went_back_is_nobody_s_question(course, change, client):
    granted, sent = bought(course, details=DETAILS), kept(course, email="mona@bjorkvik.example")
    cancels(client, granted)
    grant(granted, order_of(granted).withdrawals.get())
    operations.send_back(
        order_of(sent).pk, key="kulans", amount=order_of(sent).held, reason="kulans", actor="eva", now=NOON
    )
    calls_off(course, change)
    assert not questions(granted)
    assert not questions(sent)


def test_an_invoice_that_is_still_asked_for_is_asked_about_too(course, change):
    signup = sign_up(course, wish(names=["Karin Ek"], email=KARIN, payer=signing_up.Payer(PRICE, DETAILS)))
    signing_up.cancel(signup.pk, actor=Actor.GUEST, now=NOON)
    operations.refuse_withdrawal(order_of(signup).withdrawals.get().pk, "För sent.", actor="anna", now=NOON)
    calls_off(course, change)
    grant(signup, *questions(signup))
    assert order_of(signup).invoices.get().state == "cancelled"


def test_an_order_that_has_closed_is_asked_about_and_stays_closed(course, change):
    signup = kept(course)
    later = NOON + timedelta(days=80)
    assert operations.close(order_of(signup).pk, now=later)
    calls_off(course, change)
    grant(signup, *questions(signup))
    order = order_of(signup)
    assert (order.state, [row.amount.ore for row in order.refunds.all()]) == ("closed", [PRICE])


def test_a_beat_without_anything_to_ask_costs_two_queries(course, change, django_assert_num_queries):
    for number in range(3):
        kept(course, email=f"gast{number}@bjorkvik.example")
    calls_off(course, change)
    with django_assert_num_queries(2):
        signing_up.ask_about_kept_money(now=NOON)
