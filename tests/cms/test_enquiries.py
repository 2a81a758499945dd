"""Enquiries and the contact form, over HTTP: what is written reaches people once, and typing is never lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from cms.enquiries import operations
from cms.enquiries.dates import last_day
from cms.enquiries.letters import first_name
from cms.enquiries.models import Enquiry, EnquiryStep, State
from cms.enquiries.operations import PER_INBOX
from cms.models import ContactPage
from notifications.mail import build
from notifications.models import Message
from notifications.models import State as Letter
from shop.models import Company
from tests.shopping import text, title
from tests.staff import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MOVED = "/forfragan/tack/"
KARIN = "karin@bjorkvik.example"
CONTACT = {"kind": "", "name": "Karin Ek", "email": KARIN, "message": "Hej. Var parkerar man?\nHälsar Karin"}
BOOKING = {
    "kind": "workshop",
    "wished": "12 mars 2099",
    "people": "ca 40",
    "organisation": "Björkviks kommun",
    "name": "Karin Ek",
    "email": KARIN,
    "phone": "0510-123 45",
    "message": "Vi vill öva på att ta emot.",
}


def write(client: Client, **changes: str):
    return client.post("/forfragan/kontakt/", {**CONTACT, **changes})


def ask(client: Client, **changes: str):
    return client.post("/forfragan/", {**BOOKING, **changes})


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(letter=kind).order_by("pk"))


# --- The ways in ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address", ["/referenser/lidkopings-kommun/", "/utbildningsmaterial/vardskap-i-praktiken/"]
)
def test_from_a_case_and_the_material_a_button_leads_to_the_form_which_remembers_the_page(client, address):
    page = client.get(address).content.decode()
    way = re.findall(r'<a class="btn btn--quiet" href="(/forfragan/\?om=\d+)">([^<]+)</a>', page)
    assert [label for _way, label in way] == ["Fråga om föreläsning eller workshop"]
    form = client.get(way[0][0])
    number = re.findall(r'name="om" value="(\d+)"', form.content.decode())[0]
    assert f'<a href="{address}">' in form.content.decode()
    assert ask(client, om=number)["Location"] == MOVED
    page = Enquiry.objects.get().page
    assert page
    assert page.url == address
    assert not client.cookies


def test_a_book_has_no_such_button(client):
    assert "/forfragan/?om=" not in client.get("/bocker/skriften/").content.decode()


@pytest.mark.parametrize(
    "om", ["", "0", "1", "999999", "abc", "-1", "1" * 400, "\x00", "1;DROP", "å" * 10_000, "²"]
)
def test_an_odd_page_is_forgotten(client, om):
    answer = client.get("/forfragan/", {"om": om})
    assert answer.status_code == 200
    assert 'name="om"' not in answer.content.decode()
    assert ask(client, om=om).status_code == 303
    assert Enquiry.objects.get().page is None


def test_a_page_for_staff_alone_is_not_named(client):
    page = Page.objects.get(slug="om-oss")
    page.unpublish()
    assert "Om oss" not in client.get(f"/forfragan/?om={page.pk}").content.decode().partition("<footer")[0]


# --- Taken in ------------------------------------------------------------------------------------
def test_an_enquiry_becomes_a_row_a_letter_to_staff_and_a_receipt(client):
    Company.objects.update(email="hej@vardskapet.example")
    assert ask(client)["Location"] == MOVED
    assert "Tack. Nu ligger det hos oss." in text(client.get(MOVED))
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.state, enquiry.language) == ("workshop", State.NEW, "sv")
    assert (enquiry.wished, enquiry.people, enquiry.phone) == ("12 mars 2099", "ca 40", "+4651012345")
    to_staff, receipt = letters("enquiry")[0], letters("enquiry-receipt")[0]
    assert (to_staff.to, receipt.to) == ("hej@vardskapet.example", KARIN)
    assert to_staff.about == receipt.about == f"forfragan-{enquiry.pk}"


def test_staff_answer_the_asker_and_the_asker_answers_the_company(client):
    ask(client)
    to_staff, receipt = build(letters("enquiry")[0]), build(letters("enquiry-receipt")[0])
    assert to_staff.message()["Reply-To"] == KARIN
    assert receipt.message()["Reply-To"] == Company.objects.get().email
    assert to_staff.subject == "Workshop: Karin Ek, Björkviks kommun"
    for part in (to_staff.body, str(to_staff.alternatives[0][0])):
        for words in ("Vi vill öva på att ta emot.", "12 mars 2099", "ca 40", "/admin/forfragningar/"):
            assert words in part
    assert "Tack, Karin!" in receipt.body


def test_the_receipt_mails_nobody_what_a_stranger_has_written(client):
    ask(
        client, name="http://elak.example billigt", organisation="elak.example", message="Köp på elak.example"
    )
    mail = build(letters("enquiry-receipt")[0])
    assert "elak" not in mail.body + str(mail.alternatives[0][0]) + mail.subject


def test_the_contact_form_takes_a_name_an_address_and_a_few_words(client):
    page = ContactPage.objects.get(slug="kontakt")
    form = client.get("/kontakt/").content.decode()
    assert 'action="/forfragan/kontakt/" method="post"' in form
    assert write(client, om=str(page.pk))["Location"] == MOVED
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.page, enquiry.message) == ("contact", page.page_ptr, CONTACT["message"])


def test_the_same_words_twice_are_one_enquiry(client):
    for _click in range(2):
        assert ask(client)["Location"] == MOVED
    assert (Enquiry.objects.count(), Message.objects.count()) == (1, 2)
    ask(client, message="En sak till.")
    assert Enquiry.objects.count() == 2


def test_the_form_works_without_cookie_and_token_and_not_from_another_site():
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict).status_code == 303
    for headers in ({"Origin": "https://elak.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert strict.post("/forfragan/", BOOKING, headers=headers).status_code == 403
        assert strict.post("/forfragan/kontakt/", CONTACT, headers=headers).status_code == 403


def test_the_form_s_address_leads_back_to_the_contact_page_and_is_gone_with_it(client):
    assert client.get("/forfragan/kontakt/")["Location"] == "/kontakt/"
    ContactPage.objects.get(slug="kontakt").unpublish()
    assert client.get("/forfragan/kontakt/").status_code == 404
    assert write(client).status_code == 404


def test_without_a_company_address_the_letter_goes_to_the_sender_of_letters(client):
    Company.objects.update(email="")
    write(client)
    assert letters("enquiry")[0].to == "hej@vardskapet.example"


# --- What is to be mended ------------------------------------------------------------------------
def test_an_empty_form_says_what_is_missing_at_the_top_and_at_each_field(client):
    answer = client.post("/forfragan/", {})
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    page = answer.content.decode()
    assert "Fem saker behöver rättas" in page
    for sentence in ("Välj vad du vill fråga om", "Skriv organisationens namn", "Skriv ditt namn"):
        assert page.count(sentence) == 2
    assert page.count('aria-invalid="true"') == 4
    assert re.findall(r'<li><a href="#([^"]+)">', page) == [
        "f-kind", "f-organisation", "f-name", "f-email", "f-message",
    ]  # fmt: skip
    for anchor in re.findall(r'<li><a href="#(f-[^"]+)">', page):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("kind", "fika", "Välj vad du vill fråga om"),
        ("email", "karin", "Skriv hela e-postadressen"),
        ("email", "karin@x.se\nBcc: alla@x.se", "inte syns"),
        ("phone", "ring mig", "Kontrollera numret."),
        ("people", "många", "Skriv ungefär hur många"),
        ("people", "0", "Skriv ungefär hur många"),
        ("people", "9" * 50, "Skriv ungefär hur många"),
        ("wished", "12 mars 2019", "Det datumet har redan varit."),
        ("wished", "2019-03-12", "Det datumet har redan varit."),
        ("name", "a" * 101, "Skriv högst 100 tecken"),
        ("name", "Karin\x00", "inte syns"),
        ("organisation", "a\u202eb", "inte syns"),
        ("message", "a" * 5001, "Skriv högst 5000 tecken"),
        ("message", "\x00\x01", "inte syns"),
        ("message", "e" + "\u0301" * 50_000, "Skriv högst 5000 tecken"),
    ],
)
def test_what_cannot_be_read_is_said_and_all_that_was_typed_is_kept(client, field, typed, sentence):
    answer = ask(client, **{field: typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count(sentence) >= 2
    for name, value in BOOKING.items():
        if name not in {field, "kind"}:
            assert value in page, name
    assert (field == "kind") or '<input type="radio" name="kind" value="workshop" checked>' in page
    assert not Enquiry.objects.exists()


def test_the_contact_page_tells_what_is_wrong_on_its_own_page(client):
    answer = write(client, email="karin", om=str(ContactPage.objects.get(slug="kontakt").pk))
    assert answer.status_code == 422
    assert title(answer).startswith("Fel: ")
    page = answer.content.decode()
    assert "En sak behöver rättas" in page
    assert "Var parkerar man?" in page
    assert 'href="#f-email"' in page


@pytest.mark.parametrize(
    "typed", ["", "mars", "någon gång i maj 2099", "12/3 2099", "2099-03", "31 februari 2019", "99"]
)
def test_a_date_may_be_wished_for_in_any_words(client, typed):
    assert ask(client, wished=typed).status_code == 303
    assert Enquiry.objects.get().wished == typed


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12 mars 2027", "2027-03-12"),
        ("den 12:e mars 2027 på förmiddagen", "2027-03-12"),
        ("Mars 2027", "2027-03-31"),
        ("2027-03-12", "2027-03-12"),
        ("2028-02", "2028-02-29"),
        ("12/3 2027", "2027-03-12"),
        ("12.3.2027", "2027-03-12"),
        ("3 May 2027", "2027-05-03"),
        ("12 mars 2019 eller 3 april 2027", "2027-04-03"),
    ],
)
def test_dates_are_understood_as_people_write_them(typed, day):
    assert str(last_day(typed)) == day


@pytest.mark.parametrize(
    "typed", ["", "mars", "i vår", "12 mars", "31 februari 2027", "2027-13-01", "9999999"]
)
def test_what_is_no_date_is_left_alone(typed):
    assert last_day(typed) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Karin Ek", "Karin"),
        ("Anna-Karin", "Anna-Karin"),
        ("Şükrü Ğ", "Şükrü"),
        ("a.b", ""),
        ("x" * 31, ""),
        ("", ""),
    ],
)
def test_only_a_word_is_taken_for_a_first_name(name, first):
    assert first_name(name) == first


# --- Too many ------------------------------------------------------------------------------------
def test_one_inbox_gets_no_flood_of_receipts_and_hears_the_same_words(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    for number in range(PER_INBOX):
        write(client, message=f"Nummer {number}", email=f"karin+{number}@bjorkvik.example")
    first = write(client, message="En till")
    assert first.status_code == 429
    assert first.headers["Retry-After"] == "3600"
    page = first.content.decode()
    assert "Det kom många meddelanden på kort tid. Prova igen om en timme, eller ring 08-555 000 00." in page
    assert "Det gick inte den här gången" in page
    assert "En till" in page


def test_after_an_hour_the_door_is_open_again(client, time_machine):
    for number in range(PER_INBOX + 1):
        write(client, message=f"Nummer {number}")
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    assert write(client, message="Nu då?").status_code == 303


# --- Staff ---------------------------------------------------------------------------------------
@pytest.fixture
def enquiry(client) -> Enquiry:
    ask(client)
    return Enquiry.objects.get()


@pytest.fixture
def editor() -> Client:
    return logged_in("cms.view_enquiry", "cms.change_enquiry")


def test_staff_find_an_enquiry_by_state_and_by_word(enquiry, editor, client):
    write(client, name="Åke Ö", message="Något helt annat")
    for query, names in (
        ("", {"Karin Ek", "Åke Ö"}),
        ("?state=new", {"Karin Ek", "Åke Ö"}),
        ("?state=closed", set()),
        ("?kind=workshop", {"Karin Ek"}),
        ("?q=björkviks öva", {"Karin Ek"}),
        ("?q=%00", {"Karin Ek", "Åke Ö"}),
        ("?q=finnsinte", set()),
    ):
        page = editor.get(f"/admin/forfragningar/{query}").content.decode()
        assert {name for name in ("Karin Ek", "Åke Ö") if name in page} == names, query


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("öva " * 1900, True), ("öva " * 8 + "finnsinte", True), ("öva finnsinte", False), ("a" * 5000, False)],
    ids=["thousands", "nine", "two", "one without end"],
)
def test_no_more_words_are_searched_for_than_a_query_bears(enquiry, editor, words, is_found):
    answer = editor.get("/admin/forfragningar/", {"q": words})
    assert answer.status_code == 200
    assert ("Karin Ek" in answer.content.decode()) == is_found


def test_each_button_takes_one_step_and_the_history_tells_who_and_when(enquiry, editor):
    address = f"/admin/forfragningar/{enquiry.pk}/"
    for state in ("answered", "answered", "closed", "new"):
        editor.post(f"{address}lage/", {"state": state})
    assert list(EnquiryStep.objects.order_by("pk").values_list("old", "new", "by")) == [
        ("new", "answered", "maja"),
        ("answered", "closed", "maja"),
        ("closed", "new", "maja"),
    ]
    page = editor.get(address).content.decode()
    for words in (
        "Markera som besvarad",
        "Avsluta",
        "Besvarad",
        "maja",
        "Vi vill öva",
        "12 mars 2099",
        KARIN,
    ):
        assert words in page
    assert "Öppna igen" not in page


@pytest.mark.parametrize("state", ["", "borta", "answered\x00"])
def test_a_step_that_is_none_is_told_and_changes_nothing(enquiry, editor, state):
    answer = editor.post(f"/admin/forfragningar/{enquiry.pk}/lage/", {"state": state}, follow=True)
    assert "Det går inte från det läge" in answer.content.decode()
    assert Enquiry.objects.get().state == State.NEW


def test_an_enquiry_that_has_been_erased_is_a_missing_page(editor):
    assert editor.post("/admin/forfragningar/4711/lage/", {"state": "answered"}).status_code == 404


def test_a_closed_enquiry_is_opened_before_it_is_answered(enquiry):
    now = timezone.now()
    operations.move(pk=enquiry.pk, new=State.CLOSED, by="maja", now=now)
    with pytest.raises(operations.WrongMove):
        operations.move(pk=enquiry.pk, new=State.ANSWERED, by="maja", now=now)


def test_who_may_only_look_sees_no_buttons(enquiry):
    looker = logged_in("cms.view_enquiry")
    address = f"/admin/forfragningar/{enquiry.pk}/"
    assert "Markera som besvarad" not in looker.get(address).content.decode()
    assert looker.post(f"{address}lage/", {"state": "closed"}).status_code == 403
    assert logged_in(name="gast").get(address).status_code == 403


@pytest.mark.parametrize("several", [1, 30])
def test_the_list_costs_the_same_however_long_it_is(several, editor, django_assert_max_num_queries):
    now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    Enquiry.objects.bulk_create(
        Enquiry(key=str(n), name=f"Nr {n}", email=KARIN, message="x", created_at=now) for n in range(several)
    )
    editor.get("/admin/forfragningar/")
    with django_assert_max_num_queries(14):
        editor.get("/admin/forfragningar/")


# --- Forgotten -----------------------------------------------------------------------------------
def test_after_twelve_months_nothing_is_left_of_what_was_written(enquiry, editor):
    editor.post(f"/admin/forfragningar/{enquiry.pk}/lage/", {"state": "answered"})
    Message.objects.update(state=Letter.SENT)
    assert operations.forget(now=enquiry.created_at + timedelta(days=364)) == 0
    assert letters("enquiry")[0].context["name"] == "Karin Ek"
    assert operations.forget(now=enquiry.created_at + timedelta(days=366)) == 1
    assert not Enquiry.objects.exists()
    assert not EnquiryStep.objects.exists()
    assert [(row.to, row.context, row.headers) for row in Message.objects.all()] == [("", {}, {})] * 2


def test_an_enquiry_outlives_the_page_it_came_from(client):
    page = Page.objects.get(slug="lidkopings-kommun")
    ask(client, om=str(page.pk))
    page.specific.delete()
    assert Enquiry.objects.get().page is None
