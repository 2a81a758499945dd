"""What stands around every page: read once, until somebody changes it."""

from __future__ import annotations

from cms.models.settings import SiteTexts
from shop.freshness import remembered


@remembered
def texts() -> SiteTexts:
    found: SiteTexts = SiteTexts.load()
    return found
