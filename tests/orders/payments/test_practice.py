"""The practice payment of the demo: marked, complete, and nowhere else."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from orders.models import PracticeSession
from orders.payments import sweep
from orders.payments.begin import begin
from orders.payments.settle import settle_order
from tests.factories import NOON
from tests.orders.payments.conftest import attempts, fresh, placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return placed(lines={"SKRIFTEN": 30, "DET-GODA-VARDSKAPET": 1})


@pytest.fixture
def page(order):
    return begin(order, now=NOON)


def waiting_page(order):
    return f"/kassa/vantar/{order.key}/"


def test_the_page_says_what_it_is_and_names_the_sum(client, order, page):
    html = client.get(page).content.decode()
    assert page.startswith("/ovningsbetalning/")
    assert "Övningsbetalning – inga riktiga pengar" in html
    assert order.number in html
    assert (
        '<button class="btn" name="action" value="pay">Betala 1\N{NO-BREAK SPACE}719\N{NO-BREAK SPACE}kr</button>'
        in html
    )
    assert 'value="cancel">Avbryt</button>' in html


def test_paying_confirms_the_order_and_leads_back(client, order, page):
    answer = client.post(page, {"action": "pay"})
    assert (answer.status_code, answer.url) == (303, waiting_page(order))
    order = fresh(order)
    assert (order.state, order.payment_word, attempts(order)) == ("confirmed", "paid", ["succeeded"])


def test_paying_twice_is_paying_once(client, order, page):
    for _press in range(3):
        client.post(page, {"action": "pay"})
    assert [payment.amount_ore for payment in fresh(order).payments.all()] == [171_900]
    assert "redan betald" in client.get(page).content.decode()


def test_giving_up_leads_back_and_the_page_can_be_opened_again(client, order, page):
    answer = client.post(page, {"action": "cancel"})
    assert answer.url == f"{waiting_page(order)}?avbruten=1"
    assert (fresh(order).state, attempts(order)) == ("placed", ["open"])
    assert begin(order, now=NOON) == page


def test_a_page_that_was_closed_takes_no_money(client, order, page):
    sweep.lapse_due(now=NOON.replace(hour=23))
    client.post(page, {"action": "pay"})
    assert "hann gå ut" in client.get(page).content.decode()
    assert (fresh(order).state, fresh(order).payment_word) == ("cancelled", "unpaid")


def test_another_method_closes_the_first_page(client, order, page):
    assert begin(order, now=NOON, method="swish") != page
    client.post(page, {"action": "pay"})
    assert (fresh(order).payment_word, attempts(order)) == ("unpaid", ["expired", "open"])


def test_a_payment_that_nobody_reported_is_found(client, order, page):
    PracticeSession.objects.update(status="paid")
    assert settle_order(order, now=NOON).payment_word == "paid"


@pytest.mark.parametrize("fields", [{}, {"action": "steal"}, {"action": "\x00"}])
def test_other_buttons_do_nothing(client, order, page, fields):
    assert client.post(page, fields).status_code == 200
    assert fresh(order).payment_word == "unpaid"


def test_another_site_cannot_press_the_button(client, order, page):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(page, {"action": "pay"}, headers=headers).status_code == 403
    assert fresh(order).payment_word == "unpaid"


@pytest.mark.parametrize("name", ["ovning-0", "x" * 500, "%00", "å"])
def test_an_unknown_page_is_not_found(client, name):
    assert client.get(f"/ovningsbetalning/{name}/").status_code == 404


def test_the_page_is_not_there_when_money_is_real(client, order, page, settings):
    settings.PRACTICE_PAYMENTS = False
    assert client.get(page).status_code == 404
    assert client.post(page, {"action": "pay"}).status_code == 404
    assert PracticeSession.objects.get().status == "open"


# --- Settings -----------------------------------------------------------------------------------
def complaints() -> list[str]:
    return [
        found.id for found in run_checks(tags=["security"]) if found.id and found.id.startswith("orders.")
    ]


@pytest.mark.parametrize(
    ("practice", "demo", "key", "secret", "expected"),
    [
        (True, True, "", "", []),
        (True, False, "", "", ["orders.E001"]),
        (True, False, "sk", "whsec", ["orders.E001"]),
        (False, False, "", "", ["orders.E002"]),
        (False, True, "", "", ["orders.E002"]),
        (False, False, "sk", "", ["orders.E003"]),
        (False, True, "sk", "", ["orders.W001"]),
        (False, False, "sk", "whsec", []),
    ],
)
def test_production_refuses_practice_and_missing_keys(settings, practice, demo, key, secret, expected):
    settings.PRACTICE_PAYMENTS, settings.DEV_PAGES = practice, demo
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = key, secret
    assert complaints() == expected
