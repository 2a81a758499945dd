"""Asks another website whether an address exists. Only the worker does, and never an address inside our own network.

Whoever may write a link may have the worker follow it, so the host's name is looked up here, every address that
it stands for has to be a public one, and the connection goes to the very address that was looked at: a name that
answers differently the second time (DNS rebinding) gains nothing. Redirects are followed by the same rule.

One clock runs for each address, over connecting, TLS, answers and redirects. Only the lookup of a name cannot be cut
short; when the clock has run out, no other is begun.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings

from cms.models.links import Reason

# For one address with all of its redirects.
SECONDS_IN_ALL = 15
# For connecting to one of a host's machines: one that is dead must leave time for the others.
SECONDS_TO_CONNECT = 5
MOST_HOPS = 5
MOVED = {301, 302, 303, 307, 308}
# Some servers refuse HEAD, or answer it with anything.
ASK_AGAIN = {400, 403, 404, 405, 501}
# Says nothing of whether the page exists: a login, a door closed to programs, too many questions.
UNTOLD = {401, 403, 429, 451, 999}
PORTS = {80, 443}
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291 2.4; IANA has given out nothing beside it
WRAPPED = [ipaddress.IPv6Network(net) for net in ("2002::/16", "2001::/32")]  # 6to4, Teredo
AS_IT_STANDS = "/?:@!$&'()*+,;=~-._%"
FAILURES = (OSError, http.client.HTTPException)

Guard = Callable[[str, int], bool]


class Refused(Exception):
    """The address is not one to ask for; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_public(ip: str, port: int) -> bool:
    """An address that anyone on the internet can reach, at a port where websites are."""
    address = ipaddress.ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, ipaddress.IPv6Address) and not _is_native(address):
        return False
    return port in PORTS and address.is_global and not address.is_multicast


def _is_native(address: ipaddress.IPv6Address) -> bool:
    """An address of the internet's own, not one that a gateway unwraps to an IPv4 address, maybe inside (RFC 6052)."""
    return address in GLOBAL_UNICAST and not any(address in wrapped for wrapped in WRAPPED)


def fault(address: str, *, guard: Guard = is_public) -> str:
    """Why the address leads nowhere, as a Reason; empty when it leads somewhere or nobody can tell."""
    until = time.monotonic() + SECONDS_IN_ALL
    try:
        return _verdict(_status(address, guard, until))
    except Refused as refusal:
        return refusal.reason
    except http.client.InvalidURL:
        return Reason.UNREADABLE
    except ssl.SSLError:
        return Reason.BROKEN
    except FAILURES:
        return Reason.SILENT


def _verdict(status: int) -> str:
    if status < 400 or status in UNTOLD:
        return ""
    return Reason.MISSING if status in {404, 410} else Reason.BROKEN


def _status(address: str, guard: Guard, until: float) -> int:
    """The last answer on the way; a HEAD that is not understood is followed by a GET."""
    for _hop in range(MOST_HOPS):
        status, onward = _ask("HEAD", address, guard, until)
        if status in ASK_AGAIN:
            status, onward = _ask("GET", address, guard, until)
        if status not in MOVED or not onward:
            return status
        address = urljoin(address, onward)
    raise Refused(Reason.BROKEN)


def _ask(method: str, address: str, guard: Guard, until: float) -> tuple[int, str]:
    parts = _parts(address)
    connection = _connection(parts, guard, until)
    try:
        with _hung_up_at(until, connection.sock):
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            _send(connection, method, parts)
            answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, method: str, parts: SplitResult) -> None:
    try:
        connection.request(method, _target(parts), headers=_headers())
    except ValueError as error:  # signs that no address may hold
        raise Refused(Reason.UNREADABLE) from error


def _left(until: float) -> float:
    """Seconds. Raises TimeoutError when there are none."""
    if (seconds := until - time.monotonic()) <= 0:
        raise TimeoutError
    return seconds


@contextmanager
def _hung_up_at(until: float, line: socket.socket) -> Iterator[None]:
    """A socket's own patience begins anew with every byte, so one that drips would hold the worker for hours.

    Raises TimeoutError for whatever goes wrong because of it.
    """
    alarm = threading.Timer(_left(until), _hang_up, [line])
    alarm.daemon = True
    alarm.start()
    try:
        yield
    except FAILURES:
        _left(until)
        raise
    finally:
        alarm.cancel()


def _hang_up(line: socket.socket) -> None:
    """The line itself, not TLS's polite good-bye, which the reading thread would not survive."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _target(parts: SplitResult) -> str:
    """Path and question as a browser sends them: å and blanks become %-signs."""
    path = quote(parts.path or "/", safe=AS_IT_STANDS)
    return f"{path}?{quote(parts.query, safe=AS_IT_STANDS)}" if parts.query else path


def _headers() -> dict[str, str]:
    """Who asks, and where to complain."""
    return {"User-Agent": f"Vardskapet-lankkontroll (+{settings.SITE_URL})", "Accept": "*/*"}


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError as error:
        raise Refused(Reason.UNREADABLE) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(Reason.UNREADABLE)
    return parts


def _connection(parts: SplitResult, guard: Guard, until: float) -> http.client.HTTPConnection:
    """Connected to one of the addresses that the guard has let pass; what TLS has to say first is not yet said."""
    secure = parts.scheme == "https"
    host, port = str(parts.hostname), parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port)
    connection.default_port = port  # as browsers name the host: without a port
    _left(until)
    line = _reach(_addresses_of(host, port, guard), port, until)
    connection.sock = _wrapped(line, host) if secure else line
    return connection


def _wrapped(line: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        tls = ssl.create_default_context()
        return tls.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    except OSError:
        line.close()
        raise


def _reach(ips: list[str], port: int, until: float) -> socket.socket:
    """The first that answers: a machine without IPv6 passes over those addresses."""
    for ip in ips[:-1]:
        with suppress(OSError):
            return _line(ip, port, until)
    return _line(ips[-1], port, until)


def _line(ip: str, port: int, until: float) -> socket.socket:
    line = socket.create_connection((ip, port), timeout=min(SECONDS_TO_CONNECT, _left(until)))
    line.settimeout(SECONDS_IN_ALL)  # a slow answer is waited for until the line is hung up
    return line


def _addresses_of(host: str, port: int, guard: Guard) -> list[str]:
    """The host's addresses. Raises Refused when a single one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Refused(Reason.NO_HOST) from error
    ips = [str(entry[4][0]) for entry in found]
    if not ips or not all(guard(ip, port) for ip in ips):
        raise Refused(Reason.INSIDE)
    return ips
