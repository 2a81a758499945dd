"""Ångra avtalet: two steps, no log-in, one notice, one receipt."""

from __future__ import annotations

from time import process_time

import pytest
import time_machine
from django.test import Client

from notifications.models import Message
from orders.models import Withdrawal
from orders.operations.stating import PER_HOUR
from tests.factories import NOON, CompanyFactory, FreightFactory, OrderFactory
from tests.orders.payments.conftest import at_once
from tests.shopping import fields, text, title

pytestmark = pytest.mark.django_db

STATED = {"name": "Karin Ek", "order_number": "VS-2026-000123", "email": "karin@bjorkvik.example", "rows": ""}


@pytest.fixture(autouse=True)
def shop():
    CompanyFactory()
    FreightFactory()


def confirm(client: Client, **changes: str):
    return client.post("/angra/bekrafta/", {**STATED, **changes})


def test_from_the_link_to_the_receipt_in_two_steps(client):
    assert "Ångra avtalet" in title(client.get("/angra/"))
    step = client.post("/angra/", STATED)
    assert "VS-2026-000123" in text(step)
    assert "Bekräfta frånträde" in text(step)
    assert not Withdrawal.objects.exists(), "the first step is no notice"
    with time_machine.travel("2026-11-23T11:00:00Z", tick=False):
        receipt = client.post("/angra/bekrafta/", fields(step))
    assert "Mottaget måndag 23 november 2026 kl. 12.00" in text(receipt)
    assert Withdrawal.objects.get().email == STATED["email"]
    assert not client.cookies


def test_the_letter_is_written_with_the_notice(client):
    confirm(client, rows="1 × Det goda värdskapet")
    notice, letter = Withdrawal.objects.get(), Message.objects.get()
    assert (letter.letter, letter.key, letter.to) == ("withdrawal-receipt", notice.key, STATED["email"])
    assert letter.context == {
        **STATED,
        "rows": "1 × Det goda värdskapet",
        "received_at": notice.received_at.isoformat(),
    }


def test_the_same_notice_twice_is_one(client):
    first, second = confirm(client), confirm(client)
    assert text(first) == text(second)
    assert (Withdrawal.objects.count(), Message.objects.count()) == (1, 1)
    confirm(client, rows="bara boken")
    assert Withdrawal.objects.count() == 2


def test_a_known_and_an_unknown_number_get_the_same_answer(client):
    order = OrderFactory(paid=True)
    with time_machine.travel("2026-11-23T11:00:00Z", tick=False):
        known = text(confirm(client, order_number=f" {str(order.number).lower()} "))
        unknown = text(confirm(client))
    assert known.replace(str(order.number).lower(), "N") == unknown.replace(STATED["order_number"], "N")
    assert Withdrawal.objects.get(order=order)
    assert order.history.filter(machine="withdrawal").count() == 1


def test_who_comes_from_the_order_page_need_not_write_what_we_know(client):
    order = OrderFactory()
    filled = fields(client.get(f"/angra/?order={order.key}"))
    known = {"name": order.name, "order_number": order.number, "email": order.email, "order": order.key}
    assert filled == {**known, "row-0": "1"}
    for key in ("nix", "%00", "x" * 5000):
        assert fields(client.get(f"/angra/?order={key}"))["name"] == ""


def test_the_receipt_leads_back_to_the_order_for_who_came_from_it_and_for_nobody_else(client):
    order = OrderFactory(paid=True)
    stated = {"name": order.name, "order_number": str(order.number), "email": order.email}
    assert f'href="/order/{order.key}/"' not in confirm(client, **stated).content.decode()
    own = confirm(client, **stated, order=order.key, **{"row-0": "1"})
    assert f'href="/order/{order.key}/"' in own.content.decode()


