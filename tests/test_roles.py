"""Who may open which of the admin's own pages: every address, every role, found by walking the resolver."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.admin.menu import Menu, admin_menu
from wagtail.models import GroupPagePermission, Page

from cms.kalender.models import SignUp
from cms.models import CalendarPage, Enquiry, EventPage
from notifications.models import Message
from orders.models import Complaint, CreditLimit, Difference, Refund, Withdrawal
from tests.factories import NOON, FreightFactory, OrderFactory, ProductFactory, QuoteFactory, TermsFactory
from tests.staff import in_role, logged_in

pytestmark = pytest.mark.django_db

ROLES = {"R": "Redaktör", "P": "Packare", "E": "Ekonom", "Ä": "Ägare"}
OWN_APPS = ("cms", "config", "library", "notifications", "orders", "shop")
# What a snippet has beside its list and its edit page; Wagtail guards all of them by the same rights.
SNIPPET_PAGES = {
    "list": "view", "list_results": "view", "history": "change", "history_results": "change", "usage": "change",
    "add": "add", "copy": "add", "edit": "change", "delete": "delete",
}  # fmt: skip


def snippet(model: str, *, view: str, add: str, change: str, delete: str = "Ä") -> dict[str, str]:
    who = {"view": view, "add": add, "change": change, "delete": delete}
    return {f"wagtailsnippets_{model}:{page}": who[right] for page, right in SNIPPET_PAGES.items()}


# Each own page of the admin, by the name of its address: the roles that may. A page that is not here fails the test.
RULES = {
    "order_staff:list": "PEÄ",
    "order_staff:list_results": "PEÄ",
    "order_staff:chosen": "PEÄ",
    "order_staff:export_csv": "EÄ",
    "order_staff:export_xlsx": "EÄ",
    "order_staff:saved": "PEÄ",
    "order_staff:credits": "EÄ",
    "order_staff:credits_results": "EÄ",
    "order_staff:credit": "EÄ",
    "order_staff:credit_new": "EÄ",
    "order_staff:sales": "PEÄ",
    "order_staff:delete_list": "",  # one's own alone
    "order_staff:to_pack": "PEÄ",
    "order_staff:to_pack_results": "PEÄ",
    "order_staff:chosen_to_pack": "PÄ",
    "order_staff:papers": "PÄ",
    "order_staff:pack_next": "PÄ",
    "order_staff:pack_parcel": "PÄ",
    "order_staff:to_send": "PEÄ",
    "order_staff:to_send_results": "PEÄ",
    "order_staff:chosen_to_send": "PÄ",
    "order_staff:send_next": "PÄ",
    "order_staff:send_parcel": "PÄ",
    "order_staff:withdrawals": "PEÄ",
    "order_staff:withdrawals_results": "PEÄ",
    "order_staff:notice": "PEÄ",
    "order_staff:notice_tie": "EÄ",
    "order_staff:notice_await": "EÄ",
    "order_staff:notice_rest": "EÄ",
    "order_staff:notice_proven": "PÄ",
    "order_staff:notice_back": "PÄ",
    "order_staff:notice_refund": "EÄ",
    "order_staff:notice_refuse": "EÄ",
    "order_staff:notice_aside": "EÄ",
    "order_staff:notice_anew": "EÄ",
    "order_staff:complaints": "PEÄ",
    "order_staff:complaints_results": "PEÄ",
    "order_staff:complaint": "PEÄ",
    "order_staff:complaint_write": "PEÄ",
    "order_staff:complaint_settle": "PEÄ",
    "order_staff:complaint_refuse": "EÄ",
    "order_staff:complaint_reopen": "PEÄ",
    "order_staff:order": "PEÄ",
    "order_staff:buyers_page": "PEÄ",
    "order_staff:receipt": "",  # this order is not paid: there is none
    "order_staff:pack": "PÄ",
    "order_staff:send": "PÄ",
    "order_staff:unpack": "PÄ",
    "order_staff:tracking": "PÄ",
    "order_staff:deliver": "PÄ",
    "order_staff:take_back": "PÄ",
    "order_staff:settle": "EÄ",
    "order_staff:payment": "EÄ",
    "order_staff:cancel": "EÄ",
    "order_staff:note": "PEÄ",
    "order_staff:refund_done": "EÄ",
    "money_staff:differences": "EÄ",
    "money_staff:differences_results": "EÄ",
    "money_staff:difference": "EÄ",
    "money_staff:refund": "EÄ",
    "money_staff:refund_again": "EÄ",
    "money_staff:refund_by_hand": "EÄ",
    "money_staff:refund_cancel": "EÄ",
    "money_staff:pay_again": "EÄ",
    "order_staff:enter": "EÄ",
    "order_staff:approvals": "PEÄ",
    "order_staff:approvals_results": "PEÄ",
    "order_staff:approve": "EÄ",
    "order_staff:refuse": "EÄ",
    "quote_staff:list": "PEÄ",
    "quote_staff:list_results": "PEÄ",
    "quote_staff:quote": "PEÄ",
    "quote_staff:buyers_page": "PEÄ",
    "quote_staff:pdf": "PEÄ",
    "quote_staff:make": "EÄ",
    "quote_staff:prolong": "EÄ",
    "quote_staff:withdraw": "EÄ",
    "enquiry_staff:list": "RÄ",
    "enquiry_staff:list_results": "RÄ",
    "enquiry_staff:enquiry": "RÄ",
    "enquiry_staff:move": "RÄ",
    "kalender_staff:list": "RÄ",
    "kalender_staff:list_results": "RÄ",
    "kalender_staff:this_month": "RÄ",
    "kalender_staff:month": "RÄ",
    "kalender_staff:new": "RÄ",
    "kalender_staff:copy": "RÄ",
    "guest_staff:list": "RÄ",
    "guest_staff:list_results": "RÄ",
    "guest_staff:xlsx": "RÄ",
    "guest_staff:sign_up": "RÄ",
    "guest_staff:letter": "RÄ",
    "guest_staff:check_in": "RÄ",
    "guest_staff:check_in_print": "RÄ",
    "guest_staff:tick": "RÄ",
    "guest_staff:signup": "RÄ",
    "guest_staff:accept": "RÄ",
    "guest_staff:rename": "RÄ",
    "guest_staff:leave": "RÄ",
    "guest_staff:cancel": "RÄ",
    "handbook:list": "RPEÄ",
    "links_staff:list": "RÄ",
    "links_staff:list_results": "RÄ",
    "links_staff:check": "RÄ",
    "letters_staff:list": "RPEÄ",
    "letters_staff:example": "PEÄ",
    "letters_staff:example_html": "PEÄ",
    "letters_staff:outbox": "RPEÄ",
    "letters_staff:outbox_results": "RPEÄ",
    "letters_staff:send_again": "PEÄ",
    "letters_staff:message": "PEÄ",
    "letters_staff:message_html": "PEÄ",
    "shop_staff:ledger": "PEÄ",
    "shop_staff:ledger_results": "PEÄ",
    "shop_staff:stock": "PEÄ",
    **snippet("shop_product", view="PEÄ", add="Ä", change="Ä"),
    **snippet("shop_freightmethod", view="Ä", add="Ä", change="Ä"),
    **snippet("shop_terms", view="EÄ", add="EÄ", change="EÄ"),
}
FOR_ALL_STAFF = {"handbook:list"}  # it tells how things are done, and holds nothing else
POSTED = {f"order_staff:{button}" for button in ("pack", "send", "payment", "cancel", "note", "refund_done")}
POSTED |= {
    f"money_staff:{button}"
    for button in ("refund", "refund_again", "refund_by_hand", "refund_cancel", "pay_again")
}
POSTED |= {"order_staff:approve", "order_staff:refuse"}
POSTED |= {"quote_staff:prolong", "quote_staff:withdraw"}
POSTED |= {f"order_staff:{button}" for button in ("unpack", "tracking", "deliver", "take_back", "settle")}
POSTED |= {"order_staff:chosen", "order_staff:delete_list"}
POSTED |= {"order_staff:chosen_to_pack", "order_staff:chosen_to_send"}
POSTED |= {
    f"order_staff:notice_{step}"
    for step in ("tie", "await", "rest", "proven", "back", "refund", "refuse", "aside", "anew")
}
POSTED |= {f"order_staff:complaint_{step}" for step in ("write", "settle", "refuse", "reopen")}
POSTED |= {f"guest_staff:{button}" for button in ("tick", "accept", "rename", "leave", "cancel")}
POSTED |= {"enquiry_staff:move", "links_staff:check", "letters_staff:send_again"}


def patterns(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every address below, as `namespace:name`."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, (*spaces, found.namespace) if found.namespace else spaces)
        else:
            yield ":".join((*spaces, found.name or str(found.pattern))), found


def admin() -> URLResolver:
    return next(
        found
        for found in get_resolver().url_patterns
        if isinstance(found, URLResolver) and str(found.pattern) == "admin/"
    )


def is_own(name: str, pattern: URLPattern) -> bool:
    view = inspect.unwrap(pattern.callback)
    module = getattr(view, "view_class", view).__module__
    return module.split(".")[0] in OWN_APPS or name.startswith(
        tuple(f"wagtailsnippets_{app}_" for app in OWN_APPS)
    )


def own_pages() -> dict[str, URLPattern]:
    return {name: pattern for name, pattern in patterns(admin()) if is_own(name, pattern)}


def an_event() -> EventPage:
    calendar = CalendarPage(title="Kalender", slug="kalender")
    Page.objects.get(depth=2).add_child(instance=calendar)
    event = EventPage(
        title="Frukost", slug="frukost", city="Borås", starts_at=NOON, ends_at=NOON + timedelta(hours=1)
    )
    calendar.add_child(instance=event)
    return event


def a_guest(event: EventPage) -> SignUp:
    return SignUp.objects.create(event=event, form_key="prov", state="going", places=1, created_at=NOON)


class Things:
    """One of everything that an address can name."""

    def __init__(self) -> None:
        self.order = OrderFactory(on_invoice=True)
        self.refund = Refund.objects.create(order=self.order, amount_ore=100, reason="Prov", created_at=NOON)
        self.quote = QuoteFactory()
        self.notice = Withdrawal.objects.create(order=self.order, name="Karin", received_at=NOON)
        self.credit = CreditLimit.objects.create(organisation_number=self.order.organisation_number)
        self.complaint = Complaint.objects.create(order=self.order, received_at=NOON)
        event = an_event()
        guest = a_guest(event)
        self.rows: dict[str, Any] = {
            "order_staff": self.refund,
            "money_staff": self.refund,
            "money_staff:difference": Difference.objects.create(
                kind="payment", reference="pi_1", happened_at=NOON, found_at=NOON
            ),
            "enquiry_staff": Enquiry.objects.create(key="prov", name="Karin", created_at=NOON),
            "kalender_staff": event,
            "guest_staff": event,
            "guest_staff:signup": guest,
            "guest_staff:accept": guest,
            "guest_staff:rename": guest,
            "guest_staff:leave": guest,
            "guest_staff:cancel": guest,
            "letters_staff": Message.objects.get(about=self.order.number),
            "shop_staff": self.order.lines.get().product,
            "wagtailsnippets_shop_product": ProductFactory.create(name="Prov"),
            "wagtailsnippets_shop_freightmethod": FreightFactory.create(),
            "wagtailsnippets_shop_terms": TermsFactory.create(),
        }

    def address(self, name: str, pattern: URLPattern) -> str:
        given: dict[str, Any] = {
            "number": self.order.number,
            "letter": "sent",
            "language": "sv",
            "notice": self.notice.pk,
            "complaint": self.complaint.pk,
            "credit": self.credit.pk,
            "shipment": self.order.shipments.get().pk,
        }
        if name.startswith("quote_staff:"):
            given["number"] = self.quote.number
        if name.startswith("kalender_staff:"):
            given |= {"year": 2026, "number": 12}
        given["parcel"] = self.order.shipments.get().pk
        if "pk" in pattern.pattern.converters:
            given["pk"] = self.rows[name if name in self.rows else name.partition(":")[0]].pk
        return reverse(name, kwargs={key: given[key] for key in pattern.pattern.converters})


def outcome(client: Client, name: str, address: str) -> str:
    answer: Any = client.post(address) if name in POSTED else client.get(address)
    if answer.status_code == 302 and answer.url.startswith("/admin/login/"):
        return "login"
    # Wagtail's own views lead back to the start page with a sentence; a letter of another's matter is not found.
    if answer.status_code in {403, 404} or (answer.status_code == 302 and answer.url == "/admin/"):
        return "no"
    assert answer.status_code in {200, 302, 422}, (name, answer.status_code)
    return "yes"


def test_every_own_page_of_the_admin_has_a_rule():
    assert set(own_pages()) == set(RULES)


@pytest.mark.parametrize("letter", ROLES)
def test_a_role_opens_what_its_rule_says_and_nothing_else(letter):
    things, client = Things(), in_role(ROLES[letter])
    found = {name: outcome(client, name, things.address(name, page)) for name, page in own_pages().items()}
    assert found == {name: "yes" if letter in who else "no" for name, who in RULES.items()}


def test_strangers_are_led_to_the_login_by_every_page_and_staff_without_a_role_open_none(client):
    things, bare = Things(), logged_in()
    for name, page in own_pages().items():
        address = things.address(name, page)
        is_open = "yes" if name in FOR_ALL_STAFF else "no"
        assert (outcome(client, name, address), outcome(bare, name, address)) == ("login", is_open), name


# --- What changes something ------------------------------------------------------------------------
@pytest.mark.parametrize("letter", ROLES)
def test_only_who_counts_stock_books_a_movement_and_sees_its_form(letter):
    product = ProductFactory.create(skriften=True, on_hand=10)
    address = reverse("shop_staff:stock", args=[product.pk])
    client = in_role(ROLES[letter])
    may_see, may_count = letter in "PEÄ", letter in "PÄ"
    page = client.get(address)
    assert (page.status_code == 200) == may_see
    assert ('name="quantity"' in page.content.decode()) == may_count
    assert (client.post(address, {"quantity": "x"}).status_code == 403) != may_count


BUTTONS = {"anteckning/": "PEÄ", "packad/": "PÄ", "avbestall/": "EÄ", "betalning/": "EÄ", "aterbetald/": "EÄ"}


@pytest.mark.parametrize("letter", "PEÄ")
def test_an_orders_page_shows_the_buttons_that_a_role_may_press(letter):
    order = OrderFactory(on_invoice=True)
    Refund.objects.create(order=order, amount_ore=100, reason="Prov", created_at=NOON)
    page = in_role(ROLES[letter]).get(reverse("order_staff:order", args=[order.number])).content.decode()
    assert {button: button in page for button in BUTTONS} == {
        button: letter in who for button, who in BUTTONS.items()
    }
    assert ("In- och utbetalningar" in page or "Inget är betalt än." in page) == (letter in "EÄ")


SETTINGS = {"shop/company": "EÄ", "cms/sitetexts": "RÄ"}


@pytest.mark.parametrize("letter", ROLES)
def test_settings_are_opened_by_those_who_keep_them(letter):
    client = in_role(ROLES[letter])
    for setting, who in SETTINGS.items():
        answer = client.get(f"/admin/settings/{setting}/", follow=True)
        assert (f"/admin/settings/{setting}/" in answer.request["PATH_INFO"]) == (letter in who), setting


ADMIN_PAGES = {
    "wagtailadmin_explore_root": "RÄ",
    "wagtailimages:index": "RÄ",
    "wagtailimages:add": "RÄ",
    "wagtaildocs:index": "RÄ",
    "wagtailredirects:index": "RÄ",
    "wagtailusers_users:index": "Ä",
    "wagtailusers_users:add": "Ä",
    "wagtailusers_groups:index": "Ä",
    "wagtailsites:index": "Ä",
    "wagtailadmin_workflows:index": "Ä",
    "wagtailadmin_collections:index": "Ä",
}


@pytest.mark.parametrize("letter", ROLES)
def test_wagtails_own_pages_are_opened_by_editors_and_owners(letter):
    client = in_role(ROLES[letter])
    found = {name: outcome(client, name, reverse(name)) for name in ADMIN_PAGES}
    assert found == {name: "yes" if letter in who else "no" for name, who in ADMIN_PAGES.items()}


# --- Where the login leads -------------------------------------------------------------------------
MENU = {
    "Sidor": "RÄ",
    "Bilder": "RÄ",
    "Kalender": "RÄ",
    "Alla beställningar": "PEÄ",
    "Varor": "PEÄ",
    "Lagerbok": "PEÄ",
    "Köpvillkor": "EÄ",
    "Leveranssätt": "Ä",
    "Företagets uppgifter": "EÄ",
    "Sidhuvud och sidfot": "RÄ",
    "Användare": "Ä",
}


def labels(menu: Menu, request: HttpRequest) -> list[str]:
    """What stands in the menu, with its submenus."""
    items = menu.menu_items_for_request(request)
    below = [labels(item.menu, request) for item in items if hasattr(item, "menu")]
    return [str(item.label) for item in items] + [label for part in below for label in part]


@pytest.mark.parametrize("letter", ROLES)
def test_the_menu_offers_a_role_what_it_may_open(letter):
    answer = in_role(ROLES[letter]).get("/admin/")
    found = labels(admin_menu, answer.wsgi_request)
    assert {label: label in found for label in MENU} == {label: letter in who for label, who in MENU.items()}


WORK = {
    "1 Sida": "RÄ",  # Wagtail's own summary leads to the tree
    "1 försändelse att packa": "PÄ",
    "Betala tillbaka 1,00 kr för VS-": "EÄ",
}


@pytest.mark.parametrize("letter", ROLES)
def test_the_login_leads_each_role_to_something_to_do(letter):
    order = OrderFactory(on_invoice=True)
    Refund.objects.create(order=order, amount_ore=100, reason="Prov", created_at=NOON)
    page = text_of(in_role(ROLES[letter]).get("/admin/"))
    assert [words for words in WORK if words in page] == [
        words for words, who in WORK.items() if letter in who
    ]


def text_of(answer: Any) -> str:
    """The page's own words, without the menu, which stands in the page as data."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).replace("\N{NO-BREAK SPACE}", " ").split())


