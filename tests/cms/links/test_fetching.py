"""How another website is asked: politely, to the end of the way, and never inside our own network."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

import pytest

from cms.links import fetching
from cms.models.links import Reason


@dataclass
class Website:
    """A real one on loopback; the guard lets it pass as if it were public."""

    server: ThreadingHTTPServer
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def fault(self, path: str) -> str:
        return fetching.fault(self.url(path), guard=lambda ip, _port: ip == "127.0.0.1")


@pytest.fixture
def website() -> Iterator[Website]:
    class Answers(BaseHTTPRequestHandler):
        def answer(self) -> None:
            site.asked.append((self.command, self.path, self.headers["User-Agent"]))
            status = int(self.path[1:4])
            if self.path == "/404-head" and self.command == "GET":
                status = 200
            self.send_response(status)
            if status in fetching.MOVED:
                self.send_header("Location", self.path.partition("?till=")[2])
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET = answer  # noqa: N815

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    site = Website(server)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/200", ""),
        ("/404-head", ""),  # a HEAD that is not understood is followed by a GET
        ("/404", Reason.MISSING),
        ("/410", Reason.MISSING),
        ("/500", Reason.BROKEN),
        ("/401", ""),
        ("/403", ""),
        ("/429", ""),
        ("/301?till=/200", ""),
        ("/301?till=/404", Reason.MISSING),
        ("/301?till=/301?till=/200", ""),
        ("/302?till=", ""),
    ],
)
def test_the_answer_tells_whether_the_page_is_there(website, path, reason):
    assert website.fault(path) == reason


def test_it_says_who_asks_and_reads_nothing_when_the_head_is_enough(website):
    website.fault("/200?a=1&b=2")
    [(method, path, agent)] = website.asked
    assert (method, path) == ("HEAD", "/200?a=1&b=2")
    assert agent.startswith("Vardskapet-lankkontroll (+http")


def test_going_round_in_circles_ends(website):
    circle = "/301-a?till=/301-a?till="
    with mock.patch.object(fetching, "_ask", return_value=(301, website.url(circle))) as asked:
        assert website.fault(circle) == Reason.BROKEN
    assert asked.call_count == fetching.MOST_HOPS


def test_a_redirect_into_our_own_network_is_not_followed(website):
    """10.0.0.1 is not among those the guard lets pass."""
    assert website.fault("/301?till=http://10.0.0.1/hemligt") == Reason.INSIDE
    assert len(website.asked) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "224.0.0.1",
    ],
)
def test_an_address_inside_is_never_connected_to(host):
    with mock.patch.object(socket, "create_connection") as connected:
        assert fetching.fault(f"http://{host}/") in {Reason.INSIDE, Reason.NO_HOST}
    connected.assert_not_called()


NOBODY_KNOWS = b"HTTP/1.1 200 " + b"o" * 400 + b"\r\n\r\n"
GREETING = b"\x16\x03\x03\x02\x00" + b"\x02" * 400  # the first bytes of a TLS answer that is longer


@pytest.fixture
def slow() -> Iterator[socket.socket]:
    """A server that takes whoever comes, and says nothing of its own accord."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def hurried(monkeypatch) -> Iterator[None]:
    """All of the patience is three tenths of a second; without it each test would take twenty seconds."""
    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", 0.3)
    monkeypatch.setattr(fetching, "SECONDS_TO_CONNECT", 0.1)
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("scheme", "answer"),
    [("http", NOBODY_KNOWS), ("https", GREETING), ("http", b""), ("https", b"")],
    ids=["answer drips", "handshake drips", "no answer", "no handshake"],
)
def test_a_website_that_takes_its_time_is_hung_up_on(scheme, answer, slow, hurried):
    dripping = threading.Thread(target=drip, args=[slow, answer])
    dripping.start()
    address = f"{scheme}://127.0.0.1:{slow.getsockname()[1]}/"
    assert fetching.fault(address, guard=lambda _ip, _port: True) == Reason.SILENT
    # Lest it waits for one who never had the time to come.
    socket.create_connection(slow.getsockname()).close()
    dripping.join()


def drip(server: socket.socket, answer: bytes) -> None:
    """Twenty seconds of it, for whoever has the patience."""
    line, _peer = server.accept()
    with line, suppress(OSError):
        for byte in answer:
            line.sendall(bytes([byte]))
            time.sleep(0.05)
        while line.recv(1024):
            pass


