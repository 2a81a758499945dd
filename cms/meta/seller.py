"""Who stands behind the site, and the site itself."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import reverse

from cms.meta.nodes import Node, absolute, node, reference
from cms.meta.showing import Showing
from shop.models import Company


def organisation(company: Company) -> Node:
    return node(
        "Organization",
        id=absolute("/#foretaget"),
        name=company.name,
        legalName=company.legal_name,
        url=absolute("/"),
        logo=absolute(static("img/mark.svg")),
        email=company.email,
        telephone=company.phone_link if company.phone else None,
        vatID=company.vat_number,
        sameAs=[address for _name, address in company.profiles],
        iso6523Code=_registered(company.organisation_number),
        address=_postal(company),
    )


def _registered(number: str) -> str | None:
    """`0007:5599990008`: ISO 6523 calls Sweden's register of organisations 0007."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return f"0007:{digits}" if digits else None


def _postal(company: Company) -> Node | None:
    if not company.address_line1:
        return None
    return node(
        "PostalAddress",
        streetAddress=company.address_line1,
        postalCode=company.postal_code,
        addressLocality=company.city,
        addressCountry="SE",
    )


def website(showing: Showing) -> Node:
    return node(
        "WebSite",
        id=absolute("/#webbplatsen"),
        name=showing.company.name,
        url=showing.address,
        inLanguage=showing.language,
        publisher=reference(showing.publisher),
        potentialAction={
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute(reverse("cms:search")) + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    )
