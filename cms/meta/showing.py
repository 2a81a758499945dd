"""What the builders of JSON-LD are given beside the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.meta.nodes import Node
from cms.meta.trail import Step
from cms.sharing.pictures import Picture
from shop.models import Company


@dataclass(frozen=True, slots=True)
class Showing:
    """A page as it is shown: `facts` is its template context, so that nothing is asked twice."""

    address: str
    language: str
    title: str
    description: str
    company: Company
    publisher: Node
    picture: Picture
    steps: list[Step]
    own_address: str  # the page's, when something below it is shown
    below: str  # what that is called; empty for the page itself
    facts: Mapping[str, Any]
