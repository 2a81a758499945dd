"""Faulty events: each is to be remarked on.

Most of them were written before a look at the proof-reader's rules.
"""

from __future__ import annotations

from typing import Any

from cms.kalender.proof import Facts
from tests.kalender.facts import stockholm

Said = dict[str, Any]
Right = tuple[Said, list[Facts]]  # facts and the other events
Faulty = tuple[Said, list[Facts], str, str]  # facts, the other events, the field and a word of the sentence

MOMENTS = ("starts_at", "ends_at", "known_start")
SEPTEMBER = stockholm("2026-09-01 12:00")


def on(start: str, end: str = "", **facts: Any) -> Said:
    """`on("2026-12-10")` is that afternoon; `on("2026-12-10 09:00", "16:00")` that day's hours."""
    if len(start) == len("2026-12-10"):
        start, end = f"{start} 13:00", end or "16:30"
    return {"starts_at": start, "ends_at": f"{start[:10]} {end}" if len(end) == 5 else end, **facts}


def days(first: str, last: str, **facts: Any) -> Said:
    """Whole days."""
    return on(f"{first} 00:00", f"{last} 23:59", all_day=True, **facts)


def facts_of(said: Said) -> Facts:
    """A conversation in Västerås, and what is said of it."""
    usual = {"title": "Samtal om värdskap", "city": "Västerås", "place": "Lindsalen", "leader": "Disa Ljung"}
    moments = {name: stockholm(said[name]) for name in MOMENTS if name in said}
    return Facts(**{**usual, **said, **moments})


def other(said: Said, **facts: Any) -> Facts:
    """Another event that shares nothing with the usual one but what is said."""
    apart = {"title": "Frukost med värdskap", "city": "Umeå", "place": "Björksalen", "leader": "Omar Said"}
    return facts_of({**apart, "is_published": True, **said, **facts})


def said_in(said: Said, field: str, *texts: str) -> list[Right]:
    """One event for each text."""
    return [({**said, field: text}, []) for text in texts]


def faults_in(said: Said, *texts: tuple[str, str, str]) -> list[Faulty]:
    """(field, text, word of the sentence)"""
    return [
        ({**said, field: [tuple(text.split("|"))] if field == "programme" else text}, [], field, word)
        for field, text, word in texts
    ]


THURSDAY = on("2026-12-10")
TWO_DAYS = on("2027-02-02 09:00", "2027-02-03 16:00")  # Tuesday and Wednesday
NEXT_YEAR = on("2027-01-14")  # a Thursday
LATER = on("2028-02-03")  # a Thursday, more than a year ahead

