"""The company's facts, where pages and letters read them."""

from __future__ import annotations

from shop.models import Company
from tests.factories import CompanyFactory


def test_only_the_profiles_that_are_filled_in_are_shown():
    company = Company(linkedin="https://www.linkedin.com/company/vardskapet")
    assert company.profiles == [("LinkedIn", "https://www.linkedin.com/company/vardskapet")]


def test_the_footer_links_to_the_companys_pages_elsewhere(client, db):
    CompanyFactory(facebook="https://www.facebook.com/vardskapet")
    page = client.get("/varukorg/").content.decode()
    assert '<a href="https://www.facebook.com/vardskapet" rel="me">Facebook</a>' in page
    assert "Instagram" not in page
