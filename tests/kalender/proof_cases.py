"""Events for the proof-reader: fifty with a fault each, two hundred and more with none. It is noon, 23 November 2026.

A row of FAULTY: what differs from the ordinary event below, the other events, and the remark that must come: its level,
its field, words of its sentence.
"""

from __future__ import annotations

from typing import Any

from cms.kalender.proof import Facts
from tests.kalender.facts import stockholm

ORDINARY: dict[str, Any] = {
    "starts_at": stockholm("2026-12-10 13:00"),  # a Thursday
    "ends_at": stockholm("2026-12-10 16:30"),
    "title": "Öppen halvdag: grunderna i värdskap",
    "leader": "Katarina Bergström",
    "place": "Ekmanssalen",
    "city": "Göteborg",
    "seats": 24,
    "slug": "2026-12-10-grunderna-i-vardskap",
}


def event(**facts: Any) -> Facts:
    """The ordinary event with what differs; moments as `2026-12-10 13:00` on Stockholm's clock."""
    moments = {
        name: stockholm(facts[name])
        for name in ("starts_at", "ends_at", "known_start")
        if isinstance(facts.get(name), str)
    }
    return Facts(**{**ORDINARY, **facts, **moments})


def at(starts_at: str, ends_at: str, **facts: Any) -> dict[str, Any]:
    """Hours, and an address that fits them."""
    return {"starts_at": starts_at, "ends_at": ends_at, "slug": f"{starts_at[:10]}-traff", **facts}


def other(**facts: Any) -> Facts:
    return event(
        **{
            "title": "Frukost med värdskap",
            "is_published": True,
            "leader": "",
            "place": "",
            "slug": "",
            **facts,
        }
    )


WARNING, ERROR = "warning", "error"
Row = tuple[dict[str, Any], list[Facts], tuple[str, str, str]]

