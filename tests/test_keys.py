"""Every public address that ends in a key, found by walking the resolver: one that is new must be told of here.

A key that is almost right, another thing's, or a token that was tampered with is not found: in the same words, under
the same headers, for the same questions to the database, and nothing of what the right one opens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from cms.kalender import letters
from cms.kalender.models import EventPage, ReminderRequest, SignUp, SignUpState
from orders.models import Order, Quote
from shop import basket
from tests.factories import OrderFactory, QuoteFactory
from tests.shopping import fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SECRETS = ("hemlig", "Hemlig")


# --- What there is ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class World:
    """One of everything that has a key, and a neighbour of each."""

    order: Order
    waiting: Order
    quote: Quote
    wish: ReminderRequest
    signup: SignUp


def _order(number: int, **facts: Any) -> Order:
    made: Order = OrderFactory(email=f"hemlig{number}@bjorkvik.example", name="Karin Hemlig", **facts)
    return made


def _quote(number: int) -> Quote:
    made: Quote = QuoteFactory(
        at=timezone.now(),
        email=f"hemlig{number}@bjorkvik.example",
        name="Karin Hemlig",
        lines={"SKRIFTEN": 25},
    )
    return made


def _wish(number: int) -> ReminderRequest:
    event = next(event for event in EventPage.objects.upcoming(timezone.now()) if event.leads(timezone.now()))
    return ReminderRequest.objects.create(
        event=event,
        email=f"hemlig{number}@bjorkvik.example",
        lead=event.leads(timezone.now())[-1],
        asked_at=timezone.now(),
        due_at=event.starts_at,
    )


def _signup(number: int) -> SignUp:
    event = EventPage.objects.upcoming(timezone.now()).first()
    return SignUp.objects.create(
        event=event,
        form_key=f"hemlig{number}",
        state=SignUpState.GOING,
        places=1,
        email=f"hemlig{number}@bjorkvik.example",
        created_at=timezone.now(),
    )


@pytest.fixture(scope="module")
def made(demo: None, django_db_blocker: DjangoDbBlocker) -> World:
    """Made once; it goes with the demo."""
    with django_db_blocker.unblock():
        for number in (1, 2):
            _order(number, paid=True), _quote(number), _wish(number), _signup(number)
        return World(_order(3, paid=True), _order(4, at=timezone.now()), _quote(3), _wish(3), _signup(3))


@pytest.fixture
def world(made: World, db: None) -> World:
    """As it stands in the database: what a test writes on its rows stays in that test."""
    kept = {field.name: getattr(made, field.name) for field in fields_of(World)}
    return World(**{name: type(row)._default_manager.get(pk=row.pk) for name, row in kept.items()})


# --- Which addresses have a key --------------------------------------------------------------------
Key = Callable[[World], str]


def of_order(world: World) -> str:
    return str(world.order.key)


def of_waiting(world: World) -> str:
    return str(world.waiting.key)


def of_quote(world: World) -> str:
    return str(world.quote.key)


def of_session(world: World) -> str:
    from orders.payments.begin import begin

    begin(world.waiting, now=timezone.now())
    return str(world.waiting.attempts.latest("pk").session_id)


KEYED: dict[str, Key] = {
    "orders:status": of_order,
    "orders:receipt": of_order,
    "orders:order-again": of_order,
    "orders:call-off": of_order,
    "orders:complain": of_order,
    "orders:waiting": of_waiting,
    "orders:quote": of_quote,
    "orders:quote-pdf": of_quote,
    "orders:quote-accept": of_quote,
    "orders:quote-again": of_quote,
    "orders:practice": of_session,
    "kalender:reminder": lambda world: world.wish.key,
    "kalender:signup": lambda world: world.signup.key,
    "kalender:unsubscribe": lambda world: letters.token(world.wish),
}
# Why there is nothing to guess, or where it is guessed at.
OPEN = {
    "kalender:event_file": "an event's public name",
    "kalender:ask": "an event's public name",
    "kalender:feed_of_kind": "a kind's public name",
    "kalender:sign_up": "an event's public name",
    "kalender:signed_up": "an event's public name",
    "wagtail_serve": "a page's public name; pages kept for staff lead to the log-in",
    "wagtailcore_authenticate_with_password": "no page can have a password: WAGTAIL_PRIVATE_PAGE_OPTIONS",
    "wagtaildocs_serve": "tests/library/test_serving.py",
    "wagtaildocs_authenticate_with_password": "no collection can have one: WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS",
    "config.media.document": "tests/library/test_serving.py",
    "config.media.picture": "pictures that public pages show; tests/library/test_serving.py",
    "config.media.original": "tests/library/test_serving.py",
}


def walk(resolver: URLResolver, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[tuple[str, str]]:
    """(name, whole route) of each address with a part that varies."""
    for found in resolver.url_patterns:
        whole = route + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from walk(found, (*spaces, found.namespace) if found.namespace else spaces, whole)
        elif isinstance(found, URLPattern) and found.pattern.regex.groups:
            view: Any = found.callback
            yield ":".join((*spaces, found.name or f"{view.__module__}.{view.__name__}")), whole


def test_each_public_address_with_a_key_is_guessed_at_below():
    staff = ("admin/", "dev/")
    found = {name for name, route in walk(get_resolver()) if not route.lstrip("^").startswith(staff)}
    assert found == KEYED.keys() | OPEN.keys()


# --- Guessing --------------------------------------------------------------------------------------
def guesses(world: World, key: str) -> list[str]:
    """What a stranger makes of a key read over a shoulder, of numbers, and of keys and tokens for something else."""
    turned = "b" if key[0] == "a" else "a"
    last = key[:-1] + ("b" if key[-1] == "a" else "a")
    close = [key[:-1], f"{key}x", key.swapcase(), turned + key[1:], last, key[::-1]]
    numbers = [str(world.order.pk), str(world.order.number), str(world.quote.number)]
    orders = [] if key in {of_order(world), of_waiting(world)} else [of_order(world)]
    others = [*orders, of_quote(world), world.wish.key, letters.token(world.wish)]
    tokens = [
        letters.token(world.wish).replace(str(world.wish.pk), str(world.wish.pk - 1), 1),
        signing.Signer().sign(str(world.wish.pk)),
        signing.dumps({"k": "", "r": []}, salt=basket.SALT).replace(":", "."),
    ]
    all_of_them = [*close, *numbers, *others, *tokens, "nix", "0", "a" * 40, "x" * 500]
    return [guess for guess in all_of_them if guess != key]


def address(name: str, key: str) -> str:
    """Empty for what the address cannot even be asked with."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def answers(where: str) -> list[Any]:
    return [Client().get(where), Client().head(where), Client().post(where)]


