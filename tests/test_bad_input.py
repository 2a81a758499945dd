"""Every public form, found by walking the resolver, and what no browser would send: a sentence, never a fault of ours.

One that is new must be told of here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import process_time
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from cms.kalender.models import EventPage, ReminderRequest, SignUp
from orders.models import Order, Quote, Wish
from tests.factories import OrderFactory
from tests.shopping import KARIN, KOMMUN, Shopper, fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

FORM = "application/x-www-form-urlencoded"
Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """Where it is sent, by whom, and what a careful person writes."""

    where: str
    by: Client
    written: Answers


# --- The forms -------------------------------------------------------------------------------------
def shopper(sku: str = "SKRIFTEN", quantity: int = 25) -> Shopper:
    one = Shopper()
    one.put(sku, quantity)
    return one


def checkout() -> Form:
    one = shopper()
    return Form("/kassa/", one.client, {**one.form(), **KOMMUN, "deliveries": ""})


def quoting() -> Form:
    one = shopper()
    who = {"organisation": "Björkviks skola", "name": "Karin Ek", "email": "karin@bjorkvik.example"}
    return Form("/offert/", one.client, {**fields(one.client.get("/offert/")), **who})


def quote() -> Quote:
    asked = quoting()
    asked.by.post(asked.where, asked.written)
    return Quote.objects.latest("pk")


def accepting() -> Form:
    who = {"accepter_name": "Åsa", "accepter_email": "asa@bjorkvik.example", "accepter_role": "rektor"}
    return Form(f"/offert/{quote().key}/acceptera/", Client(), {**KOMMUN, **who})


def order(**facts: Any) -> Order:
    made: Order = OrderFactory(**facts)
    return made


def complaining() -> Form:
    sent = order(sent=True)
    row = str(sent.lines.get().position)
    return Form(
        f"/order/{sent.key}/reklamera/", Client(), {"rows": row, "fault": "Våt", "wish": Wish.values[0]}
    )


def withdrawing(where: str) -> Form:
    sent = order(sent=True)
    row = f"row-{sent.lines.get().position}"
    known = {"name": sent.name, "order_number": str(sent.number), "email": sent.email, "order": str(sent.key)}
    return Form(where, Client(), {**known, row: "1"})


def waiting() -> Form:
    one = shopper(quantity=1)
    one.order(KARIN)
    key = Order.objects.latest("pk").key
    return Form(f"/kassa/vantar/{key}/", Client(), {"do": "pay", "payment": "card"})


def practising() -> Form:
    waiting()
    return Form(Order.objects.latest("pk").attempts.get().url, Client(), {"action": "pay"})


def event() -> EventPage:
    events = EventPage.objects.upcoming(timezone.now())
    found: EventPage = next(event for event in events if event.leads(timezone.now()))
    return found


def reminding() -> Form:
    chosen = event()
    lead = chosen.leads(timezone.now())[-1]
    return Form(f"/kalender/{chosen.slug}/paminn/", Client(), {"email": "k@bjorkvik.example", "lead": lead})


def reminder() -> Form:
    reminding().by.post(reminding().where, reminding().written)
    return Form(f"/paminnelse/{ReminderRequest.objects.latest('pk').key}/", Client(), {"remove": "1"})


def signing_up() -> Form:
    EventPage.objects.filter(pk=event().pk).update(signup=True)
    names = {"names": "Karin Ek\nAnders Ek", "email": "k@bjorkvik.example", "phone": "0510-123 45"}
    more = {"organisation": "Skolan", "needs": "Vegansk mat", "needs_agreed": "1", "signup_key": "a" * 32}
    return Form(f"/kalender/{event().slug}/anmalan/", Client(), {**names, **more})


def signed_up() -> Form:
    signing_up().by.post(signing_up().where, signing_up().written)
    return Form(f"/anmalan/{SignUp.objects.latest('pk').key}/", Client(), {"accept": "1", "cancel": ""})


def contact() -> Form:
    words = {"name": "Karin Ek", "email": "k@bjorkvik.example", "message": "Hej"}
    return Form("/forfragan/kontakt/", Client(), {"kind": "", **words})


def booking() -> Form:
    more = {"organisation": "Skolan", "people": "ca 40", "wished": "i maj", "phone": "0510-123 45"}
    return Form("/forfragan/", Client(), {**contact().written, **more, "kind": "workshop"})


FORMS: dict[str, Callable[[], Form]] = {
    "orders:checkout": checkout,
    "orders:quote-ask": quoting,
    "orders:quote-accept": accepting,
    "orders:quote-again": lambda: Form(f"/offert/{quote().key}/ny/", Client(), {"x": ""}),
    "orders:order-again": lambda: Form(f"/order/{order(paid=True).key}/igen/", Client(), {"x": ""}),
    "orders:call-off": lambda: Form(f"/order/{order(paid=True).key}/avbestall/", Client(), {"x": ""}),
    "orders:complain": complaining,
    "orders:withdraw": lambda: withdrawing("/angra/"),
    "orders:withdraw-confirm": lambda: withdrawing("/angra/bekrafta/"),
    "orders:waiting": waiting,
    "orders:practice": practising,
    "shop:add": lambda: Form("/varukorg/lagg-till/", Client(), {"sku": "SKRIFTEN", "quantity": "1"}),
    "shop:basket": lambda: Form("/varukorg/", shopper().client, {"quantity-SKRIFTEN": "2", "remove": ""}),
    "shop:prices": lambda: Form("/varukorg/priser/", Client(), {"prices": "utan", "back": "/"}),
    "kalender:ask": reminding,
    "kalender:reminder": reminder,
    "kalender:sign_up": signing_up,
    "kalender:signup": signed_up,
    "enquiries:contact": contact,
    "enquiries:booking": booking,
}
# The login is the admin's (tests/limits/test_login.py), the webhook Stripe's (tests/orders/payments/test_webhook.py),
# and unsubscribing takes whatever a mail provider sends (tests/kalender).
ELSEWHERE = {"kalender:unsubscribe"}
EACH = pytest.mark.parametrize("name", FORMS)


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from names(found, found.namespace or space)
        elif space in {"orders", "shop", "kalender", "enquiries", "cms"}:
            yield f"{space}:{found.name}"


def test_each_public_address_that_takes_a_form_is_tried_below():
    """What refuses POST says so before it looks at anything else."""
    reads = {
        "orders:status",
        "orders:receipt",
        "orders:quote",
        "orders:quote-pdf",
        "kalender:feed",
        "kalender:feed_of_kind",
    }
    reads |= {"kalender:event_file", "kalender:signed_up", "enquiries:thanks", "cms:search", "cms:feed"}
    assert set(names(get_resolver())) == FORMS.keys() | ELSEWHERE | reads


@pytest.mark.parametrize(
    "where", ["/order/nix/", "/order/nix/kvitto.pdf", "/offert/nix/", "/offert/nix/offert.pdf", "/kalender.ics",
              "/kalender/nix.ics", "/kalender-kurs.ics", "/forfragan/tack/", "/sok/", "/flode.xml"],
)  # fmt: skip
def test_what_is_only_read_takes_no_form(client, where):
    assert client.post(where, {"x": "1"}).status_code == 405


# --- What is sent ----------------------------------------------------------------------------------
BAD = {
    "long": "x" * 10_000,
    "accents": "e" + "\u0301\u0316" * 7_000,
    "markup": "<script>alert(1)</script>\"'>",
    "emoji": "👩‍👩‍👧‍👦🇸🇪" * 20,
    "turned": "\u202eabc\u202c",
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "a second head": "a@b.example\r\nBcc: c@d.example",
    "unseen": "\u200b\u2060",
    "digits": "9" * 5000,
    "other digits": "١٢٣",
    "percent": "%s%(wait)s{0}{{x}}",
    "lines": "\x0b\x0c\x1c\x85\u2028",
}


def encoded(answers: dict[str, str]) -> str:
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in answers.items()
    )


def send(form: Form, body: str | bytes, content_type: str = FORM, method: str = "POST") -> Any:
    data = body.encode() if isinstance(body, str) else body
    return form.by.generic(method, form.where, data, content_type)


def is_told(page: Any) -> bool:
    """A page of ours with words, or a way on: never a fault of ours."""
    if page.status_code >= 500:
        return False
    return page.status_code in {302, 303, 405} or len(text(page)) > 20


@EACH
def test_bad_words_in_every_field_at_once_are_answered_in_a_moment(name):
    form = FORMS[name]()
    keys = {"order": form.written["order"]} if "order" in form.written else {}
    for kind, bad in BAD.items():
        begun = process_time()
        page = send(form, encoded({**dict.fromkeys(form.written, bad), **keys}))
        taken = process_time() - begun
        assert is_told(page), (kind, page.status_code)
        assert taken < 1, kind
        assert "<script>alert(1)" not in page.content.decode()


SENT: dict[str, Callable[[Answers], tuple[str | bytes, str]]] = {
    "nothing": lambda _answers: ("", FORM),
    "json": lambda answers: (json.dumps(answers), "application/json"),
    "plain text": lambda answers: (encoded(answers), "text/plain"),
    "no type": lambda answers: (encoded(answers), ""),
    "parts without a boundary": lambda answers: (encoded(answers), "multipart/form-data"),
    "parts cut off": lambda _answers: ("--x\r\n\r\nabc", "multipart/form-data; boundary=x"),
    "latin-1": lambda _answers: (
        "&".join(f"{name}=Bj\xf6rk%F6" for name in _answers).encode("latin-1"),
        FORM,
    ),
    "utf-16": lambda answers: (encoded(answers).encode("utf-16"), FORM),
    "another charset": lambda answers: (encoded(answers), f"{FORM}; charset=utf-7"),
    "null characters": lambda _answers: ("a=\x00&\x00=b&%00=%00", FORM),
    "all of it twice": lambda answers: (f"{encoded(answers)}&{encoded(answers)}", FORM),
    "a second time wrong": lambda answers: (
        f"{encoded(answers)}&{encoded(dict.fromkeys(answers, 'zz'))}",
        FORM,
    ),
    "broken percents": lambda _answers: ("name=%zz%&=&&&%ff=%fe", FORM),
    "too many fields": lambda _answers: ("&".join(f"a{number}=1" for number in range(12_000)), FORM),
    "too large": lambda _answers: ("name=" + "a" * 3_000_000, FORM),
}


@EACH
def test_a_form_in_any_other_shape_is_answered(name):
    form = FORMS[name]()
    for shape, sent in SENT.items():
        page = send(form, *sent(form.written))
        assert is_told(page), (shape, page.status_code)


@EACH
def test_each_field_may_be_missing(name):
    form = FORMS[name]()
    for missing in form.written:
        rest = {field: value for field, value in form.written.items() if field != missing}
        assert is_told(send(form, encoded(rest))), missing


@EACH
def test_other_methods_change_nothing(name):
    form = FORMS[name]()
    letters, orders = Order.objects.count(), Quote.objects.count()
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "NIX"):
        assert send(form, encoded(form.written), method=method).status_code in {200, 303, 405}, method
    assert (Order.objects.count(), Quote.objects.count()) == (letters, orders)


# --- Nothing typed is lost -------------------------------------------------------------------------
KEPT = {
    "orders:checkout": (
        "name",
        "address_line1",
        "city",
        "greeting",
        "reference",
        "deliveries",
        "organisation",
    ),
    "orders:quote-ask": ("organisation", "name", "reference"),
    "orders:quote-accept": ("accepter_name", "accepter_role", "name", "city"),
    "orders:complain": ("fault",),
    "orders:withdraw": ("name", "order_number"),
    "orders:withdraw-confirm": ("name", "order_number"),
    "enquiries:contact": ("name", "message"),
    "enquiries:booking": ("name", "organisation", "message", "wished", "people"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_was_typed_stands_there_to_be_mended(name):
    form = FORMS[name]()
    missing = {field: "" for field in form.written if field in {"email", "accepter_email", "wish"}}
    for typed in ("markup", "emoji", "turned", "percent", "long"):
        wrong = dict.fromkeys(KEPT[name], BAD[typed])
        page = send(form, encoded({**form.written, **wrong, **missing}))
        assert page.status_code == 422
        stands = fields(page)
        assert {field: stands[field] for field in wrong} == wrong, typed