FAULTY: list[Row] = [
    # The weekday does not fit the date.
    ({"title": "Öppen halvdag fredag 10 december"}, [], (WARNING, "title", "är en torsdag")),
    (
        {"summary": "Tisdagen den 10 december ses vi."},
        [],
        (WARNING, "summary", "10 december 2026 är en torsdag"),
    ),
    ({"lede": "Välkommen ons 10/12 till Ekmanssalen."}, [], (WARNING, "lede", "är en torsdag")),
    ({"body": "Vi ses fre 10 dec kl. 13."}, [], (WARNING, "body", "är en torsdag")),
    ({"body": "Join us on Friday, December 10th."}, [], (WARNING, "body", "är en torsdag")),
    ({"lede": "We meet on Wed 10 December at 1 pm."}, [], (WARNING, "lede", "är en torsdag")),
    ({"price_text": "Anmäl dig senast måndag 4 december."}, [], (WARNING, "price_text", "är en fredag")),
    ({"access": "Porten är öppen onsdagen den 10:e."}, [], (WARNING, "access", "är en torsdag")),
    ({"programme": [("13.00", "Välkomna, tisdag 10 december")]}, [], (WARNING, "programme", "är en torsdag")),
    ({"body": "Datum: 10 december 2026 (måndag)."}, [], (WARNING, "body", "är en torsdag")),
    (
        at("2026-12-03 09:00", "2026-12-04 16:00", body="Kursen går onsdag–torsdag 3–4 december."),
        [],
        (WARNING, "body", "är en torsdag"),
    ),
    ({"title": "Fredagsfika med värdskap"}, [], (WARNING, "title", "Fredagsfika")),
    ({"summary": "Välkommen på onsdag!"}, [], (WARNING, "summary", "träffen är torsdag 10 december 2026")),
    ({"body": "Vi ses på måndag klockan ett."}, [], (WARNING, "body", "”måndag”")),
    # The date is past, another one, or none at all.
    ({"title": "Öppen halvdag 11 december"}, [], (WARNING, "title", "men träffen är torsdag 10 december")),
    ({"lede": "Välkommen till Göteborg den 17 december."}, [], (WARNING, "lede", "17 december")),
    ({"body": "Vi träffas 2026-12-09 klockan 13."}, [], (WARNING, "body", "2026-12-09")),
    ({"body": "Tid: 12/12 kl. 13–16."}, [], (WARNING, "body", "12/12")),
    ({"lede": "See you on 11 December."}, [], (WARNING, "lede", "11 December")),
    ({"body": "Vi ses den 11:e."}, [], (WARNING, "body", "den 11:e")),
    ({"body": "Kursen går 10–12 december."}, [], (WARNING, "body", "10–12 december")),
    ({"body": "Anmäl dig senast 12 december."}, [], (WARNING, "body", "12 december")),
    ({"lede": "Välkommen den 19 november."}, [], (WARNING, "lede", "har redan varit")),
    (
        {"price_text": "Boka före 1 november, så får du 10 % rabatt."},
        [],
        (WARNING, "price_text", "har redan varit"),
    ),
    ({"body": "Torsdag 11 december 2025 ses vi igen."}, [], (WARNING, "body", "har redan varit")),
    ({"body": "Sista dag att anmäla sig är 31 november."}, [], (WARNING, "body", "finns inte i almanackan")),
    # The year is missing.
    (
        at("2027-01-14 13:00", "2027-01-14 16:00", title="Öppen halvdag 14 januari"),
        [],
        (WARNING, "title", "saknar årtal. Skriv 2027"),
    ),
    (
        at("2027-02-11 13:00", "2027-02-11 16:00", lede="Torsdag 11/2 fyller vi Ekmanssalen."),
        [],
        (WARNING, "lede", "saknar årtal"),
    ),
    # Closed days.
    (
        at("2026-12-06 13:00", "2026-12-06 16:00"),
        [],
        (WARNING, "starts_at", "Söndag 6 december 2026 är röd dag"),
    ),
    (at("2027-01-06 13:00", "2027-01-06 16:00"), [], (WARNING, "starts_at", "Trettondedag jul")),
    (at("2027-05-06 13:00", "2027-05-06 16:00"), [], (WARNING, "starts_at", "Kristi himmelsfärdsdag")),
    (at("2027-03-26 13:00", "2027-03-26 16:00"), [], (WARNING, "starts_at", "Långfredagen")),
    (at("2026-12-24 09:00", "2026-12-24 11:00"), [], (WARNING, "starts_at", "de flesta är lediga: Julafton")),
    (
        at("2027-06-25 09:00", "2027-06-25 11:00"),
        [],
        (WARNING, "starts_at", "de flesta är lediga: Midsommarafton"),
    ),
    # Clashes.
    ({}, [other(leader="katarina  bergström")], (WARNING, "leader", "Samma ledare, Katarina Bergström")),
    (
        {"leader": "Ali Ek och Katarina Bergström"},
        [other(leader="Katarina Bergström", starts_at="2026-12-10 16:00", ends_at="2026-12-10 18:00")],
        (WARNING, "leader", "10 december 16.00–18.00"),
    ),
    ({}, [other(place="ekmanssalen", is_published=False)], (WARNING, "place", "(utkast)")),
    (
        {"online": True, "place": "", "city": "", "online_link": "https://moten.example/a"},
        [other(online=True, online_link="https://moten.example/a")],
        (WARNING, "place", "https://moten.example/a"),
    ),
    # Hours.
    ({"ends_at": "2026-12-10 12:00"}, [], (ERROR, "ends_at", "slutar innan den börjar")),
    ({"ends_at": "2026-12-10 13:00"}, [], (ERROR, "ends_at", "i samma stund")),
    ({"ends_at": "2037-12-10 13:00"}, [], (ERROR, "ends_at", "ett år")),
    ({"ends_at": "2027-01-10 13:00"}, [], (WARNING, "ends_at", "pågår i 32 dagar")),
    (at("2027-03-28 02:30", "2027-03-28 05:00"), [], (ERROR, "starts_at", "finns inte")),
    (at("2027-10-31 02:30", "2027-10-31 05:00"), [], (WARNING, "starts_at", "kommer två gånger")),
    (at("2026-11-19 13:00", "2026-11-19 16:00"), [], (WARNING, "starts_at", "har redan varit")),
    # Seats, address, programme.
    ({"seats": 0}, [], (ERROR, "seats", "Skriv minst 1")),
    ({"seats": -1}, [], (ERROR, "seats", "Skriv minst 1")),
    ({"slug": "2026-11-10-grunderna-i-vardskap"}, [], (WARNING, "slug", "Adressen börjar med 2026-11-10")),
    (
        {"programme": [("13.00", "Välkomna"), ("15.00", "Fika"), ("14.30", "Samtal")]},
        [],
        (WARNING, "programme", "14.30 står efter 15.00"),
    ),
    (
        {"programme": [("09.00", "Välkomna"), ("12.00", "Slut")]},
        [],
        (WARNING, "programme", "9.00 i programmet är före träffens början"),
    ),
]

