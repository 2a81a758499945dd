"""The whole purchase as people make it: without JavaScript, and by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from orders.models import Order
from shop.models import FreightPrice
from shop.money import Money
from tests.stack import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_demo"),
]


@pytest.mark.parametrize("viewport", ["mobile", "desktop"])
def test_30_skriften_and_a_book_are_bought_by_card_without_javascript(
    live_server: Any, open_page: Any, viewport: str
):
    page: Page = open_page(viewport, javascript=False)
    put_into_basket(page, "/bocker/skriften/", "30")
    put_into_basket(page, "/bocker/det-goda-vardskapet/", "1")
    expect(page.get_by_role("status")).to_contain_text("1 Det goda värdskapet ligger i varukorgen.")
    page.get_by_role("link", name="Till kassan").click()
    write_address(page)
    page.get_by_label("Kort", exact=False).first.check()
    page.get_by_role("button", name="Beställ och betala 1 719 kr").click()
    page.get_by_role("button", name="Betala").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, Karin!")
    order = Order.objects.get()
    assert (order.payment_word, order.total) == ("paid", Money.kronor(1719))
    assert page.context.cookies() == []


def test_a_municipality_buys_on_invoice_without_javascript_after_mending_two_faults(
    live_server: Any, open_page: Any
):
    page: Page = open_page("desktop", javascript=False)
    put_into_basket(page, "/bocker/skriften/", "30")
    page.goto("/kassa/")
    expect(page.get_by_label("Organisationsnummer")).to_be_hidden()
    page.get_by_label("Offentlig verksamhet").check()
    page.get_by_label("Organisation", exact=True).fill("Björkviks kommun")
    page.get_by_label("Organisationsnummer").fill("212999-0004")
    page.get_by_label("Er referens").fill("Karin Ek, 4410")
    write_address(page, email="karin@", postal_code="5313")
    page.get_by_label("Faktura, 30 dagar").check()
    button = page.get_by_role("button", name="Beställ mot faktura – medför betalningsskyldighet, 1 470 kr")
    button.click()
    expect(page).to_have_title("Fel: Kassa – Värdskapet")
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading")).to_have_text("Två saker behöver rättas")
    alert.get_by_role("link").first.click()
    expect(page.get_by_label("E-post", exact=True)).to_be_focused()
    page.keyboard.type("karin@bjorkvik.example")
    page.get_by_label("E-post", exact=True).fill("karin@bjorkvik.example")
    page.get_by_label("Postnummer", exact=True).fill("531 32")
    button.click()
    expect(page.get_by_text("Faktura skickas")).to_be_visible()
    assert Order.objects.get().state == "confirmed"


def test_the_whole_purchase_by_keyboard_alone(live_server: Any, open_page: Any):
    page: Page = open_page("desktop")
    page.goto("/bocker/skriften/")
    tab_to(page, "input", name="quantity")
    retype(page, "30")
    leave(page, "Enter")
    expect(page).to_have_title("Varukorg – Värdskapet")
    tab_to(page, "a", href="/kassa/")
    leave(page, "Enter")
    expect(page).to_have_title("Kassa – Värdskapet")
    for field, value in ADDRESS.items():
        tab_to(page, "input", name=field)
        retype(page, value)
    tab_to(page, "input", name="payment")
    while page.evaluate("document.activeElement.value") != "swish" or not page.evaluate(
        "document.activeElement.checked"
    ):
        page.keyboard.press("ArrowDown")
    tab_to(page, "button")
    assert focused(page).startswith("Beställ och betala 1 470 kr")
    leave(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Övningsbetalning")
    tab_to(page, "button", value="pay")
    leave(page, "Space")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, Karin!")
    assert Order.objects.get().payment_word == "paid"


def test_another_way_of_sending_is_reckoned_at_once_with_javascript(live_server: Any, open_page: Any):
    FreightPrice.objects.filter(method__code="ombud", price_ore=49_00).update(price_ore=39_00)
    page: Page = open_page("desktop")
    put_into_basket(page, "/bocker/skriften/", "1")
    page.goto("/kassa/")
    write_address(page)
    page.get_by_label("Till ombud").check()
    page.get_by_label("Kort", exact=False).first.check()
    expect(page.locator(".trio__side .tot dd")).to_have_text("94,00 kr")
    page.get_by_role("button", name="Beställ och betala 94 kr").click()
    expect(page.get_by_role("button", name="Betala 94 kr")).to_be_visible()


def test_a_way_of_sending_chosen_before_the_script_has_come_is_reckoned_when_it_comes(
    live_server: Any, open_page: Any
):
    page: Page = open_page("desktop")
    late = choose_ombud_before_the_script_comes(page)
    let_come(page, late)
    expect(page.locator(".trio__side .tot dd")).to_have_text("94,00 kr")
    page.get_by_label("Hem").check()
    expect(page.locator(".trio__side .tot dd")).to_have_text("104,00 kr")


def test_a_sum_that_a_browser_kept_when_the_page_is_loaded_again_is_not_reckoned_from(
    live_server: Any, open_page: Any
):
    """Firefox fills in the way that was chosen, and the hidden sum, before the script comes."""
    page: Page = open_page("desktop")
    late = choose_ombud_before_the_script_comes(page)
    kept = page.locator("input[name=shown_total]")
    kept.evaluate("field => field.value = '9400'")
    let_come(page, late)
    expect(page.locator(".trio__side .tot dd")).to_have_text("94,00 kr")
    expect(kept).to_have_value("9400")


def test_a_way_of_sending_is_reckoned_again_for_who_goes_back_to_the_checkout(
    live_server: Any, open_page: Any
):
    FreightPrice.objects.filter(method__code="ombud", price_ore=49_00).update(price_ore=39_00)
    page: Page = open_page("desktop")
    put_into_basket(page, "/bocker/skriften/", "1")
    page.goto("/kassa/")
    page.get_by_label("Till ombud").check()
    page.goto("/kontakt/")
    page.go_back()
    expect(page.get_by_label("Till ombud")).to_be_checked()
    expect(page.locator(".trio__side .tot dd")).to_have_text("94,00 kr")


def test_who_mends_a_fault_before_the_script_has_come_goes_on_writing(live_server: Any, open_page: Any):
    page: Page = open_page("desktop")
    page.goto("/kontakt/")
    late = hold_back_script(page)
    page.locator("main form .btn").focus()
    with page.expect_navigation(wait_until="commit"):
        page.keyboard.press("Enter")
    field = page.locator("main form input:visible").first
    field.focus()
    page.keyboard.type("Kar")
    let_come(page, late)
    page.wait_for_load_state()
    page.keyboard.type("in")
    expect(field).to_have_value("Karin")


BETWEEN_QUESTIONS = 5_000  # ms; static/js/vardskapet.js


def test_the_waiting_page_turns_by_itself_when_the_money_comes(live_server: Any, open_page: Any):
    page: Page = open_page("mobile")
    put_into_basket(page, "/bocker/skriften/", "1")
    page.goto("/kassa/")
    write_address(page)
    page.get_by_label("Swish").check()
    page.get_by_role("button", name="Beställ och betala").click()
    payment_page = page.url
    page.clock.install()
    page.goto(f"/kassa/vantar/{Order.objects.get().key}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Öppna Swish och godkänn")
    elsewhere: Page = page.context.new_page()
    elsewhere.goto(payment_page)
    elsewhere.get_by_role("button", name="Betala").click()
    page.clock.fast_forward(BETWEEN_QUESTIONS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, Karin!")


# --- What people do -------------------------------------------------------------------------------
ADDRESS = {
    "email": "karin@bjorkvik.example",
    "phone": "070-123 45 67",
    "name": "Karin Ek",
    "address_line1": "Storgatan 12",
    "postal_code": "531 32",
    "city": "Björkvik",
}


def put_into_basket(page: Page, book: str, copies: str) -> None:
    page.goto(book)
    page.locator('input[name="quantity"]').first.fill(copies)
    page.get_by_role("button", name="Lägg i varukorgen").first.click()
    expect(page).to_have_title("Varukorg – Värdskapet")


def hold_back_script(page: Page) -> list[Route]:
    """Our script's requests, of which the first comes when the test says let_come: the line is slow."""
    held: list[Route] = []
    page.route("**/js/*.js", lambda route: held.append(route))
    return held


