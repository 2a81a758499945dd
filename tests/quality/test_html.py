"""The W3C's checker finds no error on any kind of page, in any state, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.quality import addresses, nu

pytestmark = [
    pytest.mark.html,
    pytest.mark.skipif(bool(nu.missing()), reason=nu.missing()),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_no_kind_of_page_has_an_error(client, tmp_path: Path):
    wanted = addresses.everything()
    pages = {address: client.get(address).content.decode() for address in wanted}
    pages |= {
        f"{address}?utskrift=1": client.get(address, {"utskrift": "1"}).content.decode()
        for address in wanted
        if "?" not in address
    }
    assert len(wanted) > 30
    assert nu.faults(pages, tmp_path) == []


def test_the_checker_would_see_a_paragraph_in_a_list(tmp_path: Path):
    page = "<!doctype html><html lang=sv><title>x</title><ul><p>fel</p></ul></html>"
    assert any("not allowed as child" in found for found in nu.faults({"/": page}, tmp_path))