HALF_DAY = at("2026-12-10 13:00", "2026-12-10 16:30")  # Thursday
BREAKFAST = at("2026-12-02 08:00", "2026-12-02 09:00", place="Lilla matsalen", city="Stockholm")  # Wednesday
TWO_DAYS = at("2026-12-03 09:00", "2026-12-04 16:00")  # Thursday and Friday
LUNCH = at("2026-12-14 12:00", "2026-12-14 12:40", online=True, place="Digitalt", city="Digitalt")  # Monday
JANUARY = at("2027-01-14 09:00", "2027-01-14 12:00", leader="En av våra föreläsare")  # Thursday
EVENING = at("2027-03-16 17:30", "2027-03-16 20:00")  # Tuesday
SOON = at("2026-11-25 08:00", "2026-11-25 09:00")  # Wednesday
WHOLE_DAYS = at("2027-05-19 00:00", "2027-05-21 23:59", all_day=True)  # Wednesday to Friday
NIGHT = at("2026-12-11 21:00", "2026-12-12 01:00")  # Friday into Saturday
MOVED = at(
    "2026-12-17 13:00", "2026-12-17 15:00", slug="2026-12-10-grunderna", known_start="2026-12-10 13:00"
)

# Each text stands in an event of its own, in the field that is named.
TEXTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        HALF_DAY,
        [
            ("title", "Öppen halvdag torsdag 10 december"),
            ("title", "Torsdagsfika: grunderna i värdskap"),
            ("title", "Öppen halvdag 10/12"),
            ("summary", "Tors 10/12 kl. 13.00–16.30 i Ekmanssalen."),
            ("summary", "En torsdag om det som gör att vi känner oss väntade."),
            ("summary", "Torsdagen den 10 december, med fika."),
            ("lede", "Välkommen till Göteborg torsdagen den 10 december 2026."),
            ("lede", "Vi ses på torsdag den 10 december klockan 13."),
            ("lede", "Kom torsdag 10 december, så bjuder vi på fika."),
            ("lede", "Den 10 december fyller vi Ekmanssalen. Ta med en kollega."),
            ("body", "Kaffet är klart 12.30. Vi börjar 13.00 och slutar 16.30."),
            ("body", "Anmäl dig senast fredag 4 december."),
            ("body", "Anmälan stänger måndag 7 december kl. 12.00."),
            ("body", "Vi bokar av salen onsdag 2 december om färre än fem har anmält sig."),
            ("body", "Boka senast 3/12, så hinner vi beställa mat."),
            ("body", "En sak att göra annorlunda på måndag."),
            ("body", "Nästa öppna halvdag är torsdag 14 januari 2027."),
            ("body", "Uppföljning den 17 december för den som vill."),
            ("body", "Du får skriften när du kommer. Den kom ut 3 mars 2019."),
            ("body", "Vi har hållit kursen sedan 1 maj 2012, nästan likadan varje gång."),
            ("price_text", "1 950 kr, moms tillkommer. Faktura, förfaller 31 december."),
            ("price_text", "Avboka senast den 3 december, så kostar det inget."),
            ("price_text", "Två för en till och med 30 november."),
            ("access", "Receptionen är öppen måndag–fredag 8–16. Ring på 24/7 vid sidodörren."),
            ("access", "Porten låses torsdagar klockan 17. Hiss finns till plan 2."),
            ("access", "Salen ligger på 3:e våningen, den 2:a dörren till höger."),
        ],
    ),
    (
        BREAKFAST,
        [
            ("title", "Onsdagsfrukost med värdskap"),
            ("title", "Frukost med värdskap ons 2 dec"),
            ("title", "Frukost den 2 december"),
            ("title", "Breakfast on Wednesday 2 December"),
            ("summary", "En timme, en tanke och gott kaffe."),
            ("summary", "Onsdag 2/12, klockan åtta."),
            ("summary", "Onsdag morgon 2 december kl. 8–9."),
            ("lede", "Kom som du är onsdagen den 2:a december och ät med oss."),
            ("lede", "Välkommen på onsdag, den 2 december klockan 8.00."),
            ("lede", "Wednesday, December 2nd, from 8 to 9 am."),
            ("lede", "Join us on Wed 2 Dec at 8 am."),
            ("body", "Äter du inte allt? Skriv det i anmälan senast måndag 30 november."),
            ("body", "Register by Friday 27 November, please."),
            ("body", "Vi släpper i väg dig till jobbet klockan nio."),
            (
                "body",
                "Frukosten är för dig som inte har en hel dag att avvara. Ungefär 1/2 timme prat och 1/2 timme mat.",
            ),
            ("body", "Förra frukosten var den 4 november och handlade om hälsningar."),
            ("body", "Nästa frukost: onsdag 13 januari 2027."),
            ("body", "9/10 gäster kommer tillbaka, säger de."),
            ("body", "Vi äter frukost tillsammans varje onsdag i advent."),
            ("body", "Efter frukosten går vi var och en till vårt, tills det blir fredag."),
            ("price_text", "Kostnadsfritt. Frukosten bjuder vi på."),
            ("price_text", "Fri entré. Ons 2 dec bjuder vi på gröt också."),
            ("access", "Matsalen ligger i markplan. Dörren öppnas 2 december kl. 7.45."),
            ("access", "Tunnelbanan går var 10:e minut på vardagar."),
        ],
    ),
    (
        TWO_DAYS,
        [
            ("title", "Tvådagarskurs 3–4 december"),
            ("title", "Bli samtalsledare, tors–fre 3–4 december"),
            ("title", "Two days of hosting, December 3–4"),
            ("summary", "Torsdag 3 och fredag 4 december."),
            ("summary", "3-4/12, båda dagarna 9–16."),
            ("summary", "Torsdag till fredag i Göteborg."),
            ("lede", "Vi ses torsdagen den 3 december och fortsätter fredagen den 4 december."),
            ("lede", "Kursen går torsdag–fredag 3–4 december 2026."),
            ("lede", "Kom den 3:e, stanna till den 4:e."),
            ("lede", "3 december börjar vi klockan 9.00. 4 december slutar vi 16.00."),
            ("lede", "Thursday 3 December to Friday 4 December."),
            ("body", "Första dagen, 2026-12-03, möts vi i Ekmanssalen. Andra dagen, 2026-12-04, går vi ut."),
            ("body", "Middag torsdag kväll 3 december för den som vill."),
            ("body", "På fredag lunch äter vi tillsammans."),
            ("body", "Välkommen på torsdag! Vi slutar fredag klockan 16."),
            ("body", "Anmäl dig senast 26/11."),
            ("body", "Material skickas ut tisdag 1 december."),
            ("body", "Intyg kommer med posten den 18 december."),
            ("body", "Återträff fredag 22 januari 2027."),
            ("body", "Del 1 den 3 december, del 2 den 4 december."),
            ("price_text", "4 900 kr. Hotell bokas till och med 27 november."),
            ("price_text", "Båda dagarna: 4 900 kr. Bara 3/12: 2 900 kr."),
            ("access", "Garaget är öppet tors 3/12 och fre 4/12, 7–18."),
        ],
    ),
    (
        LUNCH,
        [
            ("title", "Lunchsamtal: att säga nej med värme"),
            ("title", "Måndagslunch på nätet"),
            ("title", "Lunchsamtal mån 14/12"),
            ("title", "Lunch talk, Monday 14 December"),
            ("summary", "Fyrtio minuter, kameran är frivillig."),
            ("summary", "Måndag 14 december 12.00–12.40."),
            ("summary", "Måndagen den 14:e december vid lunch."),
            ("lede", "Ta med lunchen till skärmen måndagen den 14 december."),
            ("lede", "Måndag den 14:e, klockan tolv."),
            ("lede", "14 december (måndag) klockan 12.00."),
            ("lede", "Monday the 14th, at noon."),
            ("lede", "Mon 14 Dec, 12 noon. Bring your lunch."),
            ("body", "Länken skickas ut fredag 11 december."),
            ("body", "The link is sent on Friday 11 December."),
            ("body", "Vi öppnar rummet 11.55. Kolla ljudet, öppna matlådan."),
            ("body", "Samtalet spelas inte in, så det går bra att vara ärlig."),
            ("body", "Tidigare samtal: 12 oktober och 9 november."),
            ("body", "Frågor tas emot t.o.m. 10 december."),
            ("body", "Tiden är ute, platsen är upptagen, regeln säger något annat."),
            ("body", "Sedan starten den 3 april 2020 har vi ätit lunch så här."),
            ("price_text", "Kostnadsfritt"),
            ("access", "Samtalet textas direkt. Provmöte för den som vill: anmäl dig senast 9/12."),
            ("access", "Supporten svarar vardagar 8–17, lördagar 10–14."),
        ],
    ),
    (
        JANUARY,
        [
            ("title", "Nytt år, nytt bemötande: 14 januari 2027"),
            ("title", "Förmiddag för ledare"),
            ("title", "Torsdagsmorgon för ledare"),
            ("summary", "Torsdag 14 januari 2027, kl. 9–12."),
            ("summary", "Tors 14/1 2027 i Göteborg."),
            ("summary", "14/1-27, halva dagen."),
            ("lede", "Välkommen torsdagen den 14 januari 2027."),
            ("lede", "Vi ses torsdagen den 14:e."),
            ("lede", "Thursday 14 January 2027, from 9 am."),
            ("lede", "January 14, 2027 is a Thursday, and a good day to begin."),
            ("lede", "Kom 2027-01-14 klockan 9.00."),
            ("lede", "Den 14.1.2027 börjar vi om."),
            ("body", "Anmäl dig före jul, senast fredag 18 december."),
            ("body", "Anmälan öppnar tisdag 1 december."),
            ("body", "Tidig bokning till och med 15 december: 10 % rabatt."),
            ("body", "Kontoret har stängt 23 december – 6 januari 2027, men anmälan gäller ändå."),
            ("body", "Nästa tillfälle är torsdag 11 februari 2027."),
            ("body", "Förra året höll vi samma förmiddag den 15 januari 2026."),
            ("body", "Den som blir avsnäst på morgonmötet har svårt att vara varm i luckan klockan elva."),
            ("body", "Underlag mejlas ut två dagar i förväg."),
            ("price_text", "1 500 kr. Faktura skickas 2 februari 2027."),
            ("price_text", "Betala senast 7 januari 2027."),
            ("access", "Dörren är olåst från klockan åtta. Från stationen går du 10 minuter."),
            ("access", "Spårvagn 3 och 11 till Järntorget stannar utanför."),
        ],
    ),
    (
        EVENING,
        [
            ("title", "Samtal om kvällen, 16 mars 2027"),
            ("title", "Tisdagssamtal: att vara väntad"),
            ("title", "An evening of hosting, March 16, 2027"),
            ("summary", "Tisdag 16 mars 2027, 17.30–20.00."),
            ("summary", "Tis 16/3 2027."),
            ("summary", "En tisdag kväll med soppa."),
            ("lede", "Välkommen tisdagen den 16 mars 2027 klockan halv sex."),
            ("lede", "Tisdag kväll den 16 mars 2027 möts vi över en tallrik soppa."),
            ("lede", "Tuesday evening, 16 March 2027."),
            ("lede", "Tue 16 Mar 2027, doors at 5 pm."),
            ("lede", "Vi börjar 17.30 och håller på till 20."),
            ("body", "Anmäl dig senast onsdagen den 10 mars 2027."),
            ("body", "OSA 9/3 2027."),
            ("body", "Samtal nr 2 hålls tisdag 20 april 2027, samma tid. Nästa samtal blir det tredje."),
            ("body", "Ersättningsdatum vid sjukdom: 23 mars 2027."),
            ("body", "Boken utkom 16 september 2021."),
            ("body", "Vi slutar i tid, så att du hinner med tåget 20.34."),
            ("body", "Alla onsdagar i mars är det öppet hus i samma lokal."),
            ("price_text", "200 kr, soppa ingår. Studenter 1/2 priset."),
            ("price_text", "Biljetter släpps 1 februari 2027."),
            ("access", "Ingång från gården. Kod sms:as samma dag."),
        ],
    ),
    (
        SOON,
        [
            ("title", "Frukost på onsdag"),
            ("title", "Frukost 25 november"),
            ("title", "Onsdagsfrukost"),
            ("summary", "Ons 25/11 kl. 8."),
            ("summary", "Wednesday 25 November at 8."),
            ("lede", "Vi ses på onsdag!"),
            ("lede", "Välkommen onsdagen den 25 november."),
            ("lede", "Onsdag den 25:e klockan åtta."),
            ("lede", "See you on Wednesday."),
            ("body", "Anmäl dig senast tisdag 24 november kl. 12."),
            ("body", "Anmälan stänger i morgon, 24/11."),
            ("body", "Förra gången, den 28 oktober, blev vi fyrtio."),
            ("body", "Nästa frukost är onsdag 16 december."),
            ("body", "Frukosten flyttades från 18 november till 25 november, eftersom kocken var sjuk."),
            ("body", "Platser kvar: 5/40."),
            ("price_text", "Kostnadsfritt, men avboka senast dagen innan."),
            ("access", "Tag entré B. Lokalen är öppen 7–22 alla dagar, också söndagar."),
        ],
    ),
    (
        WHOLE_DAYS,
        [
            ("title", "Värdskapsdagarna 19–21 maj 2027"),
            ("title", "Värdskapsdagarna 2027"),
            ("summary", "Onsdag 19 till fredag 21 maj 2027."),
            ("summary", "19–21/5 2027 i Göteborg."),
            ("summary", "Onsdag–fredag i maj."),
            ("lede", "Tre dagar: onsdag 19 maj 2027, torsdag 20 maj 2027 och fredag 21 maj 2027."),
            ("lede", "Vi öppnar dörrarna onsdagen den 19 maj 2027."),
            ("lede", "May 19–21, 2027."),
            ("lede", "19 maj 2027 – 21 maj 2027."),
            ("lede", "Wednesday 19 May 2027 to Friday 21 May 2027."),
            ("body", "Torsdag 20 maj 2027 är det middag för alla."),
            ("body", "På fredag lunch säger vi hej då."),
            ("body", "Förslag på samtal tas emot senast 1 mars 2027."),
            ("body", "Tidig anmälan till och med 31 januari 2027."),
            ("body", "Dagarna grundades 2009 och har hållits vartannat år efter 5 maj 2011."),
            ("price_text", "6 400 kr för tre dagar, 2 500 kr för en. Anmäl dig före 15/4 2027."),
            ("access", "Hörslinga i alla salar. Tyst rum på plan 1."),
        ],
    ),
    (
        NIGHT,
        [
            ("title", "Natten på hotellet, fredag 11 december"),
            ("title", "Fredagskväll i receptionen"),
            ("summary", "Fredag 11 december 21.00 till lördag 12 december 01.00."),
            ("summary", "Fre 11/12–lör 12/12."),
            ("lede", "Natten mellan fredag 11 och lördag 12 december är vi vakna."),
            ("lede", "Kom fredagen den 11 december klockan nio på kvällen."),
            ("lede", "Friday night, December 11th."),
            ("body", "Anmäl dig senast onsdag 9 december."),
            ("body", "Nattbussen går 01.20 den 12 december."),
            ("body", "Vi ses på fredag."),
            ("price_text", "300 kr. Återbud senast 4/12."),
            ("access", "Huvudentrén stängs 22, ring på nattklockan sedan."),
        ],
    ),
    (
        MOVED,
        [
            ("title", "Öppen halvdag: grunderna"),
            ("summary", "Flyttad från 10 december till torsdag 17 december."),
            ("lede", "Vi ses torsdag 17 december i stället för den 10 december."),
            ("body", "Träffen är flyttad. Ny dag: torsdagen den 17 december kl. 13."),
            ("body", "Moved from 10 December to Thursday 17 December."),
        ],
    ),
]

