"""Someone who looks for a course on a phone without scripts, by forms and links alone."""

from __future__ import annotations

from urllib.parse import unquote

from django.utils import timezone

from cms.kalender.models import EventPage


def test_a_choice_goes_along_from_month_to_month_and_to_the_list_without_scripts(
    live_server, own_demo, open_page
):
    frukost, *others = EventPage.objects.filter(locale__language_code="sv").upcoming(timezone.now())
    later = next(event for event in reversed(others) if event.is_on_site)
    EventPage.objects.filter(pk=later.pk).update(kind=frukost.kind)
    page = open_page("mobile", javascript=False)
    page.goto(f"/kalender/{frukost.starts_at:%Y/%m}/")
    page.get_by_text("Välj typ och plats").click()
    page.get_by_label("Typ av träff").select_option(frukost.kind)
    page.get_by_role("button", name="Visa urval").click()
    assert page.url.endswith(f"/{frukost.starts_at:%Y/%m}/?typ={frukost.kind}&ort=")
    assert page.locator(".events h3").all_inner_texts() == [frukost.title]
    page.locator("a[rel=next]").click()
    assert page.url.endswith(f"/{later.starts_at:%Y/%m}/?typ={frukost.kind}")
    assert page.locator(".events h3").all_inner_texts() == [later.title]
    page.get_by_role("link", name="Visa som lista").click()
    assert unquote(page.url).endswith(f"/kalender/?typ={frukost.kind}")
    assert page.locator(".events h3").all_inner_texts() == [frukost.title, later.title]
    page.get_by_role("link", name="Visa allt").click()
    assert page.url.endswith("/kalender/")
    assert not page.context.cookies()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
