"""Stops what is done too often: counted in Redis, exact however many ask at once. See docs/adr/0028.

Each limit of `shop.limit_table` is a sliding window: a sorted set of the moments that still count. A refusal
counts nothing, so a set never holds more than its limit, and who waits as long as told gets in.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode
from django.utils.translation import ngettext

from shop import known

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)

PAGE = "429.html"
GMAIL = "gmail.com"  # where dots in a name count for nothing
# KEYS: a set for each limit. ARGV: now (ms), the act, whether to count it, then `most` and `within` (ms) of each.
# Answers the milliseconds until there is room under every one of them, and the number of the fullest.
COUNT = """
local now, act = tonumber(ARGV[1]), ARGV[2]
local wait, fullest = 0, 0
for i, key in ipairs(KEYS) do
  local most, within = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - within)
  local held = redis.call('ZCARD', key)
  if held >= most and not redis.call('ZSCORE', key, act) then
    local leaves = redis.call('ZRANGE', key, held - most, held - most, 'WITHSCORES')[2] + within - now
    if leaves > wait then wait, fullest = leaves, i end
  end
end
if wait == 0 and ARGV[3] == '1' then
  for i, key in ipairs(KEYS) do
    redis.call('ZADD', key, 'NX', ARGV[1], act)
    redis.call('PEXPIRE', key, ARGV[3 + 2 * i])
  end
end
return {wait, fullest}
"""
# KEYS: the sets. ARGV: the act.
TAKE_BACK = "for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end"


class TooMany(Exception):
    """A limit is used up. `retry_after` is in whole seconds, at least 1; `name` is the limit's."""

    def __init__(self, retry_after: int, name: str = "") -> None:
        super().__init__(name, retry_after)
        self.retry_after, self.name = retry_after, name

    @property
    def wait(self) -> str:
        """How long to wait, rounded up: `en minut`, `7 minuter`, `en timme`."""
        minutes = math.ceil(self.retry_after / 60)
        if minutes < 60:
            return ngettext("en minut", "%(count)s minuter", minutes) % {"count": minutes}
        hours = math.ceil(minutes / 60)
        return ngettext("en timme", "%(count)s timmar", hours) % {"count": hours}


# --- Counting --------------------------------------------------------------------------------------
def allow(name: str, subject: str, *, now: datetime, act: str = "") -> None:
    """Count one act of `subject` under the limit of that name. Raises TooMany, and KeyError for no such limit."""
    allow_all({name: subject}, now=now, act=act)


def allow_all(subjects: Mapping[str, str], *, now: datetime, act: str = "") -> None:
    """Count one act under each limit, `name: subject`, or under none when one is used up: one call to Redis.

    The same `act` (a checkout's key) counts once, so that a double click does. An empty subject is not counted:
    nobody knows whose it is. While Redis is silent everything is allowed, and the log says so. Call it outside
    of transactions. Raises TooMany, and KeyError for no such limit.
    """
    _ask(subjects, now=now, act=act or secrets.token_hex(8), counts=True)


def check(name: str, subject: str, *, now: datetime) -> None:
    """Raise TooMany if the limit is used up by now; count nothing."""
    _ask({name: subject}, now=now, act="", counts=False)


def take_back(subjects: Mapping[str, str], act: str) -> None:
    """Count an act no longer: it has turned out to be none of those that are to be few."""
    cast("Any", cache).run(TAKE_BACK, [_key(name, subject) for name, subject in subjects.items()], [act])


def forget(name: str, subject: str) -> bool:
    """Let somebody in again at once. False when nothing was counted."""
    return bool(cache.delete(_key(name, subject)))


def _ask(subjects: Mapping[str, str], *, now: datetime, act: str, counts: bool) -> None:
    limited = [
        (name, subject, limit)
        for name, subject in subjects.items()
        if (limit := settings.LIMITS[name]) is not None and subject
    ]
    if not limited:
        return
    keys = [_key(name, subject) for name, subject, _limit in limited]
    spans = [
        text for *_who, limit in limited for text in (limit.most, int(limit.within.total_seconds() * 1000))
    ]
    answer = cast("Any", cache).run(COUNT, keys, [int(now.timestamp() * 1000), act, int(counts), *spans])
    if answer is not None and (wait := int(answer[0])):
        raise TooMany(math.ceil(wait / 1000), limited[int(answer[1]) - 1][0])


def _key(name: str, subject: str) -> str:
    """Tells nobody who reads Redis whose address or e-mail it was."""
    digest = salted_hmac("shop.limits", f"{name}\x00{subject}", algorithm="sha256").hexdigest()
    return f"limit:{name}:{digest[:32]}"


def inbox(email: str) -> str:
    """The inbox behind an address: `Karin+sommar@…` is read by karin@…, `k.arin@googlemail.com` by karin@gmail.com."""
    name, _at, domain = email.lower().rpartition("@")
    name, domain = name.partition("+")[0], _as_looked_up(domain)
    return f"{name.replace('.', '')}@{GMAIL}" if domain in {GMAIL, "googlemail.com"} else f"{name}@{domain}"


def _as_looked_up(domain: str) -> str:
    """The name that servers are asked for (IDNA): wide letters and other forms of one sign lead to the same server."""
    try:
        return punycode(domain)
    except UnicodeError:
        return domain


# --- Telling ---------------------------------------------------------------------------------------
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """A page of its own that says when to come back. Where something was typed, show the form again instead."""
    page = render(request, PAGE, {"wait": error.wait, "company": known.company()})
    return marked(page, error)


def marked(response: Response, error: TooMany) -> Response:
    """Make a page that says so a 429 with Retry-After (RFC 6585 4)."""
    response.status_code = 429
    response.headers["Retry-After"] = str(error.retry_after)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def told(view: View[P]) -> View[P]:
    """Answer TooMany by the page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TooMany as error:
            return too_many(request, error)

    return cast("View[P]", answered)
