"""What the list of orders is filtered by. All of it stands in the address."""

from __future__ import annotations

from datetime import date, timedelta

import django_filters
from django.db.models import TextChoices
from django.utils.timezone import now
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from orders.models import Buyer, Method, Order
from orders.models.order_queries import OrderQuerySet
from orders.staff import money_waiting, words
from orders.staff.money_waiting import MoneyWaits
from orders.states import Agreement
from shop.days import midnight, stockholm_today
from shop.staff.filters import PeriodFilter, choice

PLACED_STATES = [choice for choice in Agreement.choices if choice[0] != Agreement.DRAFT]


class Age(TextChoices):
    """How long ago the order was placed, in whole Swedish days."""

    TODAY = "today", gettext_lazy("I dag")
    WEEK = "week", gettext_lazy("Senaste 7 dagarna")
    MONTH = "month", gettext_lazy("Senaste 30 dagarna")
    OVER_TWO_DAYS = "over-2", gettext_lazy("Äldre än 2 dagar")
    OVER_A_WEEK = "over-7", gettext_lazy("Äldre än 7 dagar")
    OVER_A_MONTH = "over-30", gettext_lazy("Äldre än 30 dagar")


class Contents(TextChoices):
    """What was ordered."""

    GOODS = "goods", gettext_lazy("Varor")
    PLACES = "places", gettext_lazy("Platser på träffar")
    GIVEN_BACK = "given-back", gettext_lazy("Avanmälda platser att avgöra")


AT_MOST = {Age.TODAY: 0, Age.WEEK: 6, Age.MONTH: 29}  # days before today
OVER = {Age.OVER_TWO_DAYS: 2, Age.OVER_A_WEEK: 7, Age.OVER_A_MONTH: 30}


def aged(orders: OrderQuerySet, age: str, today: date) -> OrderQuerySet:
    """Those placed since, or before, so many days ago; `today` is Stockholm's."""
    if age in AT_MOST:
        return orders.filter(placed_at__gte=midnight(today - timedelta(days=AT_MOST[Age(age)])))
    return orders.filter(placed_at__lt=midnight(today - timedelta(days=OVER[Age(age)])))


class OrderFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Avtal"), PLACED_STATES)
    age = choice(gettext_lazy("Ålder"), Age.choices, method="by_age")
    payment = choice(gettext_lazy("Betalning"), words.PaymentWord.choices, method="by_payment")
    fulfilment = choice(gettext_lazy("Leverans"), words.FulfilmentWord.choices, method="by_fulfilment")
    contents = choice(gettext_lazy("Gäller"), Contents.choices, method="by_contents")
    buyer = choice(gettext_lazy("Köpare"), Buyer.choices)
    method = choice(gettext_lazy("Betalsätt"), Method.choices)
    money = choice(gettext_lazy("Pengar att reda ut"), MoneyWaits.choices, method="by_money")
    placed_at: django_filters.Filter = PeriodFilter(label=gettext_lazy("Period"))

    class Meta:
        model = Order
        fields: list[str] = []

    def by_age(self, orders: OrderQuerySet, _name: str, age: str) -> OrderQuerySet:
        return aged(orders, age, stockholm_today())

    def by_money(self, orders: OrderQuerySet, _name: str, kind: str) -> OrderQuerySet:
        return orders.filter(pk__in=money_waiting.orders(MoneyWaits(kind), now()))

    def by_payment(self, orders: OrderQuerySet, _name: str, word: str) -> OrderQuerySet:
        """Who looks for the unpaid looks for money to come: what is called off is shown to whoever asks for that."""
        found = orders.paid_as(word)
        asked_for = self.data.get("state") == Agreement.CANCELLED
        return found.standing() if word == words.PaymentWord.UNPAID and not asked_for else found

    def by_contents(self, orders: OrderQuerySet, _name: str, word: str) -> OrderQuerySet:
        if word == Contents.GIVEN_BACK:
            return orders.with_places_given_back()
        return orders.of_places() if word == Contents.PLACES else orders.of_goods()

    def by_fulfilment(self, orders: OrderQuerySet, _name: str, word: str) -> OrderQuerySet:
        return orders.come_to(word)
