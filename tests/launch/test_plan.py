"""What bin/start makes of the environment; no process is started here."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from config import embedded
from config.launch import place, plan, valkey
from config.launch.plan import BadPlan


def test_without_any_variable_it_is_the_demo_on_port_8000():
    made = plan.make({})
    assert (made.bind, made.site_url, made.embedded_broker) == (
        "127.0.0.1:8000",
        "http://127.0.0.1:8000",
        True,
    )
    assert made.var_dir == plan.BASE_DIR / "var"
    assert made.environment["DJANGO_SETTINGS_MODULE"] == "config.settings.local"


def test_the_address_follows_host_and_port_until_it_is_named():
    assert plan.make({"HOST": "0.0.0.0", "PORT": "81"}).site_url == "http://127.0.0.1:81"
    assert plan.make({"HOST": "::1", "PORT": "81"}).bind == "[::1]:81"
    assert plan.make({"SITE_URL": "https://demo.example/"}).site_url == "https://demo.example"


def test_the_names_it_answers_to_follow_too():
    assert (
        plan.make({"HOST": "10.0.0.5"}).environment["ALLOWED_HOSTS"] == "10.0.0.5,127.0.0.1,[::1],localhost"
    )
    assert "demo.example" in plan.make({"SITE_URL": "https://demo.example"}).environment[
        "ALLOWED_HOSTS"
    ].split(",")
    assert plan.make({"ALLOWED_HOSTS": "a.example"}).environment["ALLOWED_HOSTS"] == "a.example"


def test_a_named_broker_is_used_and_none_is_started():
    made = plan.make({"REDIS_URL": "redis://cache.example/3"})
    assert not made.embedded_broker
    assert made.environment["REDIS_URL"] == "redis://cache.example/3"


def test_every_other_variable_reaches_the_children():
    given = {
        "DATABASE_URL": "postgres://x",
        "EMAIL_URL": "smtp://y",
        "STRIPE_SECRET_KEY": "sk_test_1",
        "PATH": "/bin",
    }
    assert given.items() <= plan.make(given).environment.items()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000 ", "åtta", "8e3", "²"])
def test_a_port_that_is_none_gets_a_sentence(port):
    with pytest.raises(BadPlan, match="PORT ska vara ett tal"):
        plan.make({"PORT": port})


def test_an_address_that_is_not_this_machines_gets_a_sentence():
    with pytest.raises(BadPlan, match=r"HOST=192\.0\.2\.7 finns inte"):
        place.require_free_port(plan.make({"HOST": "192.0.2.7"}))


def test_the_sockets_path_is_short_enough_for_a_socket_whatever_the_folder():
    long = Path("/srv") / ("mapp" * 40)
    assert embedded.socket_path(Path("/srv/var")) == Path("/srv/var/valkey.sock")
    assert len(os.fsencode(embedded.socket_path(long))) <= embedded.LONGEST_SOCKET_PATH
    assert embedded.socket_path(long) != embedded.socket_path(long / "annan")


def test_a_short_socket_folder_that_others_can_enter_is_refused(tmp_path):
    folder = tmp_path / "short"
    folder.mkdir(mode=0o755)
    with pytest.raises(BadPlan, match="tillhör någon annan"):
        valkey.own_folder(folder, tmp_path / "var")


def test_a_folder_is_held_by_one_start_at_a_time(tmp_path):
    with (
        place.own_folder(tmp_path),
        pytest.raises(BadPlan, match="används redan"),
        place.own_folder(tmp_path),
    ):
        pass
    with place.own_folder(tmp_path):
        assert (tmp_path / "start.lock").read_text() == str(os.getpid())


def test_a_port_just_left_is_free_again():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    place.require_free_port(plan.make({"PORT": str(port)}))
