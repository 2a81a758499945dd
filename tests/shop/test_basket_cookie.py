"""The one cookie: signed, small, and harmless when somebody has been at it."""

from __future__ import annotations

import pytest
from django.core import signing
from django.http import HttpResponse

from shop import basket
from shop.basket import MAX_QUANTITY, MAX_ROWS, Basket, BasketFull, Row


def cookie_of(held: Basket) -> str:
    response = HttpResponse()
    basket.save(response, held, secure=False)
    return response.cookies[basket.COOKIE].OutputString()


def value_of(held: Basket) -> str:
    response = HttpResponse()
    basket.save(response, held, secure=False)
    return str(response.cookies[basket.COOKIE].value)


def test_what_is_saved_is_read_back():
    held = Basket().put("SKRIFTEN", Row(25, 4900)).put("BOKEN", Row(1, 24900))
    assert basket.decode(value_of(held)) == held


def test_the_fullest_basket_fits_into_a_cookie():
    rows = {
        f"{place:02}" + "X9-A7B3QZ" * 4 + f"{place:02}": Row(MAX_QUANTITY, 99_999_00)
        for place in range(MAX_ROWS)
    }
    assert all(len(sku) == 40 for sku in rows)
    assert len(cookie_of(Basket(rows, "k" * 24))) < 4096
    with pytest.raises(BasketFull):
        cookie_of(Basket({**rows, "ONE-MORE": Row(1, 1)}, "k"))


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites():
    written = cookie_of(Basket().put("SKRIFTEN", Row(1, 5500)))
    assert "HttpOnly" in written
    assert "SameSite=Lax" in written


@pytest.mark.parametrize(
    "cookie",
    [
        "", "x", "a:b:c", "\x00", "å" * 5000, ":" * 100,
        signing.dumps({"r": [], "k": "x"}, salt="another"),
        signing.dumps([1, 2], salt=basket.SALT),
        signing.dumps({"r": [["SKRIFTEN"]], "k": "x"}, salt=basket.SALT),
        signing.dumps({"r": [["SKRIFTEN", "två", 1]], "k": "x"}, salt=basket.SALT),
        signing.dumps({"k": "x"}, salt=basket.SALT),
    ],
    ids=lambda cookie: f"{cookie[:12]}-{len(cookie)}",  # a signature holds the time: processes would differ
)  # fmt: skip
def test_a_cookie_that_is_not_ours_is_an_empty_basket(cookie):
    assert not basket.decode(cookie)


def test_every_change_of_content_renews_the_key_and_nothing_else_does():
    held = Basket().put("SKRIFTEN", Row(1, 5500))
    assert held.seen({"SKRIFTEN": 5700}).key == held.key
    keys = {
        held.key,
        held.put("SKRIFTEN", Row(2, 5500)).key,
        held.without("SKRIFTEN").key,
        held.renewed().key,
    }
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25", 25),
        (" 1 000 ", 1000),
        ("1\xa0000", 1000),
        ("5000", 5000),
        ("5001", None),
        ("0", None),
        ("-1", None),
    ]
    + [
        (text, None)
        for text in ("1.5", "1,5", "två", "", "1e3", "+5", "٢٥", "²", "9" * 100_000, "\x00", "1_0")
    ],
)
def test_a_number_of_copies_is_read_as_people_write_it(text, number):
    assert basket.quantity(text) == number
