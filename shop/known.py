"""Who sells, as pages show it: read once, until somebody changes it."""

from __future__ import annotations

from shop.freshness import remembered
from shop.models import Company


@remembered
def company() -> Company:
    found: Company = Company.load()
    return found
