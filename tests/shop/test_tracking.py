"""The page where a parcel is followed: an address of the owner's, a number of the carrier's."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from shop.models import FreightMethod
from shop.models.freight import tracking_address

POSTNORD = "https://tracking.postnord.com/se/?id={number}"


def test_the_number_stands_in_its_place_and_cannot_leave_it():
    method = FreightMethod(tracking_url=POSTNORD)
    assert method.tracking_link("3735") == "https://tracking.postnord.com/se/?id=3735"
    assert method.tracking_link("a/../b&c=å #") == (
        "https://tracking.postnord.com/se/?id=a%2F..%2Fb%26c%3D%C3%A5%20%23"
    )


@pytest.mark.parametrize(("address", "number"), [("", "3735"), (POSTNORD, "")])
def test_without_address_or_number_there_is_no_link(address, number):
    assert FreightMethod(tracking_url=address).tracking_link(number) == ""


@pytest.mark.parametrize("address", [POSTNORD, "https://x.example/{number}/visa"])
def test_an_address_with_one_place_for_the_number_is_good(address):
    tracking_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://tracking.postnord.com/se/",
        "https://x.example/{number}/{number}",
        "https://x.example/{nummer}?id={number}",
        "http://x.example/{number}",
        "javascript:alert({number})",
        "https://{number}.example/",
        "https://x{number}",
        "inte en adress {number}",
        "https://x.example/\x00{number}",
        "https://x.example/" + "y" * 10_000 + "{number}",
    ],
)
def test_any_other_is_refused_with_an_example(address):
    with pytest.raises(ValidationError, match=r"Skriv adressen så här"):
        tracking_address(address)
