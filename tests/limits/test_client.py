"""Where a request comes from: nobody but our own proxy is believed about it."""

from __future__ import annotations

import pytest

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