@pytest.mark.parametrize("step", ["/angra/", "/angra/bekrafta/"])
@pytest.mark.parametrize("field", ["name", "order_number", "email", "rows"])
@pytest.mark.parametrize(
    "value", ["\x00", "x" * 100_000, "\x07", "\u202ex"], ids=["null", "long", "bell", "turned"]
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(client, step, field, value):
    answer = client.post(step, {**STATED, field: value})
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    assert fields(answer)[field] == value.replace("\x00", "")
    assert not Withdrawal.objects.exists()


def test_a_mountain_of_accents_costs_no_time(client):
    """Composed before it was measured, this held the process for half a minute."""
    begun = process_time()
    answer = client.post("/angra/", {**STATED, "name": "a" + "\u0301\u0316" * 100_000})
    assert answer.status_code == 422
    assert process_time() - begun < 3


def test_nothing_written_is_asked_for_by_name(client):
    page = text(client.post("/angra/", {}))
    assert "Tre saker behöver rättas" in page
    for sentence in (
        "Skriv ditt namn",
        "Skriv ordernumret, till exempel VS-2026-000123",
        "Skriv hela e-postadressen",
    ):
        assert sentence in page


def test_what_was_stated_can_be_changed_before_confirming(client):
    page = client.post("/angra/", {**STATED, "change": "1"})
    assert page.status_code == 200
    assert fields(page)["name"] == "Karin Ek"


def test_a_flood_from_one_address_is_slowed_and_told_what_to_do(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    for number in range(PER_HOUR):
        assert confirm(client, order_number=f"VS-{number}").status_code == 200
    answer = confirm(client, order_number="VS-99")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "Prova igen om en timme, eller ring oss, så tar vi emot din ånger direkt." in text(answer)
    assert "Det gick inte den här gången" in text(answer)
    assert confirm(client, order_number="VS-1").status_code == 200, "what was received stays received"
    assert confirm(client, email="annan@bjorkvik.example").status_code == 200


def test_names_of_one_inbox_are_no_way_round(client):
    for number in range(PER_HOUR):
        assert confirm(client, email=f"Karin+{number}@bjorkvik.example").status_code == 200
    assert confirm(client, email="karin+99@Bjorkvik.example").status_code == 429
    assert confirm(client, email="xkarin@bjorkvik.example").status_code == 200


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_flood_all_at_once_is_no_more():
    flood = [lambda no=no: confirm(Client(), order_number=f"VS-{no}").status_code for no in range(25)]
    answers = at_once(*flood)
    assert (answers.count(200), answers.count(429)) == (PER_HOUR, 15)
    assert Withdrawal.objects.count() == PER_HOUR


def test_the_confirming_address_shows_the_form_to_who_only_looks(client):
    answer = client.get("/angra/bekrafta/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/angra/")


def test_markup_in_a_notice_is_text(client):
    answer = confirm(client, name="<script>alert(1)</script>", rows="<b>\nallt")
    assert b"<script>alert" not in answer.content
    assert b"<b>\n" not in answer.content


# --- From the buyer's own order ---------------------------------------------------------------------
def own(order, **changes: str) -> dict[str, str]:
    known = {"name": order.name, "order_number": str(order.number), "email": order.email, "order": order.key}
    return {**known, **changes}


BOTH = {"SKRIFTEN": 3, "DET-GODA-VARDSKAPET": 1}


def test_rows_are_chosen_by_number_and_read_back_in_words(client):
    order = OrderFactory(lines=BOTH, paid=True)
    assert "Hur många ångrar du av varje?" in text(client.get(f"/angra/?order={order.key}"))
    step = client.post("/angra/", own(order, **{"row-0": "2", "row-1": "0"}))
    assert "2 × Skriften om värdskap" in text(step)
    assert not Withdrawal.objects.exists()
    client.post("/angra/bekrafta/", fields(step))
    assert Withdrawal.objects.get().rows == "2 × Skriften om värdskap"


def test_all_of_every_row_is_the_whole_order(client):
    order = OrderFactory(lines=BOTH, paid=True)
    client.post("/angra/bekrafta/", own(order, **{"row-0": "3", "row-1": "1"}))
    assert Withdrawal.objects.get().rows == ""


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (("0", "0"), "Skriv hur många du ångrar, på minst en rad."),
        (("", ""), "Skriv hur många du ångrar, på minst en rad."),
        (("4", "1"), "Skriv ett antal från 0 till 3."),
        (("-1", "1"), "Skriv ett antal från 0 till 3."),
        (("två", "1"), "Skriv ett antal från 0 till 3."),
        (("9" * 10_000, "1"), "Skriv högst 7 tecken"),
        (("\u00b2", "1"), "Skriv ett antal från 0 till 3."),
    ],
)
def test_a_number_that_is_none_comes_back_with_a_sentence(client, numbers, sentence):
    order = OrderFactory(lines=BOTH, paid=True)
    answer = client.post("/angra/", own(order, **{"row-0": numbers[0], "row-1": numbers[1]}))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert fields(answer)["row-0"] == numbers[0]


def test_a_key_that_is_nobodys_only_loses_the_help(client):
    answer = confirm(client, order="nix", rows="boken", **{"row-0": "1"})
    assert answer.status_code == 200
    assert Withdrawal.objects.get().rows == "boken"


def test_the_order_letter_leads_to_the_form_filled_in():
    order = OrderFactory(paid=True)
    link = Message.objects.get(letter="order-confirmation").context["withdraw_url"]
    assert link.endswith(f"/angra/?order={order.key}")
