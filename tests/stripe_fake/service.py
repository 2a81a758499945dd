"""What the fake Stripe knows and does, without HTTP: sessions, payments, events, remembered answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from stripe.params.checkout import SessionCreateParams, SessionExpireParams, SessionRetrieveParams

from tests.stripe_fake import objects
from tests.stripe_fake.books import Books
from tests.stripe_fake.errors import Refusal, Wrong
from tests.stripe_fake.ledger import Money
from tests.stripe_fake.objects import Json
from tests.stripe_fake.walker import check

HALF_HOUR, DAY = 1_800, 86_400
SMALLEST_SEK = 300


@dataclass
class Service(Books):
    """Amounts, states and times as Stripe keeps them."""

    sessions: dict[str, Json] = field(default_factory=dict)
    asked_for: dict[str, Json] = field(default_factory=dict)

    # --- What the API offers ---------------------------------------------------------------------
    def create(self, form: Json) -> Json:
        params = check(form, SessionCreateParams)
        total = self._total(params)
        self._check_sense(params, total)
        with self.lock:
            made = objects.session(params, total=total, now=self.now(), home=self.home)
            self.sessions[made["id"]] = made
            self.asked_for[made["id"]] = params
        return made

    def retrieve(self, session_id: str, form: Json) -> Json:
        params = check(form, SessionRetrieveParams)
        found = dict(self.session(session_id))
        if "payment_intent" in params.get("expand", []) and found["payment_intent"]:
            found["payment_intent"] = self.intents[found["payment_intent"]]
        return found

    def expire(self, session_id: str, form: Json) -> Json:
        check(form, SessionExpireParams)
        with self.lock:
            found = self.session(session_id)
            if found["status"] != "open":
                raise Refusal(
                    400, "", f"Only open Checkout Sessions can be expired; this one is {found['status']}."
                )
            self._end(found)
        return found

    # --- What buyers and time do -----------------------------------------------------------------
    def session(self, session_id: str) -> Json:
        with self.lock:
            found = self.sessions.get(session_id)
            if found is None:
                raise Refusal(
                    404, "resource_missing", f"No such checkout.session: '{session_id}'", param="session"
                )
            if found["status"] == "open" and found["expires_at"] <= self.clock():
                self._end(found)
            return found

    def pay(self, session_id: str) -> Json:
        """The buyer pays at once; the event that tells of it."""
        return self._complete(session_id, paid=True)

    def pay_later(self, session_id: str) -> Json:
        """The buyer is done, the money is still on its way; see `succeed` and `fail`."""
        return self._complete(session_id, paid=False)

    def succeed(self, session_id: str) -> Json:
        with self.lock:
            found = self.session(session_id)
            self._take(found)
            return self.told("checkout.session.async_payment_succeeded", found)

    def fail(self, session_id: str) -> Json:
        with self.lock:
            found = self.session(session_id)
            self.intents[found["payment_intent"]]["status"] = "requires_payment_method"
            return self.told("checkout.session.async_payment_failed", found)

    def time_out(self, session_id: str) -> Json:
        """The session's own time is over."""
        with self.lock:
            return self._end(self.session(session_id))

    def tell(self, kind: str, session_id: str) -> Json:
        """An event of any kind about a session as it is now: late, early or out of order."""
        return self.told(kind, self.session(session_id))

    def change(self, session_id: str, **facts: object) -> None:
        """Make the session something that we never asked for."""
        self.sessions[session_id].update(facts)

    def report(self) -> Json:
        """All money taken and sent back, for comparison to the öre."""
        with self.lock:
            sent_back = self.sent_back()
            return {
                "total_ore": sum(row.amount_ore for row in self.money),
                "by_order": self._taken(),
                "sent_back_ore": sum(sent_back.values()),
                "sent_back_by_order": sent_back,
                "payments": [vars(row) for row in self.money],
                "sessions": {key: found["status"] for key, found in self.sessions.items()},
            }

    def _taken(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for row in self.money:
            sums[row.order_number] = sums.get(row.order_number, 0) + row.amount_ore
        return sums

    # --- Inside ----------------------------------------------------------------------------------
    def _complete(self, session_id: str, *, paid: bool) -> Json:
        with self.lock:
            found = self.session(session_id)
            if found["status"] != "open":
                raise Refusal(400, "session_not_open", f"The session is {found['status']}.")
            made = objects.intent(found, self.asked_for[session_id], status="processing", now=self.now())
            self.intents[made["id"]] = made
            found.update(status="complete", payment_intent=made["id"], url=None)
            if paid:
                self._take(found)
            return self.told("checkout.session.completed", found)

    def _take(self, found: Json) -> None:
        intent = self.intents[found["payment_intent"]]
        if intent["status"] == "succeeded":
            raise Refusal(400, "payment_intent_unexpected_state", "It is paid.")
        charge = objects.charge(intent, now=self.now())
        self.charges[charge["id"]] = charge
        intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"])
        found["payment_status"] = "paid"
        self.money.append(
            Money(intent["id"], found["client_reference_id"], intent["amount"], intent["currency"])
        )

    def _end(self, found: Json) -> Json:
        found.update(status="expired", url=None)
        return self.told("checkout.session.expired", found)

    def _total(self, params: Json) -> int:
        total = 0
        for place, item in enumerate(params.get("line_items", [])):
            data = item.get("price_data")
            if (
                not data
                or not data.get("product_data")
                or "unit_amount" not in data
                or "quantity" not in item
            ):
                raise Wrong(
                    "parameter_missing", f"line_items[{place}]", "This fake wants whole inline prices."
                )
            if data["unit_amount"] < 0 or item["quantity"] < 1 or data["currency"] != "sek":
                raise Wrong(
                    "parameter_invalid", f"line_items[{place}]", "Invalid amount, quantity or currency."
                )
            total += data["unit_amount"] * item["quantity"]
        return total

    def _check_sense(self, params: Json, total: int) -> None:
        """What Stripe demands beyond the types."""
        for name in ("mode", "line_items", "success_url"):
            if name not in params:
                raise Wrong("parameter_missing", name, f"Missing required param: {name}.")
        if params["mode"] != "payment":
            raise Wrong("parameter_invalid", "mode", "This fake knows payments only.")
        if len(params["line_items"]) > 100:
            raise Wrong("parameter_invalid", "line_items", "At most 100 line items.")
        if total < SMALLEST_SEK:
            raise Wrong("amount_too_small", "", "The total must be at least 3,00 kr.")
        if not HALF_HOUR <= params.get("expires_at", self.now() + DAY) - self.now() <= DAY:
            raise Wrong(
                "parameter_invalid", "expires_at", "expires_at must be 30 minutes to 24 hours from now."
            )
