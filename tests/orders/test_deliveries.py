"""Several delivery addresses, pasted: read in every reasonable form, each bad row named, priced and sent apart."""

from __future__ import annotations

from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.mail import build
from notifications.models import Message
from orders import deliveries
from orders.models import Delivery, Order
from shop import pricing
from shop.basket import Basket, Row
from tests.factories import TODAY, CompanyFactory, FreightFactory, ProductFactory, TermsFactory
from tests.shopping import KARIN, KOMMUN, Shopper, fields, sums, text

pytestmark = pytest.mark.django_db

TWO = "Skolan\tEva Ek\tSkolgatan 1\t531 32\tBjörkvik\t10\nBiblioteket\tBo Al\tTorget 2\t11122\tStockholm\t20"


@pytest.fixture(scope="module", autouse=True)
def shelf(standing):
    standing(fill_the_shelf)


def fill_the_shelf():
    CompanyFactory()
    TermsFactory()
    FreightFactory(name="Hem", free_from_ore=None)
    ProductFactory(skriften=True)
    ProductFactory(book=True)


def goods(**quantities: int) -> list[pricing.Line]:
    wanted = {
        sku.replace("_", "-"): Row(number, 0) for sku, number in (quantities or {"SKRIFTEN": 30}).items()
    }
    return pricing.price(Basket(wanted, "k"), today=TODAY).lines


def read(pasted: str, **quantities: int) -> deliveries.Sheet:
    return deliveries.read(pasted, goods(**quantities))


def rows(sheet: deliveries.Sheet) -> list[tuple[str, str, str, dict[str, int]]]:
    return [(row.unit or row.name, row.postal_code, row.city, dict(row.copies)) for row in sheet.addresses]


GOOD = [
    ("Skolan", "53132", "Björkvik", {"SKRIFTEN": 10}),
    ("Biblioteket", "11122", "Stockholm", {"SKRIFTEN": 20}),
]


# --- Every reasonable form ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "pasted",
    [
        TWO,
        TWO.replace("\t", ";"),
        TWO.replace("\t", ","),
        TWO.replace("\t", ", "),
        TWO.replace("\n", "\r\n") + "\r\n\r\n",
        "\ufeff" + TWO,
        "\n \n" + TWO.replace("\n", "\n\t\t\t\t\t\n"),
        TWO.replace(" ", "\xa0"),
        "Enhet\tNamn\tGatuadress\tPostnummer\tOrt\tAntal\n" + TWO,
        "ENHET;MOTTAGARE;ADRESS;POSTNR;POSTORT;SKRIFTEN\n" + TWO.replace("\t", ";"),
        TWO.replace("Skolan", '"Skolan"').replace("Skolgatan 1", '"Skolgatan 1"'),
        TWO.replace("\t10", "\t10 st").replace("\t20", "\t20,0"),
        TWO.replace("531 32", "SE-531 32"),
    ],
)
def test_rows_are_read_however_they_were_copied(pasted):
    sheet = read(pasted)
    assert (sheet.faults, sheet.wrong) == ([], "")
    assert rows(sheet) == GOOD


def test_a_first_row_with_names_may_put_the_columns_in_another_order_and_hold_more_of_them():
    sheet = read("Antal,Id,Ort,Postnummer,Gata,Namn\n30,7,Björkvik,53132,Skolgatan 1,Eva Ek")
    assert rows(sheet) == [("Eva Ek", "53132", "Björkvik", {"SKRIFTEN": 30})]


def test_a_quoted_cell_may_hold_the_separator_quotes_and_a_line_break():
    pasted = '"Skolan, ""Norra""";Eva;"Skolgatan 1\nUppgång B";53132;Björkvik;30'
    (row,) = read(pasted).addresses
    assert (row.unit, row.address_line1) == ('Skolan, "Norra"', "Skolgatan 1 Uppgång B")


def test_a_quote_that_never_ends_spoils_its_own_row_only():
    sheet = read(
        '"Skolan;Eva;Gatan 1;53132;Ort;10\n' + TWO.replace("\t", ";") + "\n" + "x;y;Gatan 3;53132;Ort;1"
    )
    assert len(sheet.addresses) >= 3


def test_a_quote_too_many_in_two_rows_does_not_make_one_address_of_them():
    sheet = read('"Skolan;Eva;Gatan 1;53132;Ort;10\n"Biblioteket;Bo;Gatan 2;53132;Ort;20')
    assert [row.name for row in sheet.addresses] == ["Eva", "Bo"]