def plain(answer: Any, guess: str) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """The answer without the guess in it."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"Content-Length"}}
    body = answer.content.decode().replace(f"/{guess}/", "/K/")
    return answer.status_code, tuple(sorted(headers.items())), re.sub(r"\s+", " ", body)


@pytest.mark.parametrize("name", KEYED)
def test_what_is_not_the_key_is_not_found_and_all_of_it_alike(world, name):
    key = KEYED[name](world)
    asked = {guess: where for guess in guesses(world, key) if (where := address(name, guess))}
    answers(next(iter(asked.values())))  # what a process remembers
    seen, costs = set(), set()
    for guess, where in asked.items():
        with CaptureQueriesContext(connection) as questions:
            got = answers(where)
        costs.add(len(questions))
        told = tuple(plain(answer, guess) for answer in got)
        assert {answer.status_code for answer in got} <= {404, 405}, guess
        assert not any(secret in body for _code, _headers, body in told for secret in SECRETS), guess
        seen.add(told)
    assert (len(seen), len(costs)) == (1, 1)
    assert any(answer.status_code < 400 for answer in answers(address(name, key))), "the right one opens it"


@pytest.mark.parametrize("name", KEYED)
def test_in_english_no_more_is_found(world, name):
    with translation.override("en"):
        wrong = address(name, KEYED[name](world).swapcase())
    assert {answer.status_code for answer in answers(wrong)} <= {404, 405}


def test_the_form_for_withdrawing_knows_no_more_than_it_is_told(world):
    pages = {text(Client().get("/angra/"))}
    for guess in guesses(world, of_order(world)):
        page = Client().get("/angra/", {"order": guess})
        assert fields(page)["email"] == ""
        pages.add(text(page))
    assert len(pages) == 1
    assert fields(Client().get("/angra/", {"order": of_order(world)}))["email"] == world.order.email


def test_the_number_of_another_s_order_tells_nothing_of_it_to_who_withdraws(world):
    """The notice is taken: the right stands. The answer is the same for an order that is not there."""
    stated = {"name": "Eva", "email": "eva@bjorkvik.example", "rows": ""}
    number, nobody_s = str(world.order.number), "VS-2026-999999"
    with time_machine.travel(timezone.now(), tick=False):
        pages = [
            Client()
            .post("/angra/bekrafta/", {**stated, "order_number": asked})
            .content.decode()
            .replace(asked, "N")
            for asked in (number, nobody_s)
        ]
    assert pages[0] == pages[1]
    assert not any(secret in pages[0] for secret in SECRETS)
