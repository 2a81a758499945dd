"""The fake over HTTP: authorisation, idempotency keys, faults, and a payment page for people."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.stripe_fake import forms, pages, webhooks
from tests.stripe_fake.errors import Refusal
from tests.stripe_fake.faults import Fault, Faults
from tests.stripe_fake.objects import Json, new_id
from tests.stripe_fake.service import Service

SILENCE_SECONDS = 60.0
FORGOTTEN = {401, 429, 503}  # said before the call is begun
SESSIONS = "/v1/checkout/sessions"


@dataclass(frozen=True)
class Call:
    """A request that came in, as tests may want to look at it."""

    operation: str
    subject: str
    form: str
    key: str
    version: str


@dataclass
class Answer:
    status: int
    body: Json
    replayed: bool = False


@dataclass
class Remembered:
    form: str
    path: str
    answer: Answer | None = None  # None while the first call is on its way


@dataclass
class StripeServer:
    """Start, stop, refuse connections, plan faults; `service` holds sessions, money and events."""

    port: int = 0
    api_key: str = "sk_test_fake"
    webhook_secret: str = "whsec_fake"
    webhook_url: str = ""  # events of the payment page and of /_control/ go here
    service: Service = field(default_factory=Service)
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    keys: dict[str, Remembered] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _http: ThreadingHTTPServer | None = None

    # --- Running -----------------------------------------------------------------------------------
    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> StripeServer:
        self._http = _Http(("127.0.0.1", self.port), _Handler)
        self._http.fake = self
        self.port = self._http.server_address[1]
        self.service.home = self.url
        self.released.clear()
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Also: refuse connections until `start` is called again; what is known stays."""
        self.released.set()
        if self._http:
            self._http.shutdown()
            self._http.server_close()
            self._http = None

    def fail(self, operation: str = "", **how: Any) -> None:
        """fail("create", silence=True, after_commit=True): see Fault."""
        self.faults.plan(Fault(operation, **how))

    def signed(self, event: Json, *, timestamp: int | None = None) -> tuple[str, str]:
        """The event's body and its Stripe-Signature."""
        return webhooks.signed(event, self.webhook_secret, timestamp=timestamp)

    def called(self, operation: str) -> list[Call]:
        return [call for call in self.calls if call.operation == operation]

    # --- One call ----------------------------------------------------------------------------------
    def answer(self, method: str, path: str, form: str, headers: Any) -> tuple[Answer, Fault]:
        operation, subject = _operation(method, path)
        call = Call(
            operation, subject, form, headers.get("Idempotency-Key", ""), headers.get("Stripe-Version", "")
        )
        fault = self.faults.take(
            operation
        )  # first: who sees that a call has come plans or makes the next one
        self.calls.append(call)
        try:
            self._admit(headers)
            if fault.unseen:
                return _planned(fault), fault
            return self._once(method, path, call, fault), fault
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body), fault

    def _admit(self, headers: Any) -> None:
        if headers.get("Authorization") != f"Bearer {self.api_key}":
            raise Refusal(401, "", "Invalid API Key provided.")
        if headers.get("Stripe-Version") != stripe.api_version:
            raise Refusal(400, "", f"This fake speaks {stripe.api_version} only.")

    def _once(self, method: str, path: str, call: Call, fault: Fault) -> Answer:
        """Stripe keeps the first answer under a key, a 500 too; not one to bad parameters or to a crowd."""
        if method != "POST":
            return self._do(call, fault)
        if kept := self._remember(path, call):
            return Answer(kept.status, kept.body, replayed=True)
        try:
            answer = self._do(call, fault)
        except Refusal:
            del self.keys[call.key]
            raise
        if answer.status in FORGOTTEN or (fault.does_nothing and not fault.status):
            del self.keys[call.key]
        else:
            self.keys[call.key].answer = answer
        return answer

    def _remember(self, path: str, call: Call) -> Answer | None:
        with self.lock:
            known = self.keys.setdefault(call.key, fresh := Remembered(call.form, path))
        if known is fresh:
            return None
        if (known.form, known.path) != (call.form, path):
            message = "Keys for idempotent requests can only be used with the same parameters."
            raise Refusal(400, "", message, kind="idempotency_error")
        if known.answer is None:
            raise Refusal(
                409,
                "idempotency_key_in_use",
                "There is currently another in-progress request using this key.",
            )
        return known.answer

    def _do(self, call: Call, fault: Fault) -> Answer:
        fault.pass_time(self.released)
        done = None if fault.does_nothing else self._carry_out(call)
        if fault.status:
            return _planned(fault)
        return Answer(200, done or {})

    def _carry_out(self, call: Call) -> Json:
        form, does = forms.decode(call.form), self.service
        with_form: dict[str, Callable[[Json], Json]] = {
            "create": does.create,
            "create_refund": does.create_refund,
            "refunds": does.list_refunds,
            "disputes": does.list_disputes,
            "payouts": does.list_payouts,
            "intents": does.list_intents,
        }
        with_both: dict[str, Callable[[str, Json], Json]] = {
            "retrieve": does.retrieve,
            "expire": does.expire,
        }
        with_name: dict[str, Callable[[str], Json]] = {
            "intent": does.intent,
            "refund": does.refund,
            "dispute": does.dispute,
            "payout": does.payout,
        }
        if call.operation in with_form:
            return with_form[call.operation](form)
        if call.operation in with_both:
            return with_both[call.operation](call.subject, form)
        if call.operation in with_name:
            return with_name[call.operation](call.subject)
        raise Refusal(404, "", "Unrecognized request URL.")