def test_several_products_have_a_column_each_in_the_baskets_order_or_by_name():
    both = {"SKRIFTEN": 30, "DET_GODA_VARDSKAPET": 2}
    plain = read(TWO + "\t2", **both)
    named = read("Enhet\tNamn\tGata\tPostnr\tOrt\tDet goda värdskapet\tSkriften\n" + TWO, **both)
    assert [dict(row.copies) for row in plain.addresses] == [
        {"SKRIFTEN": 10},
        {"SKRIFTEN": 20, "DET-GODA-VARDSKAPET": 2},
    ]
    assert (plain.wrong, named.refusal) == ("", "")


# --- Bad rows -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Skolan;Eva;Skolgatan 1;5313;Björkvik;10", "Skriv postnumret med fem siffror"),
        ("Skolan;Eva;;53132;Björkvik;10", "Gatuadressen saknas"),
        ("Skolan;Eva;Skolgatan 1;53132;;10", "Orten saknas"),
        ("Skolan;Eva;Skolgatan 1;;Björkvik;10", "Postnumret saknas"),
        (";;Skolgatan 1;53132;Björkvik;10", "Enhet eller namn saknas"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;0", "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;5001", "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;-3", "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;" + "9" * 500, "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;1.000", "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;1,5", "ska vara mellan 1 och 5 000"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik;½", "ska vara mellan 1 och 5 000"),
        ("Skolan Eva Skolgatan 1", "Raden har bara 1 kolumn men ska ha 6"),
        ("Skolan;Eva;Skolgatan 1;53132;Björkvik", "Raden har 5 kolumner men ska ha 6: enhet, namn,"),
        ("Skolan;Eva;Skolgatan 1;Uppg B;53132;Björkvik;10", "Raden har 7 kolumner men ska ha 6"),
        ("Skolan;Eva;Skolgatan 1;53132;MalmÃ¶;10", "Å, ä och ö har blivit fel tecken: MalmÃ¶"),
        ("Skolan;Eva;Skolgatan 1;53132;Malm\ufffd;10", "Å, ä och ö har blivit fel tecken"),
        ("Skolan;E\x00va;Skolgatan 1;53132;Björkvik;10", "tecken som inte syns"),
        ("Sko\u202elan;Eva;Skolgatan 1;53132;Björkvik;10", "tecken som inte syns"),
        ("x" * 121 + ";Eva;Skolgatan 1;53132;Björkvik;10", "Skriv högst 120 tecken"),
        ("x" * 3000 + ";Eva;Skolgatan 1;53132;Björkvik;10", "för lång"),
    ],
)
def test_each_bad_row_is_named_by_its_line_and_what_is_wrong(row, sentence):
    sheet = read("\n" + TWO.replace("\t", ";") + "\n" + row)
    (fault,) = sheet.faults
    assert fault.row == 4
    assert sentence in " ".join(fault.sentences).replace("\xa0", " ")
    assert sheet.wrong == "1 rad i adresslistan behöver rättas"
    assert len(sheet.addresses) == 2


def test_a_first_row_that_lacks_columns_is_told_which():
    sheet = read("Enhet\tOrt\tAntal\nSkolan\tBjörkvik\t3")
    assert sheet.wrong == (
        "Rubrikraden saknar: gatuadress, postnummer. Rätta den, eller ta bort den och följ ordningen ovan."
    )


def test_two_columns_for_the_same_are_told_since_one_of_them_would_be_lost():
    sheet = read("Förvaltning\tEnhet\tGata\tPostnr\tOrt\tAntal\nUtbildning\tSkolan\tG 1\t53132\tBjörkvik\t30")
    assert sheet.wrong.startswith("Rubrikraden har flera kolumner för samma sak: Förvaltning, Enhet.")


def test_five_thousand_lines_are_one_sentence():
    sheet = read("\n".join(["Skolan;Eva;Skolgatan 1;53132;Björkvik;1"] * 5000))
    assert sheet.wrong.replace("\xa0", " ").startswith("Listan har 5 000 rader, och högst 500 adresser ryms")
    assert (sheet.addresses, sheet.faults) == ((), ())


A_ROW = "Skolan;Eva;Skolgatan 1;53132;Björkvik;1"


