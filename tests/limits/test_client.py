"""Where a request comes from: nobody but our own proxy is believed about it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

import config.gunicorn
from config import services
from shop import client

OURS = ["10.0.0.0/24", "2001:db8:ff::1", "unix"]


@pytest.fixture
def behind(settings, rf):
    """behind(peer, forwarded): the address that counts, behind proxies of ours at OURS."""
    settings.TRUSTED_PROXIES, settings.TRUST_LOCAL_SOCKET = services.networks(OURS), True

    def address(peer: str, forwarded: str | None = None) -> str:
        headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return client.address(rf.get("/", REMOTE_ADDR=peer, **headers))

    return address


@pytest.mark.parametrize("forged", ["203.0.113.9", "10.0.0.1", "unix", "2001:db8::9", "127.0.0.1, 10.0.0.3"])
def test_what_a_stranger_says_of_itself_has_no_effect(behind, forged):
    assert behind("198.51.100.7", forged) == "198.51.100.7"


def test_without_a_proxy_of_ours_not_even_this_machine_is_believed(rf):
    assert client.address(rf.get("/", headers={"X-Forwarded-For": "203.0.113.9"})) == "127.0.0.1"
    assert client.address(rf.get("/", REMOTE_ADDR="", headers={"X-Forwarded-For": "203.0.113.9"})) == ""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        ("10.0.0.9,10.0.0.8", "10.0.0.9"),
        (" 198.51.100.7 ", "198.51.100.7"),
        ("198.51.100.7:51234", "198.51.100.7"),
        ("[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_our_proxy_is_believed_about_the_one_it_saw(behind, said, found):
    assert behind("10.0.0.5", said) == found
    assert behind("2001:db8:ff::1", said) == found
    assert behind("", said) == found


@pytest.mark.parametrize(
    "garbage",
    ["", "unknown", "for=198.51.100.7", "198.51.100.7.1", "198.51.100.7:", "[]:1", "1" * 10_000, "," * 10_000,
     "\x00", "１９８.51.100.7", "<script>", "198.51.100.7, ", "-1", "999.0.0.1"],
)  # fmt: skip
def test_garbage_is_nobody_and_the_proxy_itself_is_counted(behind, garbage):
    assert behind("10.0.0.5", garbage) == "10.0.0.5"
    assert behind("", garbage) == ""


def test_a_crowd_of_invented_hops_is_not_followed_for_ever(behind):
    assert behind("10.0.0.5", ", ".join(["10.0.0.7"] * 1000)) == "10.0.0.7"


def test_a_list_of_proxies_is_read_or_refused_by_name():
    read = services.networks(["127.0.0.1", "10.0.0.3/24", "unix", "::1"])
    assert [str(network) for network in read] == ["127.0.0.1/32", "10.0.0.0/24", "::1/128"]
    for wrong in ("0.0.0.0/0", "::/0", "proxy", "10.0.0.0/99"):
        with pytest.raises(ValueError, match="TRUSTED_PROXIES"):
            services.networks([wrong])


# --- As gunicorn hands it on -----------------------------------------------------------------------
class Line:
    """Stands for a connection: an address of our own end is all that gunicorn asks of it."""

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 8000)


def sent(peer: str, *headers: str) -> WSGIRequest:
    """The request as Django gets it when these lines come over a connection from there."""
    settings = Config()
    settings.set("forwarder_headers", config.gunicorn.forwarder_headers)
    raw = "\r\n".join(["GET /order/nix/ HTTP/1.1", "Host: vardskapet.example", *headers, "", ""]).encode(
        "latin-1"
    )
    request: Any = next(iter(RequestParser(settings, iter([raw]), (peer, 50000))))
    _response, environ = create(request, Line(), (peer, 50000), ("127.0.0.1", 8000), settings)
    return WSGIRequest(environ)


OTHERS = [
    "Forwarded: for=203.0.113.9",
    'Forwarded: for="[2001:db8::9]:443";proto=https',
    "X-Real-IP: 203.0.113.9",
    "X-Client-IP: 203.0.113.9",
    "True-Client-IP: 203.0.113.9",
    "CF-Connecting-IP: 203.0.113.9",
    "X-Forwarded: 203.0.113.9",
    "X_Forwarded_For: 203.0.113.9",
    "X-Forwarded_For: 203.0.113.9",
    "REMOTE_ADDR: 203.0.113.9",
    "Remote-Addr: 203.0.113.9",
]


@pytest.mark.parametrize("header", OTHERS)
def test_no_other_header_says_who_it_is_not_even_our_proxy_s(behind, header):
    assert client.address(sent("198.51.100.7", header)) == "198.51.100.7"
    assert client.address(sent("10.0.0.5", header, "X-Forwarded-For: 198.51.100.7")) == "198.51.100.7"


def test_a_visitor_s_own_lines_stand_left_of_what_our_proxy_writes(behind):
    """Some proxies append to the header, some add a line of their own."""
    forged = [
        "X-Forwarded-For: 203.0.113.9",
        "x-forwarded-for: 10.0.0.7, 203.0.113.8",
        "X-FORWARDED-FOR: \xff",
    ]
    assert client.address(sent("198.51.100.7", *forged)) == "198.51.100.7"
    assert client.address(sent("10.0.0.5", *forged, "X-Forwarded-For: 198.51.100.7")) == "198.51.100.7"
    assert (
        client.address(sent("10.0.0.5", *forged, "X-Forwarded-For: 2001:db8:1:2::3")) == "2001:db8:1:2::/64"
    )


def test_neighbours_in_one_net_are_one_and_the_next_net_another(behind):
    one, same, other = ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:3::1")
    assert client.address(sent(one)) == client.address(sent(same)) != client.address(sent(other))