def _planned(fault: Fault) -> Answer:
    return Answer(fault.status, {"error": {"type": "api_error", "message": f"planned {fault.status}"}})


ADDRESSES = [
    ("POST", SESSIONS, "create"),
    ("GET", f"{SESSIONS}/([^/]+)", "retrieve"),
    ("POST", f"{SESSIONS}/([^/]+)/expire", "expire"),
    ("GET", "/v1/payment_intents", "intents"),
    ("GET", "/v1/payment_intents/([^/]+)", "intent"),
    ("POST", "/v1/refunds", "create_refund"),
    ("GET", "/v1/refunds", "refunds"),
    ("GET", "/v1/refunds/([^/]+)", "refund"),
    ("GET", "/v1/disputes", "disputes"),
    ("GET", "/v1/disputes/([^/]+)", "dispute"),
    ("GET", "/v1/payouts", "payouts"),
    ("GET", "/v1/payouts/([^/]+)", "payout"),
]


def _operation(method: str, path: str) -> tuple[str, str]:
    for verb, pattern, name in ADDRESSES:
        if verb == method and (match := re.fullmatch(pattern, path)):
            return name, "".join(match.groups())
    return "unknown", path


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    fake: StripeServer


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/v1/"):
            self._api("GET", parts.path, parts.query)
        else:
            self._page(*pages.show(self.server.fake, parts.path))

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if path.startswith("/v1/"):
            self._api("POST", path, form)
        else:
            self._page(*pages.act(self.server.fake, path, dict(parse_qsl(form))))

    def _api(self, method: str, path: str, form: str) -> None:
        answer, fault = self.server.fake.answer(method, path, form, self.headers)
        if fault.silence:
            self.server.fake.released.wait(SILENCE_SECONDS)
        if fault.silence or fault.drop:
            self.close_connection = True
            return
        headers = {"Content-Type": "application/json", "Request-Id": new_id("req")}
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        self._send(answer.status, headers, json.dumps(answer.body).encode(), drip=fault.drip)

    def _page(self, status: int, headers: dict[str, str], body: str) -> None:
        self._send(status, headers, body.encode())

    def _send(self, status: int, headers: dict[str, str], body: bytes, *, drip: float = 0) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in [body[at : at + 1] for at in range(len(body))] if drip else [body]:
                self.wfile.write(piece)
                if drip and self.server.fake.released.wait(drip):
                    return
        except (BrokenPipeError, ConnectionResetError):
            return  # the client has lost patience; that is what the test wants

    def log_message(self, *_args: Any) -> None:
        """Quiet."""
