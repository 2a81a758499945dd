"""Words as the search takes them: stems, slips, kin, and the marked excerpt. No database."""

from __future__ import annotations

from collections import Counter

import pytest

from cms.searching import words
from cms.searching.marking import LENGTH, Marker
from cms.searching.vocabulary import Vocabulary

FAMILIES = [
    "välkommen välkomna välkomnar välkomnade välkomnande välkomnandet välkomnas",
    "värdskap värdskapet värdskapets värdskaps",
    "lyssna lyssnar lyssnade lyssnat lyssnande",
    "färdig färdigt färdiga",
    "kommun kommuner kommunen kommunernas",
    "bok boken böcker böckerna",
    "samtal samtalet samtalen samtals",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_forms_of_a_word_have_one_stem(family):
    assert len({words.stem(form, "sv") for form in family.split()}) == 1


def test_words_that_differ_keep_their_stems_apart():
    apart = [
        "värd",
        "värdskap",
        "väg",
        "vägg",
        "möte",
        "mat",
        "natur",
        "hall",
        "håll",
        "hamn",
        "hammare",
        "dörr",
        "duka",
    ]
    assert len({words.stem(word, "sv") for word in apart}) == len(apart)


@pytest.mark.parametrize("family", ["welcome welcomes welcomed welcoming", "book books", "story stories"])
def test_english_words_have_english_stems(family):
    assert len({words.stem(form, "en") for form in family.split()}) == 1


@pytest.mark.parametrize(
    ("typed", "meant", "slips"),
    [
        ("vardskp", "vardskap", 1),
        ("varsdkap", "vardskap", 1),
        ("", "ab", 2),
        ("katt", "hatt", 1),
        ("ab", "ab", 0),
    ],
)
def test_slips_are_counted_as_people_make_them(typed, meant, slips):
    assert words.edits(typed, meant) == slips
    assert words.edits(meant, typed) == slips


KNOWN = Vocabulary(
    "sv",
    Counter(
        {
            "värdskap": 9,
            "värdskapet": 3,
            "vård": 4,
            "utbildningsmaterial": 2,
            "gäst": 2,
            "bemötande": 1,
            "håll": 1,
        }
    ),
)


def test_a_word_without_dots_is_known_by_the_one_with_them_but_not_the_other_way_round():
    assert KNOWN.forms("vardskap") == ["värdskap", "värdskapet"]
    both = Vocabulary("sv", Counter({"hall": 1, "håll": 5}))
    assert both.forms("hall") == ["hall"]


def test_kin_begin_or_end_with_the_word():
    assert KNOWN.kin("material") == ["utbildningsmaterial"]
    assert KNOWN.kin("utbild") == ["utbildningsmaterial"]
    assert KNOWN.kin("ildnings") == []


def test_what_was_meant_is_the_nearest_word_and_of_two_as_near_the_more_used():
    assert KNOWN.meant("vardskp") == "värdskap"
    assert Vocabulary("sv", Counter({"katten": 1, "hatten": 5})).meant("ratten") == "hatten"


@pytest.mark.parametrize("word", ["xyzzy", "va", "hå", "", "q" * 100])
def test_what_is_not_near_anything_is_not_guessed(word):
    assert KNOWN.meant(word) == ""


def test_a_compound_is_parted_into_words_that_stand_on_the_site():
    assert KNOWN.meant("gästbemötande") == "gäst bemötande"


# --- The excerpt --------------------------------------------------------------------------------------
LONG = (
    "Först kommer en lång inledning om annat. " * 20 + "Sedan står nyckeln under mattan. " + "Och mer. " * 50
)


def test_an_excerpt_is_cut_at_words_around_the_first_hit():
    shown = Marker(["nyckeln"]).excerpt(LONG)
    assert "Sedan står <mark>nyckeln</mark> under mattan." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < LENGTH + 40


def test_without_a_hit_the_beginning_is_shown():
    assert Marker(["finns inte"]).excerpt(LONG).startswith("Först kommer")
    assert Marker([]).excerpt("Kort.") == "Kort."


def test_only_whole_words_are_marked_whatever_their_case():
    assert Marker(["dörr"]).mark("DÖRR, dörren, innerdörr.") == "<mark>DÖRR</mark>, dörren, innerdörr."


def test_a_hit_at_the_end_of_a_long_address_is_shown():
    for text in (
        "Se https://exempel.example/" + "en-lang-adress-" * 8 + "lyssna och hör mer. ",
        "x" * 300 + "-lyssna ",
    ):
        assert "<mark>lyssna</mark>" in Marker(["lyssna"]).excerpt(text + "ord " * 100)


def test_a_text_cannot_smuggle_markup_through_the_marks():
    marked = Marker(["b"]).mark('<b>\x02b\x03</b> & "b"')
    assert (
        marked
        == "&lt;<mark>b</mark>&gt;<mark>b</mark>&lt;/<mark>b</mark>&gt; &amp; &quot;<mark>b</mark>&quot;"
    )


def test_a_text_without_spaces_is_still_cut():
    assert len(Marker(["zz"]).excerpt("a" * 5_000)) <= LENGTH + 4
