"""Money that leaves again: refunds, disputes, payouts, and the lists by which a shop compares its books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stripe.params import (
    DisputeListParams,
    PaymentIntentListParams,
    PayoutListParams,
    RefundCreateParams,
    RefundListParams,
)

from tests.stripe_fake import objects
from tests.stripe_fake.errors import Refusal, Wrong
from tests.stripe_fake.ledger import Ledger, found
from tests.stripe_fake.objects import Json
from tests.stripe_fake.walker import check

USUAL_PAGE, LARGEST_PAGE = 10, 100
WITHOUT_EFFECT = {"failed", "canceled"}


@dataclass
class Books(Ledger):
    refunds: dict[str, Json] = field(default_factory=dict)
    disputes: dict[str, Json] = field(default_factory=dict)
    payouts: dict[str, Json] = field(default_factory=dict)
    refund_status: str = "succeeded"  # of refunds to come; "pending" needs `finish_refund`
    largest_page: int = LARGEST_PAGE  # a test that wants many pages of few rows sets it

    # --- What the API offers ---------------------------------------------------------------------
    def create_refund(self, form: Json) -> Json:
        params = check(form, RefundCreateParams)
        if ("payment_intent" in params) == ("charge" in params):
            raise Wrong("parameter_missing", "payment_intent", "One of charge or payment_intent is required.")
        with self.lock:
            intent = self.intent(params.get("payment_intent") or self._intent_of(params["charge"]))
            return self._refund(intent, params.get("amount"), params.get("metadata", {}))

    def refund(self, refund_id: str) -> Json:
        return found(self.refunds, refund_id, "refund")

    def dispute(self, dispute_id: str) -> Json:
        return found(self.disputes, dispute_id, "dispute")

    def payout(self, payout_id: str) -> Json:
        return found(self.payouts, payout_id, "payout")

    def list_refunds(self, form: Json) -> Json:
        return self._list(self.refunds, check(form, RefundListParams), "/v1/refunds")

    def list_disputes(self, form: Json) -> Json:
        return self._list(self.disputes, check(form, DisputeListParams), "/v1/disputes")

    def list_payouts(self, form: Json) -> Json:
        return self._list(self.payouts, check(form, PayoutListParams), "/v1/payouts")

    def list_intents(self, form: Json) -> Json:
        return self._list(self.intents, check(form, PaymentIntentListParams), "/v1/payment_intents")

    # --- What people, banks and time do ------------------------------------------------------------
    def refund_by_hand(self, intent_id: str, amount: int | None = None) -> list[Json]:
        """Somebody presses the button in Stripe's own dashboard; the events that tell of it."""
        with self.lock:
            before = len(self.events)
            self._refund(self.intent(intent_id), amount, {})
            return self.events[before:]

    def finish_refund(self, refund_id: str) -> list[Json]:
        """A pending refund has come."""
        with self.lock:
            sent = self.refund(refund_id)
            sent["status"] = "succeeded"
            return [self.told("refund.updated", sent)]

    def fail_refund(self, refund_id: str, reason: str = "lost_or_stolen_card") -> list[Json]:
        """The buyer's bank did not take it, perhaps weeks later: the money is the shop's again."""
        with self.lock:
            sent = self.refund(refund_id)
            sent.update(status="failed", failure_reason=reason)
            self._recount(self.intents[sent["payment_intent"]])
            return [self.told("refund.failed", sent), self.told("charge.refund.updated", sent)]

    def open_dispute(
        self, intent_id: str, amount: int | None = None, *, reason: str = "fraudulent", days: int = 7
    ) -> Json:
        with self.lock:
            due = self.now() + days * 86_400
            made = objects.dispute(self.intent(intent_id), amount, reason, due=due, now=self.now())
            self.disputes[made["id"]] = made
            return self.told("charge.dispute.created", made)

    def close_dispute(self, dispute_id: str, status: str) -> Json:
        """`won` or `lost`."""
        with self.lock:
            closed = self.dispute(dispute_id)
            closed["status"] = status
            return self.told("charge.dispute.closed", closed)

    def pay_out(self, amount: int, *, days: int = 2) -> Json:
        with self.lock:
            made = objects.payout(amount, arrives=self.now() + days * 86_400, now=self.now())
            self.payouts[made["id"]] = made
            return self.told("payout.paid", made)

    def tell_again(self, kind: str, thing: Json) -> Json:
        """An event of any kind about a thing as it is now: late, early or out of order."""
        return self.told(kind, thing)

    def sent_back(self) -> dict[str, int]:
        """Öre that has left each order's payments, on its way or come, and what disputes have taken."""
        sums: dict[str, int] = {}
        gone = [row for row in self.refunds.values() if row["status"] not in WITHOUT_EFFECT]
        lost = [row for row in self.disputes.values() if row["status"] == "lost"]
        for row in [*gone, *lost]:
            number = self.intents[row["payment_intent"]]["metadata"].get("order_number", "")
            sums[number] = sums.get(number, 0) + row["amount"]
        return sums

    # --- Inside ----------------------------------------------------------------------------------
    def _intent_of(self, charge_id: str) -> str:
        return str(found(self.charges, charge_id, "charge")["payment_intent"])

    def _refund(self, intent: Json, amount: int | None, metadata: Json) -> Json:
        left = self._left(intent)
        wanted = left if amount is None else amount
        if intent["status"] != "succeeded":
            raise Refusal(400, "", "This PaymentIntent does not have a successful charge to refund.")
        if left == 0:
            raise Refusal(400, "charge_already_refunded", "The charge has already been refunded.")
        if not 0 < wanted <= left:
            message = f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})."
            raise Refusal(400, "", message, param="amount")
        made = objects.refund(intent, wanted, metadata, status=self.refund_status, now=self.now())
        self.refunds[made["id"]] = made
        self._recount(intent)
        self.told("refund.created", made)
        self.told("charge.refunded", self.charges[intent["latest_charge"]])
        return made

    def _left(self, intent: Json) -> int:
        return int(intent["amount_received"]) - self._gone(intent)

    def _gone(self, intent: Json) -> int:
        rows = (row for row in self.refunds.values() if row["payment_intent"] == intent["id"])
        return sum(row["amount"] for row in rows if row["status"] not in WITHOUT_EFFECT)

    def _recount(self, intent: Json) -> None:
        gone = self._gone(intent)
        self.charges[intent["latest_charge"]].update(amount_refunded=gone, refunded=gone == intent["amount"])

    def _list(self, things: dict[str, Json], params: Json, url: str) -> Json:
        """Newest first, so many a page, from behind the one that the caller has seen last."""
        with self.lock:
            rows = [row for row in reversed(things.values()) if _fits(row, params)]
        if after := params.get("starting_after"):
            names = [row["id"] for row in rows]
            if after not in names:
                raise Refusal(400, "resource_missing", f"No such object: '{after}'", param="starting_after")
            rows = rows[names.index(after) + 1 :]
        limit = params.get("limit", USUAL_PAGE)
        if not 1 <= limit <= LARGEST_PAGE:
            raise Wrong("parameter_invalid", "limit", "limit must be between 1 and 100.")
        page = min(limit, self.largest_page)
        return {"object": "list", "data": rows[:page], "has_more": len(rows) > page, "url": url}


def _fits(row: Json, params: Json) -> bool:
    same = all(row[name] == params[name] for name in ("payment_intent", "charge", "status") if name in params)
    return same and _in_period(row["created"], params.get("created"))


def _in_period(moment: int, wanted: Any) -> bool:
    if wanted is None or isinstance(wanted, int):
        return wanted in {None, moment}
    tests: Iterable[bool] = (
        {
            "gt": moment > bound,
            "gte": moment >= bound,
            "lt": moment < bound,
            "lte": moment <= bound,
        }[name]
        for name, bound in wanted.items()
    )
    return all(tests)