@pytest.mark.parametrize(
    "pasted",
    [
        "\n".join([A_ROW] * 5000),
        "\n".join([A_ROW.replace(";", "\t")] * 5000),
        "\n".join([f'"{A_ROW}'] * 5000),
        "\n".join(['"Sko""lan";"E;va";"Skol\ngatan 1";53132;Björkvik;1'] * 5000),
        "\n".join([A_ROW.encode().decode("latin-1")] * 500),
        "\n".join([A_ROW] * 500).encode("utf-16").decode("latin-1"),
        "\n".join(["e" + "\u0301\u0316" * 950 + ";Eva;Skolgatan 1;53132;Björkvik;1"] * 500),
        "\n".join([A_ROW.replace("Eva", "E\x00va")] * 500),
        "\n".join([A_ROW.replace("Eva", "E\ud800va")] * 500),
        "\n".join([A_ROW.replace("Eva", "\u202eavE")] * 500),
        (";" * 1999 + "\n") * 500,
        "x;" * 500_000 + "\n" + A_ROW,
        "x" * 2_000_000,
        '"\n' * 1_200_000,
    ],
    ids=["rows", "tabs", "open quotes", "quotes", "latin-1", "utf-16", "accents", "nul", "surrogates", "turned",
         "semicolons", "a wide first row", "one line", "lonely quotes"],
)  # fmt: skip
def test_whatever_is_pasted_is_answered_by_a_sentence_in_half_a_second(pasted):
    begun = process_time()
    sheet = read(pasted)
    taken = process_time() - begun
    print(f"{taken:.3f} s of the processor")
    assert sheet.wrong
    assert taken < 0.5


def test_an_address_of_signs_that_nobody_sees_is_none():
    [fault] = read("\u200b;\u2060;\u200f\u200e;53132;\ufeff\u200d;1").faults
    assert fault.sentences == ["Enhet eller namn saknas", "Gatuadressen saknas", "Orten saknas"]


def test_five_hundred_addresses_with_a_first_row_of_names_are_read():
    one = "Skolan;Eva;Skolgatan 1;53132;Björkvik;2"
    sheet = read("\n".join(["Enhet;Namn;Gata;Postnr;Ort;Antal", *[one] * 500]), SKRIFTEN=1000)
    assert (len(sheet.addresses), sheet.wrong) == (500, "")
    assert read("\n".join([one] * 501)).refusal


def test_list_and_basket_must_agree():
    sheet = read(TWO, SKRIFTEN=31)
    assert sheet.wrong == "Listan har 30 av Skriften om värdskap, men varukorgen 31."


# --- In the checkout ------------------------------------------------------------------------------
def shopper(number: int = 30) -> Shopper:
    found = Shopper()
    found.put("SKRIFTEN", number)
    return found


def test_looking_at_the_addresses_orders_nothing_keeps_what_is_typed_and_tells_the_freight():
    someone = shopper()
    page = someone.order({**KOMMUN, "email": "halv", "postal_code": ""}, deliveries=TWO, do="review")
    assert page.status_code == 200
    words = text(page)
    assert "2 adresser. 30 exemplar i allt. Frakten blir 98,00 kr." in words
    assert "Biblioteket, Bo Al Torget 2, 111 22 Stockholm" in words
    typed = fields(page)
    assert (typed["email"], typed["deliveries"]) == ("halv", TWO)
    assert sums(page)["Frakt"] == "98,00 kr"
    assert "behöver rättas" not in words
    assert not Order.objects.exists()


def test_the_freight_is_the_sum_of_each_parcels_own_and_each_goes_by_itself():
    someone = shopper()
    page = someone.order(KOMMUN, deliveries=TWO, do="review")
    answer = someone.send({**fields(page), **KOMMUN, "deliveries": TWO})
    assert answer.status_code == 303, text(answer)
    order = Order.objects.get()
    assert (order.freight_ore, order.goods_ore) == (2 * 49_00, 30 * 49_00)
    assert sum(part.gross_ore for part in order.vat_parts.all()) == order.total.ore
    parcels = [
        (parcel.address_lines, [row.quantity for row in parcel.lines.all()])
        for parcel in order.shipments.all()
    ]
    assert parcels == [
        (["Björkviks kommun", "Skolan", "Eva Ek", "Skolgatan 1", "531 32 Björkvik"], [10]),
        (["Björkviks kommun", "Biblioteket", "Bo Al", "Torget 2", "111 22 Stockholm"], [20]),
    ]
    assert "Biblioteket, Bo Al, Torget 2, 111 22 Stockholm 20 × Skriften" in text(someone.follow(answer))
    (letter,) = Message.objects.filter(letter="order-confirmation")
    assert [place["contents"] for place in letter.context["deliveries"]] == [
        "10 × Skriften om värdskap",
        "20 × Skriften om värdskap",
    ]
    mail = build(letter)
    assert "Torget 2" in mail.body
    assert "Torget 2" in str(mail.alternatives[0][0])


