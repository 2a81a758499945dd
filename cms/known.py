"""What the seller is called and what stands around every page: read once, until somebody changes it."""

from __future__ import annotations

from cms.models.settings import SiteTexts
from shop.freshness import remembered
from shop.models import Company


@remembered
def company() -> Company:
    found: Company = Company.load()
    return found


@remembered
def texts() -> SiteTexts:
    found: SiteTexts = SiteTexts.load()
    return found