WEEKDAYS: list[Faulty] = [
    *faults_in(
        THURSDAY,
        ("title", "Julsamtal fredag 11 december", "torsdag"),
        ("title", "Kvällssamtal, tisdag 10/12", "torsdag"),
        ("title", "Samtal i vintermörkret, ons. 10 dec.", "torsdag"),
        ("title", "VÄLKOMMEN ONSDAG 10 DECEMBER", "torsdag"),
        ("title", "Fredagsfrukost med värdskap", "torsdag"),
        ("title", "Hosting at work – Wednesday, December 10th", "torsdag"),
        ("title", "Värdskap i vården 17/12", "17"),
        ("summary", "Mån 10/12 kl. 13: en stund om att ta emot.", "torsdag"),
        ("summary", "Fri 10 Dec, 1–4.30 pm: coffee and conversation.", "torsdag"),
        ("summary", "Onsdag eftermiddag om att lyssna färdigt.", "torsdag"),
        ("lede", "Välkommen onsdagen den 10 december till en eftermiddag om bemötande.", "torsdag"),
        ("lede", "Join us on Friday 10 December for an afternoon about hosting.", "torsdag"),
        ("lede", "Vi ses tors 11/12 i Lindsalen.", "11"),
        ("lede", "Vi ses på tisdag kl. 13. Ta gärna med en kollega.", "torsdag"),
        ("lede", "Välkommen den 12 december. Kaffet är varmt från halv ett.", "12 december"),
        ("lede", "Tid och plats: 2026-12-11, Lindsalen.", "11"),
        ("lede", "Kom till Lindsalen torsdag 10 november klockan 13.", "november"),
        ("lede", "Eftermiddagen är fredag 10\u00a0december, och alla är välkomna.", "torsdag"),
        ("body", "Vi träffas i Lindsalen lördagen den 10:e december.", "torsdag"),
        ("body", "Varmt välkommen fredagen den tionde december.", "torsdag"),
        ("body", "Dag: tors 3/12\nTid: 13–16.30\nPlats: Lindsalen", "3"),
        ("body", "När: 9 december kl. 13.00\nVar: Lindsalen", "9 december"),
        ("body", "See you on Tuesday 10th of December 2026 in Västerås.", "torsdag"),
        ("body", "We meet on Friday the 10th of December, in the room by the lake.", "torsdag"),
        ("body", "Sat, Dec 10, from one o'clock. Everyone is welcome.", "torsdag"),
        ("body", "Vi möts fredag 2026-12-10 och håller på till halv fem.", "torsdag"),
        ("access", "Dörren mot ån öppnas 12.30 onsdag 10 december.", "torsdag"),
        ("programme", "13.00|Onsdag 10 december: vi hälsar varandra välkomna", "torsdag"),
        ("programme", "Onsdag 13.00|Vi hälsar varandra välkomna", "torsdag"),
    ),
    *faults_in(
        TWO_DAYS,
        ("title", "Samtalsledare, måndag–tisdag 2–3 februari", "tisdag"),
        ("lede", "Två dagar tillsammans, onsdag 2–torsdag 3 februari.", "tisdag"),
        ("lede", "Kursen går 3–4 februari, med övernattning för den som vill.", "februari"),
        ("programme", "Torsdag 9.00|Vi samlas igen och delar det vi prövat", "torsdag"),
    ),
]
MORE_DAYS = faults_in(
    THURSDAY,
    ("lede", "Den 17 december bjuder vi in till ett samtal om att lyssna.", "torsdag 10 december"),
    ("lede", "En eftermiddag om att lyssna, fredag 11 december i Lindsalen.", "torsdag 10 december"),
    ("lede", "Den 9 december kl 13 är det dags.", "torsdag 10 december"),
    ("lede", "Nu är det dags igen! Onsdag 9 december klockan 13.", "torsdag 10 december"),
    ("lede", "Varmt välkommen till Lindsalen, Västerås, 12 dec kl 13!", "torsdag 10 december"),
    ("lede", "Boka in den 17 december redan nu.", "torsdag 10 december"),
    ("lede", "Ons 9/12 13.00–16.30, Lindsalen", "torsdag 10 december"),
    ("lede", "Torsdag den 3:e december gästas vi av Omar Said.", "torsdag 10 december"),
    ("lede", "Häng med när vi den 11 december pratar om bemötande.", "torsdag 10 december"),
    ("lede", "Träffen är flyttad till fredag 11 december.", "torsdag 10 december"),
    ("lede", "Kursen börjar 12 december klockan 13.", "torsdag 10 december"),
    ("lede", "Ses vi på lördag? Kaffet är varmt från halv ett.", "torsdag 10 december"),
    ("lede", "Välkommen på måndag, då pratar vi om bemötande.", "torsdag 10 december"),
    ("lede", "Vi träffas nu på torsdag den 12 december.", "en lördag"),
    ("lede", "10 november är det dags: en eftermiddag om bemötande.", "redan varit"),
    ("lede", "Kom till oss den 10/11 klockan 13.", "redan varit"),
    ("lede", "På tisdag den 10 december ses vi.", "en torsdag"),
    ("lede", "Samtalet äger rum söndagen den 10 december.", "en torsdag"),
    ("lede", "Vi ses mån. den 10 dec.", "en torsdag"),
    ("lede", "Thursday, 11 December: an afternoon about hosting.", "en fredag"),
    ("lede", "Please join us on December 12.", "torsdag 10 december"),
    ("lede", "The workshop is on Monday 10 December.", "en torsdag"),
    ("lede", "Our conversation takes place Thursday, November 10.", "en tisdag"),
    ("lede", "We look forward to welcoming you on 9 December.", "torsdag 10 december"),
    ("lede", "Torsdag 10/12/2027 ses vi i Lindsalen.", "en fredag"),
    ("lede", "Välkommen 2026-10-12 kl. 13.", "redan varit"),
    ("lede", "Torsdagen den 10 dec 2024 möts vi i Lindsalen.", "en tisdag"),
    ("lede", "Välkommen den 31 november.", "almanackan"),
    ("lede", "Datum: 11 december", "torsdag 10 december"),
    ("lede", "Startar: 2026-12-11 13:00", "torsdag 10 december"),
    ("lede", "Plats: Lindsalen, fredag 10/12", "en torsdag"),
    ("lede", "Vi kör på onsdag klockan 13, som vanligt.", "torsdag 10 december"),
    ("title", "Samtal om bemötande 10 november", "redan varit"),
    ("title", "Samtal om bemötande – tisdag", "torsdag 10 december"),
    ("title", "Samtal om bemötande (fre 10/12)", "en torsdag"),
    ("title", "Samtal 2026-12-11", "torsdag 10 december"),
    ("title", "Friday talk: hosting", "torsdag 10 december"),
    ("title", "Värdskapsdagen 2025", "torsdag 10 december"),
    ("title", "Lördagsträff", "torsdag 10 december"),
    ("title", "Samtal om bemötande, 10 december 2025", "redan varit"),
)
YEARS: list[Faulty] = [
    *faults_in(
        THURSDAY,
        ("lede", "Välkommen torsdag 10 december 2025 till Lindsalen.", "2025"),
        ("body", "Vi ses den 10 december 2027, när årets arbete ska summeras.", "2027"),
        ("summary", "10/12 2025 kl. 13: en stund om att ta emot.", "2025"),
        ("title", "Värdskapets julsamtal 2025", "2025"),
    ),
    *faults_in(
        NEXT_YEAR,
        ("title", "Lead the conversation: January 14, 2026", "2026"),
        ("lede", "Startdag: 2026-01-14. Vi möts fyra gånger under våren.", "2026"),
    ),
    *faults_in(
        LATER,
        ("lede", "Vi ses torsdag 3 februari i Lindsalen.", "2028"),
        ("title", "Värdskapsdagen 3 februari", "2028"),
        ("summary", "3/2 kl. 13: en stund om att ta emot.", "2028"),
        ("body", "We look forward to seeing you on 3 February.", "2028"),
    ),
]
PAST: list[Faulty] = [
    (on("2026-11-12"), [], "starts_at", "12 november"),
    (on("2025-12-10"), [], "starts_at", "2025"),
    (days("2026-11-20", "2026-11-21"), [], "starts_at", "20 november"),
    (on("2026-11-23 08:00", "10:00"), [], "starts_at", "23 november"),
    (on("2026-11-10", known_start="2026-12-10 13:00"), [], "starts_at", "10 november"),
]
RED: list[Faulty] = [
    (on("2026-12-13"), [], "starts_at", "röd dag"),
    (on("2026-12-24"), [], "starts_at", "Julafton"),
    (on("2026-12-26"), [], "starts_at", "Annandag jul"),
    (on("2026-12-31 18:00", "2027-01-01 00:30"), [], "starts_at", "Nyårsafton"),
    (on("2027-01-06"), [], "starts_at", "Trettondedag jul"),
    (on("2027-03-26"), [], "starts_at", "Långfredagen"),
    (on("2027-03-29"), [], "starts_at", "Annandag påsk"),
    (on("2027-05-06"), [], "starts_at", "Kristi himmelsfärdsdag"),
    (on("2027-05-05 09:00", "2027-05-07 12:00"), [], "starts_at", "Kristi himmelsfärdsdag"),
    (on("2027-06-25"), [], "starts_at", "Midsommarafton"),
    (on("2027-06-26"), [], "starts_at", "Midsommardagen"),
    (on("2027-11-06"), [], "starts_at", "Alla helgons dag"),
    (days("2028-04-13", "2028-04-14"), [], "starts_at", "Långfredagen"),
    (on("2028-05-01"), [], "starts_at", "Första maj"),
    (on("2028-06-06"), [], "starts_at", "nationaldag"),
]
CLASHES: list[Faulty] = [
    (THURSDAY, [other(on("2026-12-10 15:00", "18:00"), leader="Disa Ljung")], "leader", "Frukost"),
    (THURSDAY, [other(on("2026-12-10 16:29", "18:00"), leader="Disa Ljung")], "leader", "Frukost"),
    (THURSDAY, [other(on("2026-12-10 08:00", "13:01"), leader="disa  LJUNG ")], "leader", "Frukost"),
    (THURSDAY, [other(THURSDAY, leader="Disa Ljung", is_published=False)], "leader", "utkast"),
    (THURSDAY, [other(days("2026-12-10", "2026-12-10"), leader="Disa Ljung")], "leader", "hela dagen"),
    (
        THURSDAY,
        [other(on("2026-12-09 09:00", "2026-12-11 12:00"), leader="Disa Ljung")],
        "leader",
        "Frukost",
    ),
    ({**THURSDAY, "leader": "Disa Ljung och Omar Said"}, [other(THURSDAY)], "leader", "Omar Said"),
    (THURSDAY, [other(THURSDAY, leader="Omar Said, Disa Ljung")], "leader", "Disa Ljung"),
    ({**THURSDAY, "leader": "Disa Ljung m.fl."}, [other(THURSDAY, leader="Disa Ljung")], "leader", "Disa"),
    (THURSDAY, [other(THURSDAY, leader="Disa Ljung (samtalsledare)")], "leader", "Disa"),
    (
        {**THURSDAY, "leader": "Åsa Öberg"},
        [other(THURSDAY, leader="A\u030asa O\u0308berg")],
        "leader",
        "Åsa Öberg",
    ),
    (THURSDAY, [other(THURSDAY, place=" lindsalen", city="VÄSTERÅS")], "place", "Lindsalen"),
    (
        {**THURSDAY, "place": "Stora salen"},
        [other(THURSDAY, place="Stora  Salen", city="Västerås")],
        "place",
        "Stora salen",
    ),
    (
        days("2026-12-10", "2026-12-11"),
        [other(on("2026-12-11 18:00", "20:00"), place="Lindsalen", city="Västerås")],
        "place",
        "18.00",
    ),
    (
        {**THURSDAY, "online": True, "place": "", "city": "", "online_link": "https://moten.example/lind"},
        [other(THURSDAY, online=True, place="", city="", online_link="https://moten.example/lind")],
        "place",
        "Frukost",
    ),
]
TWICE: list[Faulty] = [
    (on("2027-10-31 02:00", "05:00"), [], "starts_at", "två gånger"),
    (on("2027-10-30 20:00", "2027-10-31 02:59"), [], "ends_at", "två gånger"),
]
# On the night of that autumn, seen in September.
TWICE_THEN: list[Faulty] = [
    (on("2026-10-25 02:30", "04:00"), [], "starts_at", "två gånger"),
    (on("2026-10-24 20:00", "2026-10-25 02:15"), [], "ends_at", "två gånger"),
]
DOUBTFUL = [*WEEKDAYS, *MORE_DAYS, *YEARS, *PAST, *RED, *CLASHES, *TWICE]

STOPPED: list[Faulty] = [
    (on("2026-12-10 13:00", "12:30"), [], "ends_at", "slutar innan"),
    (on("2026-12-10 13:00", "2026-12-09 16:30"), [], "ends_at", "slutar innan"),
    (on("2026-12-10 13:00", "2025-12-10 16:30"), [], "ends_at", "slutar innan"),
    (days("2027-02-03", "2027-02-02"), [], "ends_at", "slutar innan"),
    (on("2026-12-10 13:00", "13:00"), [], "ends_at", "samma stund"),
    (on("2026-12-10 13:00", "2036-12-10 16:30"), [], "ends_at", "år"),
    (on("2027-03-28 02:30", "05:00"), [], "starts_at", "finns inte"),
    (on("2027-03-27 20:00", "2027-03-28 02:00"), [], "ends_at", "finns inte"),
    ({**THURSDAY, "seats": -1}, [], "seats", "minst 1"),
]
