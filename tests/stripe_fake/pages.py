"""For people and for other processes: a payment page, controls and a report.

`POST /_control/pay` with `session=…` does what Service.pay does; so with the other names in CONTROLS,
and with those in MONEY_CONTROLS and `intent=`, `refund=`, `dispute=`, `amount=`.
`POST /_control/fail` plans a fault: `operation=create&status=500&times=2`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from tests.stripe_fake import webhooks
from tests.stripe_fake.errors import Refusal
from tests.stripe_fake.objects import Json

if TYPE_CHECKING:
    from tests.stripe_fake.server import StripeServer

Page = tuple[int, dict[str, str], str]

MONEY_CONTROLS = {"refund", "finish_refund", "fail_refund", "dispute", "close_dispute", "pay_out"}
CONTROLS = {"pay", "pay_later", "succeed", "fail_payment", "time_out"}
NUMBERS = {"times": int, "delay": float, "status": int, "drip": float}
SWITCHES = {"after_commit", "silence", "drop"}


def show(fake: StripeServer, path: str) -> Page:
    if path == "/_report":
        return _json(200, fake.service.report())
    if not path.startswith("/pay/"):
        return _json(404, {"error": path})
    session = fake.service.sessions.get(path.removeprefix("/pay/"))
    return _html(session) if session else _json(404, {"error": path})


def act(fake: StripeServer, path: str, fields: Mapping[str, str]) -> Page:
    try:
        if path.startswith("/pay/"):
            return _press(fake, path.removeprefix("/pay/"), fields.get("action", ""))
        return _control(fake, path.removeprefix("/_control/"), fields)
    except Refusal as refusal:
        return _json(refusal.status, refusal.body)


def _press(fake: StripeServer, session_id: str, action: str) -> Page:
    session = fake.service.session(session_id)
    home = str(session["success_url"])
    if action == "pay":
        _tell(fake, fake.service.pay(session_id))
    else:
        home = str(session["cancel_url"])
    return 303, {"Location": home}, ""


def _control(fake: StripeServer, name: str, fields: Mapping[str, str]) -> Page:
    if name == "fail":
        numbers = {key: NUMBERS[key](value) for key, value in fields.items() if key in NUMBERS}
        switches = {key: True for key in fields if key in SWITCHES}
        fake.fail(fields.get("operation", ""), **numbers, **switches)
        return _json(200, {})
    if name == "advance":
        fake.service.advance(float(fields["seconds"]))
        return _json(200, {})
    if name in MONEY_CONTROLS:
        return _json(200, _money_control(fake, name, fields))
    if name not in CONTROLS:
        return _json(404, {"error": name})
    event = getattr(fake.service, "fail" if name == "fail_payment" else name)(fields["session"])
    if not fields.get("silent"):
        _tell(fake, event)
    return _json(200, event)


def _money_control(fake: StripeServer, name: str, fields: Mapping[str, str]) -> Json:
    """What happens to money afterwards; all events that tell of it."""
    service, amount = fake.service, int(fields["amount"]) if "amount" in fields else None
    before = len(service.events)
    if name == "refund":
        service.refund_by_hand(fields["intent"], amount)
    elif name == "finish_refund":
        service.finish_refund(fields["refund"])
    elif name == "fail_refund":
        service.fail_refund(fields["refund"], fields.get("reason", "lost_or_stolen_card"))
    elif name == "dispute":
        service.open_dispute(fields["intent"], amount)
    elif name == "close_dispute":
        service.close_dispute(fields["dispute"], fields["status"])
    else:
        service.pay_out(amount or 0)
    told = service.events[before:]
    for event in told if not fields.get("silent") else []:
        _tell(fake, event)
    return {"events": told}


def _tell(fake: StripeServer, event: Json) -> None:
    if fake.webhook_url and not fake.service.carrier:
        webhooks.post(fake.webhook_url, event, fake.webhook_secret)


def _json(status: int, body: Json) -> Page:
    return status, {"Content-Type": "application/json"}, json.dumps(body)


def _html(session: Json) -> Page:
    """The fields that a person wants to see, and two buttons."""
    number, amount = escape(str(session["client_reference_id"])), session["amount_total"] / 100
    body = (
        f"<!doctype html><html lang=sv><title>Låtsas-Stripe</title><h1>{number}: {amount:.2f} kr</h1>"
        f"<p>{escape(session['status'])}</p><form method=post><button name=action value=pay>Betala</button>"
        "<button name=action value=cancel>Avbryt</button></form>"
    )
    return 200, {"Content-Type": "text/html; charset=utf-8"}, body