def let_come(page: Page, held: list[Route]) -> None:
    """The script, wherever it is: the request for it may itself still be on its way."""

    def is_asked_for() -> bool:
        page.wait_for_timeout(20)  # meanwhile what the browser tells is heard
        return bool(held)

    wait_until(is_asked_for, within=60, what="the page asks for its script")
    held[0].continue_()


def choose_ombud_before_the_script_comes(page: Page) -> list[Route]:
    """One Skriften at the checkout, where sending it to a pickup place is 10 kr cheaper; the script that is late."""
    FreightPrice.objects.filter(method__code="ombud", price_ore=49_00).update(price_ore=39_00)
    put_into_basket(page, "/bocker/skriften/", "1")
    late = hold_back_script(page)
    page.goto("/kassa/", wait_until="commit")
    page.get_by_label("Till ombud").check()
    return late


def write_address(page: Page, **changes: str) -> None:
    for field, value in {**ADDRESS, **changes}.items():
        page.locator(f'form.trio__body input[name="{field}"]').fill(value)


def tab_to(page: Page, tag: str, **attributes: str) -> None:
    """Press Tab until the element has the focus; a person would give up after a while, so do we."""
    wanted = [tag, *(f'[{name}="{value}"]' for name, value in attributes.items())]
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(css) => document.activeElement.matches(css)", "".join(wanted)):
            return
    raise AssertionError(f"not reached by keyboard: {wanted}")


def leave(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for all of it: Tab may pass by what has not come yet."""
    with page.expect_navigation():
        page.keyboard.press(key)


def retype(page: Page, value: str) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.type(value)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText")).replace("\xa0", " ")
