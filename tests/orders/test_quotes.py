"""Quotes: asked for, frozen to the öre, sent, accepted once by whoever has the link."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from notifications.letters import attachments
from notifications.mail import build
from notifications.models import Message
from orders import operations
from orders.models import Order, Quote, Standing
from orders.operations import Accepter, AlreadyAccepted, NotOpen, Placement
from orders.operations.addressing import stored
from orders.states import WrongState
from shop.limit_table import Limit
from shop.models import FreightPrice, Product, StockLevel
from shop.money import Money
from tests.factories import NOON, TODAY, CompanyFactory, FreightFactory, ProductFactory, TermsFactory, pay
from tests.shopping import KOMMUN, Shopper, fields, sums, text, title
from tests.staff import logged_in

pytestmark = pytest.mark.django_db

ASKER = {
    "organisation": "Björkviks kommun",
    "name": "Karin Ek",
    "email": "karin@bjorkvik.example",
    "reference": "4410",
}
ACCEPTER = {
    "accepter_name": "Ulla Berg",
    "accepter_email": "ulla@bjorkvik.example",
    "accepter_role": "enhetschef",
}
# Good through 23 December: that day ends at 23.00 UTC in winter.
LAST_MOMENT = datetime(2026, 12, 23, 22, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory(name="Hem", free_from_ore=None)
    ProductFactory(skriften=True)
    ProductFactory(material=True)


def shopper() -> Shopper:
    found = Shopper()
    found.put("SKRIFTEN", 30)
    found.put("VARDSKAP-I-PRAKTIKEN", 1)
    return found


def asked(**changes: str) -> Quote:
    """A quote asked for over HTTP."""
    someone = shopper()
    form = fields(someone.client.get("/offert/"))
    answer = someone.client.post("/offert/", {**form, **ASKER, **changes})
    assert answer.status_code == 303, text(answer)
    return Quote.objects.get()


def accept(quote: Quote, **changes: str):
    """The page of acceptance, opened, filled in and sent by another browser."""
    client = Client()
    address = f"/offert/{quote.key}/acceptera/"
    opened = fields(client.get(address))
    return client.post(address, {**opened, **KOMMUN, **ACCEPTER, **changes})


def letters(letter: str) -> list[Message]:
    return list(Message.objects.filter(letter=letter))


# --- Asking ---------------------------------------------------------------------------------------
def test_a_basket_becomes_a_numbered_quote_with_a_letter_and_takes_no_stock():
    quote = asked()
    assert re.fullmatch(r"OF-2026-\d{6}", quote.number or "")
    assert (quote.state, str(quote.valid_until)) == ("open", "2026-12-23")
    assert [(line.sku, line.quantity, line.unit_price_ore) for line in quote.lines.all()] == [
        ("SKRIFTEN", 30, 49_00),
        ("VARDSKAP-I-PRAKTIKEN", 1, 1_490_00),
    ]
    assert set(StockLevel.objects.values_list("reserved", flat=True)) == {0}
    (letter,) = letters("quote")
    assert letter.to == ASKER["email"]
    assert letter.about == quote.number
    assert letter.context["quote_url"].endswith(f"/offert/{quote.key}/")
    assert not Order.objects.exists()


def test_the_same_form_sent_twice_is_one_quote():
    someone = shopper()
    form = fields(someone.client.get("/offert/"))
    for _click in range(2):
        someone.client.post("/offert/", {**form, **ASKER})
    assert Quote.objects.count() == 1
    assert len(letters("quote")) == 1


def test_the_same_form_with_a_mended_address_is_sent_there_too():
    someone = shopper()
    form = fields(someone.client.get("/offert/"))
    for email in ("karin@bjorkvik.exmaple", "karin@bjorkvik.example", "karin@bjorkvik.example"):
        answer = someone.client.post("/offert/", {**form, **ASKER, "email": email})
    assert f"Offerten är skickad till {email}" in text(someone.follow(answer))
    assert sorted(letter.to for letter in letters("quote")) == [email, "karin@bjorkvik.exmaple"]


def test_what_is_gone_or_sold_out_is_told_before_anything_is_quoted():
    StockLevel.objects.filter(product__sku="SKRIFTEN").update(on_hand=0)
    someone = shopper()
    form = fields(opened := someone.client.get("/offert/"))
    assert "Skriften om värdskap är slut just nu." in text(opened)
    Product.objects.filter(sku="SKRIFTEN").update(active=False)
    answer = someone.client.post("/offert/", {**form, **ASKER})
    assert answer.status_code == 422
    assert "Skriften om värdskap säljs inte längre." in text(answer)
    assert fields(answer)["email"] == ASKER["email"]
    assert not Quote.objects.exists()
    assert someone.client.post("/offert/", {**form, **ASKER}).status_code == 303
    assert [line.sku for line in Quote.objects.get().lines.all()] == ["VARDSKAP-I-PRAKTIKEN"]


def test_an_empty_basket_has_nothing_to_quote():
    for answer in (Client().get("/offert/"), Client().post("/offert/", ASKER)):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/varukorg/")


def test_each_field_that_lacks_says_so_and_keeps_what_was_typed():
    someone = shopper()
    answer = someone.client.post(
        "/offert/", {"organisation": "Björkvik", "email": "karin", "name": "x" * 10_000}
    )
    assert answer.status_code == 422
    assert title(answer).startswith("Fel:")
    assert "Skriv hela e-postadressen" in text(answer)
    assert fields(answer)["organisation"] == "Björkvik"
    assert not Quote.objects.exists()


def test_the_pdf_names_number_validity_reference_and_both_sums():
    quote = Quote.objects.whole().get(pk=asked().pk)
    (letter,) = letters("quote")
    (file,) = attachments("quote", letter.context)
    assert file.name == f"Offert-{quote.number}.pdf"
    reader = PdfReader(BytesIO(file.content))
    words = " ".join(page.extract_text() for page in reader.pages).replace("\xa0", " ")
    for told in (str(quote.number), "23 december 2026", "4410", "Björkviks kommun", "Totalt exkl. moms"):
        assert told in words
    assert quote.total.exact().replace("\xa0", " ") in words
    totals = quote.totals
    for place, line in enumerate(quote.priced().lines):
        for money in (line.unit_net, totals.line_net(place), line.gross):
            assert money.exact().replace("\xa0", " ") in words
    for money in (totals.freight_net, totals.net, totals.vat, *(rate.vat for rate in totals.rates)):
        assert money.exact().replace("\xa0", " ") in words
    assert "/MarkInfo" in str(reader.trailer["/Root"])


# --- Reading --------------------------------------------------------------------------------------
def test_anyone_with_the_link_reads_it_and_nobody_with_another_key():
    quote = asked()
    page = Client().get(f"/offert/{quote.key}/")
    assert page.status_code == 200
    assert "Priset gäller till och med 23 december 2026" in text(page)
    assert page.headers["X-Robots-Tag"] == "noindex"
    for key in (quote.key[:-1] + "x", str(quote.pk), quote.number):
        for rest in ("", "offert.pdf", "acceptera/"):
            assert Client().get(f"/offert/{key}/{rest}").status_code == 404


def test_the_page_shows_rows_and_sums_without_vat_to_who_chose_so_and_nets_add_up():
    quote = Quote.objects.whole().get(pk=asked().pk)
    someone = Client()
    assert "Att betala" in sums(someone.get(f"/offert/{quote.key}/"))
    someone.cookies["moms"] = "exkl"
    page = someone.get(f"/offert/{quote.key}/")
    shown, totals = sums(page), quote.totals
    assert shown["Varor exkl. moms"] == totals.goods_net.exact().replace("\xa0", " ")
    assert shown["Att betala inkl. moms"] == quote.total.exact().replace("\xa0", " ")
    nets = [totals.line_net(place) for place in range(2)]
    assert sum(net.ore for net in nets) == totals.goods_net.ore
    assert all(net.exact().replace("\xa0", " ") in text(page) for net in nets)


def test_the_pdf_is_there_for_whoever_has_the_link():
    quote = asked()
    answer = Client().get(f"/offert/{quote.key}/offert.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


# --- Accepting ------------------------------------------------------------------------------------
def test_another_person_accepts_at_the_quoted_price_though_the_catalogue_has_changed():
    quote = asked()
    Product.objects.update(price_ore=999_00, name="Nytt namn", active=False)
    Product.objects.get(sku="SKRIFTEN").price_steps.all().delete()
    answer = accept(quote, email="ulla@bjorkvik.example", name="Ulla Berg")
    order = Order.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/order/{order.key}/")
    assert (order.state, order.total, order.quote) == ("confirmed", quote.total, quote)
    assert [(line.name, line.gross_ore) for line in order.lines.all()] == [
        (line.name, line.gross_ore) for line in quote.lines.all()
    ]
    quote.refresh_from_db()
    assert (quote.state, quote.accepter_name, quote.accepter_role) == ("accepted", "Ulla Berg", "enhetschef")
    assert [letter.to for letter in letters("quote-accepted")] == [ASKER["email"]]
    assert letters("order-confirmation")[0].context["quote_number"] == quote.number


def test_who_says_yes_gets_a_letter_though_the_orders_own_go_to_who_asked():
    quote = asked()
    accept(quote, email=ASKER["email"], accepter_email="goran@bjorkvik.example", accepter_name="Göran Chef")
    (letter,) = letters("quote-accepted")
    assert (letter.to, letter.context["to_accepter"]) == ("goran@bjorkvik.example", True)


def test_every_frozen_ore_of_vat_is_the_quotes():
    quote = Quote.objects.whole().get(pk=asked().pk)
    accept(quote)
    order = Order.objects.whole().get()
    assert [(p.percent, p.gross_ore, p.net_ore) for p in order.vat_parts.all()] == [
        (p.percent, p.gross_ore, p.net_ore) for p in quote.vat_parts.all()
    ]
    assert sum(part.gross_ore for part in order.vat_parts.all()) == order.total.ore


def test_stock_is_taken_when_it_is_accepted_and_a_shortage_is_told_with_everything_kept():
    quote = asked()
    level = StockLevel.objects.get(product__sku="SKRIFTEN")
    StockLevel.objects.filter(pk=level.pk).update(on_hand=29)
    answer = accept(quote)
    assert answer.status_code == 409
    assert "Det finns 29 kvar av Skriften om värdskap" in text(answer)
    assert fields(answer)["accepter_name"] == "Ulla Berg"
    assert Quote.objects.get().state == "open"
    StockLevel.objects.filter(pk=level.pk).update(on_hand=30)
    assert accept(quote).status_code == 303
    assert StockLevel.objects.get(pk=level.pk).reserved == 30


def test_a_double_click_goes_where_the_first_went_and_a_stranger_is_told_who_was_first():
    quote = asked()
    first, second = accept(quote), accept(quote)
    assert first.headers["Location"] == second.headers["Location"]
    third = accept(quote, accepter_name="Per", accepter_email="per@annan.example")
    assert third.status_code == 409
    assert "Ulla Berg, enhetschef, har accepterat offerten" in text(third)
    assert Order.objects.get().key not in third.content.decode()
    assert Order.objects.count() == 1


def test_it_is_good_through_its_last_day_in_stockholm_and_not_a_second_longer():
    quote = asked()
    with time_machine.travel(LAST_MOMENT, tick=False):
        assert "Acceptera offerten" in text(Client().get(f"/offert/{quote.key}/"))
    with time_machine.travel(LAST_MOMENT + timedelta(seconds=1), tick=False):
        page = Client().get(f"/offert/{quote.key}/")
        assert "Offerten gällde till och med 23 december 2026" in text(page)
        assert "Be om en ny" in text(page)
        assert Client().get(f"/offert/{quote.key}/acceptera/").status_code == 303
        answer = Client().post(f"/offert/{quote.key}/acceptera/", {**KOMMUN, **ACCEPTER})
        assert answer.status_code == 409
        assert "Be om en ny" in text(answer)
    assert not Order.objects.exists()
    with time_machine.travel(LAST_MOMENT, tick=False):
        assert accept(quote).status_code == 303


def test_a_new_one_begins_in_the_basket_at_todays_prices():
    quote = asked()
    someone = Shopper()
    page = someone.follow(someone.client.post(f"/offert/{quote.key}/ny/"))
    assert "Samma varor ligger i korgen, till dagens pris." in text(page)
    assert {sku: row.quantity for sku, row in someone.basket.rows.items()} == {
        "SKRIFTEN": 30,
        "VARDSKAP-I-PRAKTIKEN": 1,
    }


def test_an_order_by_card_that_lapsed_leaves_the_quote_for_another_try():
    quote = asked()
    assert "/ovningsbetalning/" in accept(quote, payment="card").headers["Location"]
    order = Order.objects.get()
    operations.cancel(order.pk, actor="systemet", cause="Betalningen kom inte i tid", now=NOON)
    assert accept(quote).status_code == 303
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "confirmed"]


def test_a_quote_whose_order_was_called_off_is_offered_again_and_may_be_withdrawn():
    quote = asked()
    accept(quote, payment="card")
    operations.lapse(Order.objects.get().pk, now=NOON + timedelta(minutes=31))
    page = Client().get(f"/offert/{quote.key}/")
    assert f"/offert/{quote.key}/acceptera/" in page.content.decode()
    for word in Standing:
        assert Quote.objects.standing(word, TODAY).exists() == (word == Standing.OPEN)
    with time_machine.travel(LAST_MOMENT + timedelta(seconds=1), tick=False):
        assert "Be om en ny" in text(Client().get(f"/offert/{quote.key}/"))
    operations.prolong_quote(
        quote.pk, valid_until=quote.valid_until + timedelta(days=1), actor="maja", now=NOON
    )
    operations.withdraw_quote(quote.pk, actor="maja", cause="fel pris", now=NOON)
    assert accept(quote).status_code == 409
    assert Order.objects.count() == 1


def test_each_change_of_the_last_day_is_told_also_back_to_one_that_it_has_had():
    quote = asked()
    days = [quote.valid_until + timedelta(days=30), quote.valid_until]
    for day in days:
        for _press in range(2):
            operations.prolong_quote(quote.pk, valid_until=day, actor="maja", now=NOON)
    assert Message.objects.filter(letter="quote").count() == 1 + len(days)


@pytest.mark.usefixtures("few_tries")
def test_to_accept_and_call_off_again_and_again_opens_no_more_payment_pages_than_other_ways():
    quote = asked()
    for _try in range(3):
        assert accept(quote, payment="card", accepter_email="ny@annan.example").status_code == 303
        operations.abandon(Order.objects.latest("pk").pk, now=NOON)
    stopped = accept(quote, payment="card", accepter_email="annan@annan.example")
    assert (stopped.status_code, fields(stopped)["accepter_name"]) == (429, "Ulla Berg")
    assert Order.objects.count() == 3


@pytest.fixture
def few_tries(settings):
    settings.LIMITS = {**settings.LIMITS, "payment-email": Limit(3, timedelta(hours=1))}


def test_late_money_for_a_lapsed_order_does_not_make_two_orders_of_one_quote():
    quote = asked()
    accept(quote, payment="card")
    lapsed = Order.objects.get()
    operations.lapse(lapsed.pk, now=NOON + timedelta(minutes=31))
    accept(quote)
    pay(lapsed, ore=lapsed.total.ore)
    lapsed.refresh_from_db()
    assert (lapsed.state, lapsed.refunds.get().amount_ore) == ("cancelled", lapsed.total.ore)
    assert [letter.context["why"] for letter in letters("late-money")] == ["too-late"]
    assert Order.objects.get(state="confirmed").quote == quote


def test_the_checkouts_rules_hold_for_the_accepter_too():
    quote = asked()
    answer = accept(quote, organisation_number="1", postal_code="", accepter_role="")
    assert answer.status_code == 422
    for sentence in ("Kontrollera organisationsnumret", "Skriv postnumret", "Skriv din roll"):
        assert sentence in text(answer)
    assert not Order.objects.exists()


# --- Several addresses ----------------------------------------------------------------------------
ROWS = "Skolan\tEva Ek\tSkolgatan 1\t531 32\tBjörkvik\t10\t0\nBiblioteket\tBo Al\tTorget 2\t11122\tStockholm\t20\t1"


def test_a_quote_to_several_addresses_has_their_freight_and_its_order_goes_there_whoever_accepts():
    quote = Quote.objects.whole().get(pk=asked(deliveries=ROWS).pk)
    assert quote.freight == Money(49_00 + 99_00)
    assert [row.address_lines[1] for row in quote.deliveries.all()] == ["Skolan", "Biblioteket"]
    FreightPrice.objects.update(price_ore=500_00)
    accept(quote, name="Ulla Berg", address_line1="Stadshuset", deliveries="Annan\tX\tY\t11122\tZ\t30\t1")
    order = Order.objects.get()
    assert (order.state, order.total, order.freight_ore) == ("confirmed", quote.total, 148_00)
    assert stored(order.deliveries.all(), order.lines.all()) == stored(
        quote.deliveries.all(), quote.lines.all()
    )
    parcels = {
        parcel.address_lines[1]: sorted((row.line.sku, row.quantity) for row in parcel.lines.all())
        for parcel in order.shipments.all()
    }
    assert parcels == {
        "Skolan": [("SKRIFTEN", 10)],
        "Biblioteket": [("SKRIFTEN", 20), ("VARDSKAP-I-PRAKTIKEN", 1)],
    }


def test_the_addresses_stand_on_page_acceptance_letter_pdf_and_the_staffs_page():
    quote = asked(deliveries=ROWS)
    (letter,) = letters("quote")
    pdf = PdfReader(BytesIO(attachments("quote", letter.context)[0].content))
    maja = logged_in("orders.view_order")
    shown = {
        "page": text(Client().get(f"/offert/{quote.key}/")),
        "acceptance": text(Client().get(f"/offert/{quote.key}/acceptera/")),
        "letter": str(build(letter).body),
        "html": str(build(letter).alternatives[0][0]),
        "pdf": " ".join(page.extract_text() for page in pdf.pages),
        "staff": text(maja.get(f"/admin/offerter/{quote.number}/")),
    }
    for where, words in shown.items():
        for told in ("Skolgatan 1", "Biblioteket", "20 × Skriften om värdskap"):
            assert told in words.replace("\xa0", " "), (where, told)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        (ROWS.replace("531 32", "5313"), "1 rad i adresslistan behöver rättas"),
        (ROWS.replace("\t20\t1", "\t21\t1"), "Listan har 31 av Skriften om värdskap, men varukorgen 30."),
    ],
)
def test_a_list_that_cannot_be_used_is_told_and_nothing_is_quoted(pasted, sentence):
    someone = shopper()
    form = fields(someone.client.get("/offert/"))
    answer = someone.client.post("/offert/", {**form, **ASKER, "deliveries": pasted})
    assert (answer.status_code, fields(answer)["deliveries"]) == (422, pasted)
    assert sentence in text(answer).replace("\xa0", " ")
    assert not Quote.objects.exists()


def test_looking_at_the_addresses_quotes_nothing_and_the_basket_may_take_the_lists_numbers():
    someone = shopper()
    form = {
        **fields(someone.client.get("/offert/")),
        **ASKER,
        "deliveries": ROWS.replace("\t20\t1", "\t25\t1"),
    }
    looked = someone.client.post("/offert/", {**form, "do": "review"})
    assert "Listan har 35 av Skriften" in text(looked).replace("\xa0", " ")
    assert fields(looked)["checkout_key"] == form["checkout_key"]
    taken = someone.client.post("/offert/", {**form, "do": "take"})
    assert "2 adresser." in text(taken)
    assert someone.basket.rows["SKRIFTEN"].quantity == 35
    assert not Quote.objects.exists()
    assert someone.client.post("/offert/", form).status_code == 303


def test_the_same_form_with_other_addresses_is_another_quote():
    someone = shopper()
    form = {**fields(someone.client.get("/offert/")), **ASKER}
    for pasted in ("", ROWS, ROWS):
        someone.client.post("/offert/", {**form, "deliveries": pasted})
    assert sorted(quote.deliveries.count() for quote in Quote.objects.all()) == [0, 2]


# --- By staff -------------------------------------------------------------------------------------
def test_a_withdrawn_quote_cannot_be_accepted_and_an_accepted_one_not_withdrawn():
    quote = asked()
    operations.withdraw_quote(quote.pk, actor="maja", cause="fel pris", now=NOON)
    operations.withdraw_quote(quote.pk, actor="maja", cause="fel pris", now=NOON)
    assert quote.steps.filter(new="withdrawn").count() == 1
    (letter,) = letters("quote-withdrawn")
    assert (letter.to, letter.about) == (ASKER["email"], quote.number)
    mail = build(letter)
    assert mail.subject == f"Offert {quote.number} är återkallad"
    for words in (str(mail.body), str(mail.alternatives[0][0])):
        assert "Den kan inte accepteras längre" in words
        assert "fel pris" not in words
        assert "Att betala" not in words
    with pytest.raises(NotOpen):
        operations.accept_quote(quote.pk, placement(), Accepter("U", "u@b.example", "chef"), now=NOON)
    assert "Vi har tagit tillbaka offerten" in text(Client().get(f"/offert/{quote.key}/"))


def test_an_accepted_quote_is_neither_withdrawn_nor_prolonged():
    quote = asked()
    accept(quote)
    with pytest.raises(WrongState):
        operations.withdraw_quote(quote.pk, actor="maja", cause="ångrade oss", now=NOON)
    with pytest.raises(WrongState):
        operations.prolong_quote(quote.pk, valid_until=quote.valid_until, actor="maja", now=NOON)
    with pytest.raises(AlreadyAccepted):
        operations.accept_quote(quote.pk, placement(), Accepter("U", "u@b.example", "chef"), now=NOON)


def test_another_last_day_is_told_once_in_a_letter():
    quote = asked()
    for _click in range(2):
        operations.prolong_quote(
            quote.pk, valid_until=quote.valid_until + timedelta(days=10), actor="maja", now=NOON
        )
    assert sorted(letter.context["valid_until"] for letter in letters("quote")) == [
        "2 januari 2027",
        "23 december 2026",
    ]


def placement() -> Placement:
    details = {
        "buyer": "public",
        "name": "Ulla Berg",
        "email": "ulla@bjorkvik.example",
        "phone": "+46701234567",
        "address_line1": "Storgatan 12",
        "postal_code": "53132",
        "city": "Björkvik",
    }
    return Placement("", "invoice", details)


def test_a_key_that_came_with_a_form_never_names_another_order():
    quote = asked()
    other = Shopper()
    other.put("SKRIFTEN", 1)
    other.order(KOMMUN)
    theirs = Order.objects.get()
    accept(quote, checkout_key=theirs.checkout_key)
    assert Order.objects.count() == 2
    assert Order.objects.exclude(pk=theirs.pk).get().total == quote.total
    assert theirs.total != quote.total
    assert quote.total > Money(0)
