"""What readers see a place cost, and what they pay: the proof-reader tells when these are two sums."""

from __future__ import annotations

import pytest

from cms.kalender import proof, proofread
from tests.kalender.facts import NOON
from tests.kalender.proof_cases import event


def sentences(text: str, ore: int | None = 195_000) -> list[str]:
    found = proof.remarks(event(price_text=text, place_price_ore=ore), [], now=NOON)
    assert {remark.field for remark in found} <= {"price_text"}
    return [remark.sentence.replace("\xa0", " ") for remark in found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Fika ingår. Två för en.",
        "1 950 kr",
        "1\u00a0950\u00a0kr inklusive moms. Fika ingår.",
        "1950 kronor med 25 % moms (1 560 kr exkl. moms)",
        "1 560 kr plus moms, 1 950 kr med moms",
        "1.950:- med moms",
        "SEK 1,950 including VAT",
        "SEK 1,950.00 incl. 25% VAT",
        "1 950,00 kr",
    ],
)
def test_the_same_sum_in_any_writing_is_left_in_peace(text):
    assert sentences(text) == []


@pytest.mark.parametrize("text", ["2 450 kr", "1 560 kr, moms tillkommer", "195 kr", "SEK 1,560 excl. VAT"])
def test_another_sum_is_told_with_the_one_that_is_paid(text):
    [sentence] = sentences(text)
    assert sentence.startswith("En plats kostar 1 950 kr med moms, men det står ”")


@pytest.mark.parametrize(
    "text",
    [
        "1 950 kr exkl. moms",
        "1 950 kr, moms tillkommer. Fika ingår.",
        "1950 kr plus moms",
        "SEK 1,950 excl. VAT",
    ],
)
def test_the_sum_that_is_paid_is_never_called_one_without_vat(text):
    [sentence] = sentences(text)
    assert "men en plats kostar 1 950 kr med moms" in sentence


def test_a_price_in_words_alone_is_the_editor_s():
    assert sentences("1 950 kr, moms tillkommer", ore=None) == []


def test_the_editor_is_told_of_an_event_as_it_stands(publish):
    made = publish(signup=True, price_text="1 950 kr exkl. moms", place_price_ore=195_000)
    [remark] = proofread.remarks_on(made, known_start=None, now=NOON)
    assert remark.field == "price_text"