# Written when the rules stood.
LATER: list[tuple[dict[str, Any], list[str]]] = [
    (
        HALF_DAY,
        [
            "Vi börjar kl 13 torsdagen den 10:e december och håller på till halv fem.",
            "Har du frågor? Ring oss på 031-10 12 26 eller mejla före den 8 december.",
            "Pris: 1 950 kr. Vid avbokning efter den 3 december debiteras halva priset.",
            "Årets sista halvdag! Nästa blir i februari.",
            "Lunch serveras 12.15 för den som anmäler det senast den 7/12.",
            "Program och deltagarlista mejlas den 9 december.",
            "Kursen hålls även på engelska den 15 december.",
            "Ta gärna med ett exempel från i måndags.",
            "Kursen har 24 platser. 10 dec är 18 av dem tagna.",
            "Öppettider i kaféet: mån–tors 8–17, fre 8–15.",
            "På lördagar är parkeringen gratis.",
            "Efter halvdagen, fredag morgon, får du ett mejl med övningarna.",
            "Tåget från Stockholm kommer 12.28, torsdagar också 12.58.",
            "Halvdagen är en del av Värdskapsveckan 7–11 december.",
            "Det här är tredje torsdagen i rad som vi ses.",
            "Vi spelar in en film den 10 december. Säg till om du inte vill synas.",
            "Hämta nycklar 9/12 eller 10/12 före kl. 12.",
            "Entrékod 1012. Plan 3, rum 3/12.",
        ],
    ),
    (
        BREAKFAST,
        [
            "Öppen frukost första onsdagen i månaden.",
            "Frukost i advent: 2 december, 9 december och 16 december.",
            "Nobeldagen den 10 december firar vi lite i förskott.",
            "Vi läser ur boken som släpptes i mars 2019.",
            "Breakfast is served 07:45. RSVP no later than Monday 30 November.",
            "Kom till Drottninggatan 2, ring 08-555 000 00.",
            "Lucia firar vi den 13 december, det här är bara frukost.",
        ],
    ),
    (
        TWO_DAYS,
        [
            "Dag 1, torsdag: lyssna. Dag 2, fredag: leda.",
            "Kursavgift 4 900 kr per person. Logi ons 2/12–fre 4/12 kan bokas via oss.",
            "Kursstart torsdag 3 december kl. 9.00, avslut fredag 4 december kl. 16.00.",
        ],
    ),
]

