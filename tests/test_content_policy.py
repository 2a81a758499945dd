"""What a browser may load on our pages."""

from __future__ import annotations

import pytest
from csp.utils import build_policy
from django.test import Client


def parts(policy: str) -> set[str]:
    """Their order says nothing."""
    return {part.strip() for part in policy.split(";")}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/varukorg/", "/finns-inte/"])
def test_pages_carry_the_policy_of_the_settings(address):
    assert parts(Client().get(address)["Content-Security-Policy"]) == parts(build_policy())


@pytest.mark.django_db
def test_the_admin_has_none_since_its_pages_need_inline_script():
    assert "Content-Security-Policy" not in Client().get("/admin/login/")
