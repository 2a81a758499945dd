"""The demo's logins: one who may do all and one of each group; production makes none of them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config import demo_staff
from config.launch import content

pytestmark = pytest.mark.django_db
GROUPS = {"redaktor": "Redaktör", "packare": "Packare", "ekonom": "Ekonom", "agare": "Ägare"}


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path, monkeypatch):
    """A folder of its own, and no content: it is about the logins."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr("shop.seed.run", lambda now: None)
    monkeypatch.setattr("cms.seed.run", lambda now: None)


@pytest.fixture
def password() -> str:
    return demo_staff.ensure()[1]


def users() -> dict[str, list[str]]:
    found = get_user_model()._default_manager.order_by("pk")
    return {user.get_username(): [group.name for group in user.groups.all()] for user in found}


@pytest.mark.parametrize("name", ["personal", *GROUPS])
def test_each_opens_the_admin_with_the_one_password(password, name):
    client = Client()
    assert client.login(username=name, password=password, request=client.get("/").wsgi_request)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_each_has_the_rights_of_the_own_group_and_no_more(password):
    assert users() == {"personal": [], **{name: [group] for name, group in GROUPS.items()}}
    mighty = get_user_model()._default_manager.filter(is_superuser=True)
    assert [user.get_username() for user in mighty] == ["personal"]


def test_a_second_start_mends_a_password_and_leaves_the_groups_alone(password):
    packer = get_user_model()._default_manager.get(username="packare")
    packer.set_password("another")
    packer.save()
    packer.groups.clear()
    assert demo_staff.ensure()[1] == password
    packer.refresh_from_db()
    assert packer.check_password(password)
    assert users()["packare"] == []


def test_production_makes_no_login_by_the_command_nor_by_the_start(settings):
    settings.DEV_PAGES = False
    said = StringIO()
    call_command("seed", stdout=said)
    content.fill(database_changed=True)
    assert users() == {}
    assert said.getvalue() == ""


def test_the_command_tells_the_password_once_and_who_else_has_it():
    said = StringIO()
    call_command("seed", stdout=said)
    first, second = said.getvalue().splitlines()
    assert first.startswith("Personal: personal / ")
    assert second == "och: redaktor, packare, ekonom, agare (en av varje grupp, samma lösenord)"
