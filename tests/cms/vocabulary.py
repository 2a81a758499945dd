"""The part of schema.org's vocabulary that the pages use, with what Google asks of each type (facts only, 2026-11).

`faults(node)` names every property that is missing, unknown, of the wrong kind, or not a member of its enumeration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

TEXT, URL, MOMENT, DAY, NUMBER, TRUTH, PRICE = "text", "url", "moment", "day", "number", "truth", "price"
DATE = re.compile(r"\d{4}-\d\d-\d\d")
SCHEMA = "https://schema.org/"

ENUMERATIONS = {
    "availability": {
        "BackOrder", "Discontinued", "InStock", "InStoreOnly", "LimitedAvailability", "MadeToOrder", "OnlineOnly",
        "OutOfStock", "PreOrder", "PreSale", "Reserved", "SoldOut",
    },
    "itemCondition": {"DamagedCondition", "NewCondition", "RefurbishedCondition", "UsedCondition"},
    "eventStatus": {
        "EventCancelled", "EventMovedOnline", "EventPostponed", "EventRescheduled", "EventScheduled",
    },
    "eventAttendanceMode": {
        "MixedEventAttendanceMode", "OfflineEventAttendanceMode", "OnlineEventAttendanceMode",
    },
}  # fmt: skip

# Property to kind, or to the types that may stand there. What every thing may have stands in THING.
THING: dict[str, Any] = {
    "name": TEXT,
    "description": TEXT,
    "url": URL,
    "image": URL,
    "sameAs": URL,
    "mainEntityOfPage": URL,
    "potentialAction": ["SearchAction"],
}
PROPERTIES: dict[str, dict[str, Any]] = {
    "Organization": {
        "legalName": TEXT,
        "logo": URL,
        "email": TEXT,
        "telephone": TEXT,
        "vatID": TEXT,
        "iso6523Code": re.compile(r"\d{4}:\w+"),
        "address": ["PostalAddress"],
    },
    "PostalAddress": {
        "streetAddress": TEXT,
        "postalCode": TEXT,
        "addressLocality": TEXT,
        "addressCountry": re.compile("[A-Z]{2}"),
    },
    "WebSite": {"inLanguage": TEXT, "publisher": ["Organization"]},
    "SearchAction": {"target": ["EntryPoint"], "query-input": TEXT},
    "EntryPoint": {"urlTemplate": URL},
    "BreadcrumbList": {"itemListElement": ["ListItem"]},
    "ListItem": {"position": NUMBER, "item": URL},
    "Article": {
        "headline": TEXT,
        "datePublished": DAY,
        "dateModified": MOMENT,
        "author": ["Organization", "Person"],
        "publisher": ["Organization"],
        "inLanguage": TEXT,
    },
    "Product": {
        "sku": TEXT,
        "gtin": re.compile(r"\d{8}|\d{12,14}"),
        "brand": ["Brand"],
        "offers": ["Offer"],
    },
    "Book": {"isbn": re.compile(r"\d{9}[\dX]|\d{13}"), "publisher": ["Organization"]},
    "Brand": {},
    "Offer": {
        "price": PRICE,
        "priceCurrency": re.compile("SEK"),
        "priceSpecification": ["UnitPriceSpecification"],
        "availability": URL,
        "itemCondition": URL,
        "seller": ["Organization"],
    },
    "UnitPriceSpecification": {
        "price": PRICE,
        "priceCurrency": re.compile("SEK"),
        "valueAddedTaxIncluded": TRUTH,
    },
    "Event": {
        "startDate": DAY,
        "endDate": DAY,
        "previousStartDate": DAY,
        "eventStatus": URL,
        "eventAttendanceMode": URL,
        "location": ["Place", "VirtualLocation"],
        "offers": ["Offer"],
        "isAccessibleForFree": TRUTH,
        "maximumAttendeeCapacity": NUMBER,
        "organizer": ["Organization"],
        "performer": ["Person"],
        "inLanguage": TEXT,
    },
    "Place": {"address": ["PostalAddress"]},
    "VirtualLocation": {},
    "Person": {},
}
REQUIRED = {
    "Organization": {"name", "url", "logo"},
    "PostalAddress": {"addressLocality"},
    "WebSite": {"name", "url"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "Article": {"headline", "image", "author", "publisher", "datePublished", "dateModified", "mainEntityOfPage"},
    "Product": {"name", "image", "description", "sku", "brand", "offers"},
    "Book": {"name", "url", "publisher"},
    "Brand": {"name"},
    "Offer": {"url", "availability"},
    "UnitPriceSpecification": {"price", "priceCurrency"},
    "Event": {"name", "startDate", "endDate", "location", "eventStatus", "eventAttendanceMode", "organizer", "image"},
    "Place": {"name", "address"},
    "VirtualLocation": {"url"},
    "Person": {"name"},
}  # fmt: skip


def faults(graph: list[dict[str, Any]]) -> list[str]:
    """What is wrong in an @graph; a node that is only an @id must point at one that stands in it."""
    known = {node["@id"]: node for node in graph if "@id" in node}
    return [fault for node in graph for fault in _of_node(node, known)]


def types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def _of_node(node: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    kinds = types(node)
    unknown = [kind for kind in kinds if kind not in PROPERTIES] or ([] if kinds else ["no type"])
    if unknown:
        yield f"unknown type {unknown}"
        return
    allowed = {**THING, **{name: kind for one in kinds for name, kind in PROPERTIES[one].items()}}
    for kind in kinds:
        yield from (f"{kind} lacks {name}" for name in sorted(REQUIRED[kind] - set(node)))
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name not in allowed:
            yield f"{kinds} has no {name}"
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from (f"{kinds}.{name}: {fault}" for fault in _of_value(name, one, allowed[name], known))


def _of_value(name: str, value: Any, kind: Any, known: dict[str, Any]) -> Iterator[str]:
    if isinstance(kind, list):
        yield from _of_reference(value, kind, known)
    elif name in ENUMERATIONS:
        if value not in {SCHEMA + member for member in ENUMERATIONS[name]}:
            yield f"{value!r} is no member"
    elif not _fits(value, kind):
        yield f"{value!r} is no {kind}"


def _of_reference(value: Any, allowed: list[str], known: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{value!r} is no {allowed}"
        return
    node = known.get(value["@id"], {}) if set(value) == {"@id"} else value
    if not set(types(node)) & set(allowed):
        yield f"{value} is no {allowed}"
    elif node is value:
        yield from _of_node(value, known)


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(kind, re.Pattern):
        return isinstance(value, str) and bool(kind.fullmatch(value))
    tests = {
        TEXT: lambda: isinstance(value, str) and bool(value.strip()),
        URL: lambda: isinstance(value, str) and bool(re.match(r"https?://[^\s]+$", value)),
        NUMBER: lambda: isinstance(value, int) and not isinstance(value, bool),
        TRUTH: lambda: isinstance(value, bool),
        PRICE: lambda: isinstance(value, str) and bool(re.fullmatch(r"\d+(\.\d\d)?", value)),
        DAY: lambda: isinstance(value, str) and (DATE.fullmatch(value) or _fits(value, MOMENT)),
        MOMENT: lambda: isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None,
    }
    return bool(tests[kind]())
