"""Where a request comes from, as far as somebody vouches for it. See docs/adr/0028."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

HOUSEHOLD = 64  # the bits of IPv6 that one customer of a net is given at least (RFC 6177)
MOST_HOPS = 20
LONGEST = 64  # characters
# Some proxies add the port: `[2001:db8::1]:443`, `192.0.2.1:443`.
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|(\d+(?:\.\d+){3}):\d{1,5}")


def address(request: HttpRequest) -> str:
    """The visitor's address: IPv4 whole, IPv6 by its /64. Empty when nobody can tell.

    It is the other end of the connection. Only when that is a proxy of ours (TRUSTED_PROXIES) is its
    X-Forwarded-For read, from the right, where our proxies write; what stands left of the first stranger is
    that stranger's own word.
    """
    found = _traced(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if found is None:
        return ""
    return str(ipaddress.ip_network((found, HOUSEHOLD), strict=False)) if found.version == 6 else str(found)


def _traced(peer: str, forwarded: str) -> IpAddress | None:
    found = read(peer)
    if not _is_ours(found, peer):
        return found
    for said in reversed(forwarded.rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
        hop = read(said)
        if hop is None:
            return found
        found = hop
        if not _is_ours(hop):
            return hop
    return found


def _is_ours(hop: IpAddress | None, peer: str = "") -> bool:
    """A local socket has no address; who may open it stands on this machine."""
    if hop is None:
        return not peer and settings.TRUST_LOCAL_SOCKET
    return any(hop in network for network in settings.TRUSTED_PROXIES)


def read(text: str) -> IpAddress | None:
    """An address without port and zone, IPv4 inside IPv6 as IPv4; None for anything else."""
    written = text.strip()
    if len(written) > LONGEST:
        return None
    if port := WITH_PORT.fullmatch(written):
        written = port[1] or port[2] or ""
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
