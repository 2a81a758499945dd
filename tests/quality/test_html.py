"""The W3C's checker finds no error on any kind of page, in any state, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import as_seeded
from tests.quality import addresses, nu

pytestmark = [
    pytest.mark.html,
    pytest.mark.skipif(bool(nu.missing()), reason=nu.missing()),
]


# Beside the others: the checker takes seconds to wake.
WRONG = "<!doctype html><html lang=sv><title>x</title><ul><p>fel</p></ul></html>"


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_no_kind_of_page_has_an_error_and_a_paragraph_in_a_list_would_be_seen(tmp_path: Path):
    wanted = addresses.everything()
    wanted += [f"{address}?utskrift=1" for address in wanted if "?" not in address]
    assert len(wanted) > 60
    pages = {address: as_seeded.html(address) for address in wanted}
    faults = nu.faults({**pages, "/fel/": WRONG}, tmp_path)
    assert any("not allowed as child" in found for found in faults if found.startswith("/fel/:"))
    assert [found for found in faults if not found.startswith("/fel/:")] == []