# Programmes, and what stands beside each other in the calendar.
PROGRAMME = [
    ("12.30", "Dörren öppnas. Kaffe."),
    ("13.00", "Välkomna"),
    ("14.15", "Fika"),
    ("16.30", "Slut. Den som vill stannar."),
]
WHOLE: list[tuple[dict[str, Any], list[Facts]]] = [
    ({"programme": PROGRAMME}, []),
    ({"programme": [("13", "Välkomna"), ("14–15", "Övning i par"), ("15.00–16.30", "Samtal")]}, []),
    ({"programme": [("kl. 13.00", "Start"), ("Sedan", "Fika när vi vill"), ("16:30", "Hej då")]}, []),
    ({"programme": [("1 pm", "Welcome"), ("2:30 pm", "Coffee"), ("4.30 pm", "The end")]}, []),
    (
        NIGHT
        | {"programme": [("20.30", "Insläpp"), ("21.00", "Start"), ("00.30", "Tystnad"), ("01.00", "Slut")]},
        [],
    ),
    (
        TWO_DAYS
        | {"programme": [("09.00", "Torsdag: välkomna"), ("16.00", "Slut"), ("08.30", "Fredag: kaffe")]},
        [],
    ),
    ({}, [other(leader="Katarina Bergström", starts_at="2026-12-10 16:30", ends_at="2026-12-10 18:00")]),
    ({"leader": "En av våra föreläsare"}, [other(leader="En av våra föreläsare")]),
]

RIGHT: list[tuple[dict[str, Any], list[Facts]]] = [
    *((facts | {field: text}, []) for facts, texts in TEXTS for field, text in texts),
    *((facts | {"body": text}, []) for facts, texts in LATER for text in texts),
    *WHOLE,
]