def test_a_host_with_many_dead_machines_is_given_up_in_time(slow, hurried):
    """Behind a full queue nobody answers; each of the two hundred would be waited for."""
    port = slow.getsockname()[1]
    slow.listen(0)
    machine = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    with (
        socket.create_connection(("127.0.0.1", port)),
        # Connecting looks the numeric address up once more.
        mock.patch.object(socket, "getaddrinfo", side_effect=[[machine] * 200] + [[machine]] * 200),
    ):
        assert fetching.fault("http://doda.example/", guard=lambda _ip, _port: True) == Reason.SILENT


@pytest.mark.parametrize("fault", [ssl.SSLError, ssl.SSLCertVerificationError, ssl.SSLEOFError])
def test_a_website_that_nobody_can_trust_is_told_as_broken(fault, slow):
    address = f"https://127.0.0.1:{slow.getsockname()[1]}/"
    with mock.patch.object(ssl.SSLSocket, "do_handshake", side_effect=fault):
        assert fetching.fault(address, guard=lambda _ip, _port: True) == Reason.BROKEN


def test_when_the_time_is_out_no_other_name_is_looked_up(website, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", 0)
    with mock.patch.object(socket, "getaddrinfo") as looked_up:
        assert website.fault("/200") == Reason.SILENT
    looked_up.assert_not_called()


def test_only_the_ports_of_websites_are_asked():
    assert fetching.is_public("93.184.215.14", 443)
    assert not fetching.is_public("93.184.215.14", 6379)


@pytest.mark.parametrize(
    "ip", ["64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::7f00:1", "::ffff:10.0.0.1", "fec0::1"]
)
def test_an_address_that_hides_another_inside_is_not_public(ip):
    assert not fetching.is_public(ip, 443)


@pytest.mark.parametrize("ip", ["2606:4700::6810:84e5", "::ffff:93.184.215.14"])
def test_an_address_of_the_internets_own_is_public(ip):
    assert fetching.is_public(ip, 443)


def test_one_private_address_among_several_is_enough_to_refuse():
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.1")]
    with (
        mock.patch.object(socket, "getaddrinfo", return_value=both),
        mock.patch.object(socket, "create_connection") as connected,
    ):
        assert fetching.fault("http://tva.example/") == Reason.INSIDE
    connected.assert_not_called()


def test_the_connection_goes_to_the_address_that_was_looked_at(website):
    """A name that answers otherwise the second time gains nothing: it is looked up once."""
    port = website.server.server_port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    with (
        mock.patch.object(socket, "getaddrinfo", side_effect=[found, AssertionError("looked up twice")]),
        # Python's own looks a numeric address up once more; this one does not.
        mock.patch.object(socket, "create_connection", side_effect=connect_without_looking_up),
    ):
        assert (
            fetching.fault(f"http://namn.example:{port}/200", guard=lambda ip, _port: ip == "127.0.0.1") == ""
        )


def connect_without_looking_up(address: tuple[str, int], timeout: float) -> socket.socket:
    made = socket.socket()
    made.settimeout(timeout)
    made.connect(address)
    return made


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://finns-inte.invalid/", Reason.NO_HOST),
        ("http://", Reason.UNREADABLE),
        ("http://host:port/", Reason.UNREADABLE),
        ("https://[::/", Reason.UNREADABLE),
        ("http://" + "a" * 300 + ".example/", Reason.NO_HOST),
        ("http://a\0b.example/", Reason.UNREADABLE),
    ],
)
def test_an_address_that_cannot_be_asked_for_is_told(address, reason):
    with mock.patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
        assert fetching.fault(address) == reason


def test_an_address_with_blanks_and_swedish_letters_is_asked_for_as_browsers_do(website):
    assert website.fault("/200 två\r\nHost: x?q=å&p=1%20") == ""
    assert website.asked[0][1] == "/200%20tv%C3%A5Host:%20x?q=%C3%A5&p=1%20"


def test_a_website_that_does_not_answer_is_told(website):
    with mock.patch.object(socket, "create_connection", side_effect=TimeoutError):
        assert website.fault("/200") == Reason.SILENT
