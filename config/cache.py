"""A cache that forgets instead of failing: a page must not fall because Redis has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisDown
from redis.exceptions import ResponseError as RedisRefuses
from redis.exceptions import TimeoutError as RedisSlow

log = logging.getLogger(__name__)

# After a silence the server is left alone for so long: a page asks a dozen times, and each would wait anew.
REST_SECONDS = 5.0
# Never left out: what was not taken away would be shown again.
ALWAYS_TRIED = {"delete", "delete_many", "clear"}


class ScriptingClient(RedisCacheClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}
        self._scripts: dict[str, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """Always the same: to make one, as Django does for each question, takes as long as to ask."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Run a Lua script: one call, and nobody else's comes in between. The server keeps it after the first."""
        if script not in self._scripts:
            self._scripts[script] = self.get_client(write=True).register_script(script)
        return self._scripts[script](keys, arguments)


def forgetting(name: str, answer: Any) -> Callable[..., Any]:
    """The client's method of that name, answering `answer` when the server does not."""
    method = getattr(ScriptingClient, name)

    @wraps(method)
    def call(self: ForgettingClient, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.rests_until or name in ALWAYS_TRIED:
            try:
                return method(self, *args, **kwargs)
            except (RedisDown, RedisSlow, RedisRefuses) as fault:
                log.warning("cache.%s: %s", name, fault)
                self.rests_until = time.monotonic() + REST_SECONDS
        return answer(args, kwargs) if callable(answer) else answer

    return call


def _default(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the caller of get(key, default) asked for when there is nothing."""
    return kwargs.get("default", args[1] if len(args) > 1 else None)


class ForgettingClient(ScriptingClient):
    rests_until = 0.0  # of this thread's client, by the monotonic clock

    get = forgetting("get", _default)
    get_many = forgetting("get_many", lambda _args, _kwargs: {})
    has_key = forgetting("has_key", False)
    add = forgetting("add", False)
    set = forgetting("set", None)
    set_many = forgetting("set_many", None)
    touch = forgetting("touch", False)
    delete = forgetting("delete", False)
    delete_many = forgetting("delete_many", None)
    clear = forgetting("clear", False)
    run = forgetting("run", None)


class ForgettingCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgettingClient

    def run(self, script: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """What a Lua script answers; None when the server does not. `keys` are the cache's own."""
        client: Any = self._cache
        return client.run(script, [self.make_and_validate_key(key) for key in keys], arguments)
