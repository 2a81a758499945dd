"""What happens to editors' texts on their way out."""

from __future__ import annotations

import pytest
from wagtail.rich_text import RichText

from cms.templatetags.texts import drop_cap, fill, whole_figures
from shop.models import Company
from shop.money import NBSP

COMPANY = Company(legal_name="Äpplen & <b>Päron</b> AB", organisation_number="559999-0008", phone="08-1")


def test_placeholders_become_the_companys_facts_escaped():
    assert fill(RichText("<p>{{ foretag }}, {{orgnr}}</p>"), COMPANY) == (
        "<p>Äpplen &amp; &lt;b&gt;Päron&lt;/b&gt; AB, 559999-0008</p>"
    )


def test_other_braces_stay_as_they_are_written():
    assert fill(RichText("<p>{{ hemligt }} {telefon}</p>"), COMPANY) == "<p>{{ hemligt }} {telefon}</p>"


def test_plain_text_is_escaped():
    assert fill("<script>{{telefon}}</script>", COMPANY) == "&lt;script&gt;08-1&lt;/script&gt;"


def test_only_the_first_paragraph_gets_the_large_letter():
    assert (
        drop_cap(RichText('<p data-block-key="a">Ett</p><p>Två</p>')) == '<p class="start">Ett</p><p>Två</p>'
    )


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Ekmanssalen, Exempelplatsen 1, Göteborg", "Ekmanssalen, Exempelplatsen_1, Göteborg"),
        ("2 437,50 kr med 25 % moms (1 950 kr utan).", "2_437,50_kr med_25_% moms (1_950_kr utan)."),
        ("SEK 1,950 (SEK 1,560 without VAT).", "SEK_1,950 (SEK_1,560 without VAT)."),
        ("Fika ingår.", "Fika ingår."),
    ],
)
def test_a_figure_stays_beside_its_street_or_unit_where_lines_break(words, kept):
    assert whole_figures(words) == kept.replace("_", NBSP)