# --- The migration ---------------------------------------------------------------------------------
def roles_migration() -> Any:
    return importlib.import_module("orders.migrations.0004_roles")


def test_every_right_of_the_roles_is_one_that_the_owner_sees_when_editing_a_group():
    offered = in_role("Ägare").get(reverse("wagtailusers_groups:add")).context["form"]
    shown = set(offered.fields["permissions"].queryset.values_list("pk", flat=True))
    for group in Group.objects.filter(name__in=ROLES.values()):
        hidden = group.permissions.exclude(pk__in=shown).values_list("codename", flat=True)
        assert list(hidden) == [], group.name


def test_the_roles_are_the_only_groups():
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES.values())


@pytest.mark.parametrize("letter", ROLES)
def test_who_publishes_pages_may_have_them_translated(letter):
    home = Page.objects.get(depth=2)
    address = reverse("simple_translation:submit_page_translation", args=[home.pk])
    assert (outcome(in_role(ROLES[letter]), "translate", address) == "yes") == (letter in "RÄ")


def test_a_group_that_the_owner_has_changed_is_left_alone_and_a_renamed_one_is_not_emptied():
    packers = Group.objects.get(name="Packare")
    packers.permissions.clear()
    Group.objects.filter(name="Ekonom").update(name="Ekonomi")
    roles_migration().make(apps, connection.schema_editor())
    assert not packers.permissions.exists()
    assert Group.objects.get(name="Ekonomi").permissions.exists()


def test_taking_the_roles_back_leaves_a_group_with_members():
    in_role("Packare")
    roles_migration().unmake(apps, connection.schema_editor())
    assert list(Group.objects.filter(name__in=ROLES.values()).values_list("name", flat=True)) == ["Packare"]
    roles_migration().make(apps, connection.schema_editor())
    assert GroupPagePermission.objects.filter(group__name="Redaktör").count() == 3