def test_a_sum_that_the_buyer_has_not_seen_does_not_bind():
    answer = shopper().order(KOMMUN, deliveries=TWO)
    assert answer.status_code == 422
    assert "Summan har ändrats till 1 568 kr" in text(answer)
    assert not Order.objects.exists()


def test_a_bad_row_stops_the_order_and_is_shown_with_the_rest_kept():
    someone = shopper()
    pasted = TWO.replace("531 32", "5313")
    answer = someone.order(KOMMUN, deliveries=pasted)
    assert answer.status_code == 422
    words = text(answer)
    assert "1 rad i adresslistan behöver rättas" in words
    assert "1 Skolan · Eva Ek · Skolgatan 1 · 5313 · Björkvik · 10 Skriv postnumret" in words
    assert fields(answer)["deliveries"] == pasted
    assert not Order.objects.exists()


def test_a_button_sets_the_baskets_number_to_the_lists():
    someone = shopper(25)
    page = someone.order(KOMMUN, deliveries=TWO, do="review")
    assert "Listan har 30 av Skriften om värdskap, men varukorgen 25." in text(page)
    page = someone.send({**fields(page), **KOMMUN, "deliveries": TWO, "do": "take"})
    assert someone.basket.rows["SKRIFTEN"].quantity == 30
    answer = someone.send({**fields(page), **KOMMUN, "deliveries": TWO})
    assert answer.status_code == 303
    assert Order.objects.get().lines.get().quantity == 30


def test_a_sum_that_nobody_may_order_is_refused_with_the_reason():
    someone = shopper()
    pasted = "\n".join(f"Skola {n};Eva;Gatan {n};53132;Ort;3000" for n in range(2))
    page = someone.order(KOMMUN, deliveries=pasted, do="take")
    assert "6 000 Skriften om värdskap går inte att beställa. Skriv ett antal mellan 1 och 5 000." in text(
        page
    )
    assert fields(page)["deliveries"] == pasted
    assert someone.basket.rows["SKRIFTEN"].quantity == 30


def test_other_addresses_under_the_same_key_do_not_lead_to_the_payment_of_the_first():
    someone = shopper()
    who = {**KOMMUN, "payment": "card"}
    page = someone.order(who, deliveries=TWO, do="review")
    form = {**fields(page), **who, "deliveries": TWO}
    someone.send(form)
    for other in (
        TWO.replace("Skolgatan 1", "Skolgatan 2"),
        TWO.replace("\t10", "\t11").replace("\t20", "\t19"),
    ):
        assert "?fanns=1" in someone.send({**form, "deliveries": other}).headers["Location"]
    assert "/ovningsbetalning/" in someone.send(form).headers["Location"]
    assert Order.objects.count() == 1


def test_a_private_buyers_list_is_kept_but_not_used():
    someone = shopper()
    answer = someone.order(KARIN, deliveries="skräp")
    assert answer.status_code == 303
    assert not Delivery.objects.exists()


def test_five_thousand_lines_over_http_keep_what_was_typed():
    pasted = "\n".join(["Skolan;Eva;Skolgatan 1;53132;Björkvik;1"] * 5000)
    answer = shopper().order(KOMMUN, deliveries=pasted)
    assert answer.status_code == 422
    assert "Listan har 5 000 rader" in text(answer)
    assert fields(answer)["deliveries"] == pasted


def cost(addresses: int) -> int:
    someone = shopper(addresses * 10)
    pasted = "\n".join(f"Skola {n};Eva;Skolgatan {n};53132;Björkvik;10" for n in range(addresses))
    page = someone.order(KOMMUN, deliveries=pasted, do="review")
    form = {**fields(page), **KOMMUN, "deliveries": pasted}
    with CaptureQueriesContext(connection) as seen:
        assert someone.send(form).status_code == 303
    return len(seen)


def test_many_addresses_cost_no_more_statements_than_two():
    assert cost(60) == cost(2)
