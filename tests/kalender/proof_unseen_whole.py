"""Whole events with all their texts, right as they stand, and what an editor may get wrong in each.

Written after the rules stood, without a change of theirs in mind.
"""

from __future__ import annotations

from tests.kalender.proof_unseen import Faulty, Said, days, on

BREAKFAST = on(
    "2026-12-03 08:00",
    "09:00",
    title="Frukost med värdskap: att minnas ett namn",
    summary="En timme, en tanke och gott kaffe.",
    lede="Du hälsar på trettio personer om dagen. Hur många av dem heter något för dig? Vi prövar fem sätt att "
    "minnas, medan du äter.",
    body="Frukosten står framme från kvart i åtta. Klockan åtta börjar vi prata, och nio får du gå, med ett "
    "namn mer i "
    "huvudet än du hade när du kom.\nDisa Ljung har arbetat i reception sedan 1997 och minns de flesta.\n"
    "Säg till senast tisdag 1 december om du inte äter gluten.\nVi möts första torsdagen i månaden. Nästa gång är "
    "4 februari, eftersom januari är för trött.",
    programme=[("7.45", "Frukosten står framme"), ("8.00", "Fem sätt"), ("8.40", "Vi prövar på varandra")],
    price_text="Kostnadsfritt. Den som inte kommer bjuder på 150 kr.",
    access="Lindsalen, plan 2. Hissen rymmer en permobil. Buss 3/11 till Stora torget, sedan 200 meter.",
)
HALF_DAY = on(
    "2026-12-08",
    title="Värdskap i vården",
    summary="Bemötande när tiden är knapp.",
    lede="Tisdag 8 december samlar vi dig som möter patienter och anhöriga. Ingen har mer tid än du, men den går att "
    "använda olika.",
    body="Förra året kom 64 personer från elva kliniker. I år har vi flyttat till en större sal.\n"
    "Vi bygger på samtal med 28 anhöriga, gjorda mellan mars och juni 2025. En av dem sa: ”På fredagar svarar "
    "ingen, så "
    "man lär sig att vara sjuk på måndag.”\nDu får häftet några dagar i förväg, omkring den 3 december.\n"
    "Anmäl dig före den 1 december. Efter det kan vi bara lova kaffe.",
    programme=[
        ("12.30", "Incheckning och soppa"),
        ("13.00", "Att komma till den som väntar"),
        ("14.15", "Paus"),
        ("14.30", "Övning 3/4: det svåra beskedet"),
        ("16.15", "Vad gör du på måndag?"),
    ],
    price_text="1 450 kr till och med 30 november, sedan 1 950 kr. Moms tillkommer.",
    access="Parkering P7, 12 kr/tim på vardagar 8–18. Porten låses 13.15: ring 021-12 08 00.",
)
COURSE = on(
    "2027-02-09 09:00",
    "2027-02-11 15:00",
    title="Bli samtalsledare, 9–11 februari 2027",
    summary="Tre dagar, tisdag till torsdag, med övernattning.",
    lede="Från tisdag morgon till torsdag eftermiddag lär du dig leda gruppen genom film och övning.",
    body="Tisdag: vi lär känna varandra. Onsdag: du leder. Torsdag: vi planerar hemgången.\n"
    "Rum finns från måndag 8 februari för den som har långt. Middag onsdag kväll ingår.\n"
    "Sista dag att anmäla sig är fredag 15 januari. Fakturan skickas den 18 januari och ska betalas inom 30 dagar.\n"
    "Två uppföljningar på nätet: 9 mars och 6 april, klockan 15.\nKursen har getts 14 gånger sedan hösten 2018.",
    price_text="8 900 kr, helpension ingår. Enkelrum 600 kr/natt.",
    access="Herrgården ligger 9 km från stationen. Tåget 8.12 från Stockholm möts av en buss.",
)
LUNCH = on(
    "2026-12-16 12:00",
    "12:40",
    online=True,
    place="",
    city="",
    title="Lunchsamtal: att säga nej med värme",
    summary="Fyrtio minuter på onsdag lunch, kameran är frivillig.",
    lede="Ta med lunchen till skärmen onsdag den 16 december. Vi pratar om det korta ordet som är så svårt "
    "att säga snällt.",
    body="Länken skickas måndag 14 december, och en gång till samma morgon.\nMissar du samtalet? Det spelas "
    "inte in, men "
    "samma ämne kommer igen den 20 januari.\nVi är högst 3/4 så många som förra gången.",
    price_text="Kostnadsfritt",
)
FAIR = days(
    "2027-05-19",
    "2027-05-21",
    title="Värdskapsdagarna 2027",
    summary="Onsdag 19 till fredag 21 maj: tre dagar om att ta emot.",
    lede="Tre dagar, fyrtio samtal och en lång middag. Värdskapsdagarna hålls för nionde gången, 19–21 maj 2027.",
    body="Första gången, i maj 2009, var vi 41 personer i en skolmatsal. Senast, 2025, var vi 900.\n"
    "Förslag på samtal tar vi emot till och med den 31 januari. Programmet släpps fredag 12 mars.\n"
    "Onsdag: att ta emot. Torsdag: att lyssna. Fredag: att säga hej då.\nMiddagen är på torsdag kväll, den 20 maj.",
    price_text="6 400 kr. Före 1 mars: 4 900 kr. En dag: 2 500 kr.",
)
ENGLISH = on(
    "2026-12-10",
    title="Open half-day: the basics of hosting",
    summary="Thursday 10 December, 1 to 4.30 pm.",
    lede="For those who meet people at work: in a reception, a classroom or on the phone.",
    body="Last year's half-day, on 4 December, was full by the middle of November, so do not wait.\nSign up "
    "by Thursday 3 "
    "December. On the Wednesday before, you get a letter with all you need to know.\nThe booklet from 2019 is "
    "included. Our telephone is answered Monday to Friday, 9 to 4.\nA second half-day in English follows on "
    "11 February.",
    programme=[("12.30 pm", "Doors open"), ("1 pm", "What makes us feel expected?"), ("4.30 pm", "The end")],
    price_text="SEK 1,950 plus VAT",
)
EVENING = on(
    "2027-01-28 18:00",
    "20:30",
    title="Kväll hos Måndagsklubben",
    summary="Soppa, samtal och en film från 1974.",
    lede="Torsdag 28 januari 2027 öppnar Måndagsklubben sin dörr för alla, trots namnet.",
    body="Klubben bildades måndagen den 7 oktober 1968 och möts annars i början av veckan.\nMaj Fredriksson, "
    "91 år, är "
    "den enda som varit med hela tiden. Hon fyller år den 3 maj, och då blir det tårta.\n"
    "Filmen är 48 minuter. Sedan pratar vi, och halv nio dukar vi av.\nHör av dig senast den 25 januari.",
    price_text="80 kr i kontanter eller Swish",
    access="Gå in från gården. Portkod 2801 gäller från 17.30.",
)
PARTY = on(
    "2026-12-12 19:00",
    "2026-12-13 01:00",
    title="Julfest för alla som tagit emot någon i år",
    summary="Lördag 12 december, från sju tills luciatåget väcker oss.",
    lede="Lördagen den 12 december dansar vi in Lucia. Klockan sju börjar middagen, elva kommer orkestern.",
    body="Ta med en vän. Klädsel: det du känner dig väntad i.\nSista nattbussen går 01.10 den 13 december.\n"
    "OSA måndag 7 december till disa@example.se.",
    programme=[("19.00", "Middag"), ("23.00", "Orkestern"), ("00.45", "Sista dansen")],
)
LATER = on(
    "2028-03-14 09:00",
    "16:00",
    title="Den stora värdskapsdagen 14 mars 2028",
    summary="Boka in dagen redan nu.",
    lede="Tisdag 14 mars fyller skriften 20 år, och det firar vi med en hel dag.",
    body="Skriften trycktes första gången den 14 mars 2008. Anmälan öppnar i september 2027.",
)
WHOLE_RIGHT: list[Said] = [BREAKFAST, HALF_DAY, COURSE, LUNCH, FAIR, ENGLISH, EVENING, PARTY, LATER]

_FAULTS: list[tuple[Said, str, str, str]] = [
    (BREAKFAST, "title", "Frukost med värdskap, onsdag 3 december", "torsdag"),
    (BREAKFAST, "title", "Frukost med värdskap 4/12", "3 december"),
    (BREAKFAST, "title", "Onsdagskaffe: att minnas ett namn", "torsdag"),
    (BREAKFAST, "summary", "Tis kl. 8.00: en timme, en tanke och gott kaffe.", "torsdag"),
    (
        BREAKFAST,
        "lede",
        "Fredag den 3 december äter vi frukost och prövar fem sätt att minnas namn.",
        "torsdag",
    ),
    (BREAKFAST, "lede", "Frukosten är den 10 december, och alla är välkomna.", "3 december"),
    (BREAKFAST, "lede", "Kom och ät frukost med oss torsdagen den 26 november.", "3 december"),
    (BREAKFAST, "lede", "Välkommen till en frukost den 2 december, ta med en kollega.", "3 december"),
    (BREAKFAST, "body", "Datum: onsdagen den 3 december.\nTid: 8–9.", "torsdag"),
    (BREAKFAST, "body", "Säg till senast onsdag 1 december om du inte äter gluten.", "tisdag"),
    (BREAKFAST, "body", "Vi ses på fredag, då är kaffet klart kvart i åtta.", "torsdag"),
    (BREAKFAST, "access", "Vi möts i entrén onsdag 3/12 klockan 7.45.", "torsdag"),
    (HALF_DAY, "lede", "Onsdag 8 december samlar vi dig som möter patienter och anhöriga.", "tisdag"),
    (HALF_DAY, "lede", "Tisdag 8 november samlar vi dig som möter patienter.", "november"),
    (HALF_DAY, "lede", "Tisdagen den 15 december samlas vi i en större sal än förra året.", "8 december"),
    (HALF_DAY, "body", "Halvdagen hålls tisdag 8 december 2027 i Lindsalen.", "2027"),
    (HALF_DAY, "body", "När: 2025-12-08, kl. 13\nVar: Lindsalen", "2025"),
    (HALF_DAY, "body", "Anmäl dig före den 12 december.", "12 december"),
    (HALF_DAY, "price_text", "1 450 kr till och med lördag 30 november, sedan 1 950 kr.", "måndag"),
    (HALF_DAY, "programme", "Måndag 13.00|Att komma till den som väntar", "tisdag"),
    (COURSE, "title", "Bli samtalsledare, 9–10 mars 2027", "februari"),
    (COURSE, "title", "Bli samtalsledare, 9–11 februari 2026", "2026"),
    (COURSE, "title", "Bli samtalsledare, onsdag–fredag 9–11 februari 2027", "tisdag"),
    (COURSE, "summary", "Tre dagar, måndag 9 till onsdag 11 februari.", "tisdag"),
    (COURSE, "lede", "Kursen börjar onsdagen den 9 februari 2027 klockan nio.", "tisdag"),
    (COURSE, "body", "Rum finns från söndag 8 februari för den som har långt.", "måndag"),
    (COURSE, "programme", "9.00|Fredag: vi planerar hemgången", "februari"),
    (LUNCH, "summary", "Fyrtio minuter på tisdag lunch, kameran är frivillig.", "onsdag"),
    (LUNCH, "lede", "Ta med lunchen till skärmen torsdag den 16 december.", "onsdag"),
    (LUNCH, "lede", "Onsdag den 9 december ses vi framför skärmen.", "16 december"),
    (LUNCH, "body", "Länken skickas tisdag 14 december.", "måndag"),
    (FAIR, "title", "Värdskapsdagarna 2026", "2027"),
    (FAIR, "summary", "Onsdag 19 till lördag 21 maj: tre dagar om att ta emot.", "fredag"),
    (FAIR, "lede", "Värdskapsdagarna hålls för nionde gången, 19–22 maj 2027.", "maj"),
    (FAIR, "body", "Middagen är på torsdag kväll, den 21 maj.", "fredag"),
    (ENGLISH, "title", "Open half-day on Friday, December 10", "torsdag"),
    (ENGLISH, "summary", "Wednesday 10 December, 1 to 4.30 pm.", "torsdag"),
    (ENGLISH, "lede", "Come and spend an afternoon with us on December 11th.", "10 december"),
    (ENGLISH, "lede", "The half-day takes place on 10 December 2025.", "2025"),
    (ENGLISH, "body", "Sign up by Friday 3 December.", "torsdag"),
    (EVENING, "lede", "Torsdag 28 januari öppnar Måndagsklubben sin dörr för alla.", "årtal"),
    (EVENING, "lede", "Måndag 28 januari 2027 öppnar Måndagsklubben sin dörr för alla.", "torsdag"),
    (EVENING, "title", "Måndagskväll hos klubben", "torsdag"),
    (EVENING, "body", "Klubben möts torsdagen den 29 januari 2027 i Lindsalen.", "fredag"),
    (PARTY, "summary", "Fredag 12 december, från sju tills luciatåget väcker oss.", "lördag"),
    (PARTY, "lede", "Lördagen den 19 december dansar vi in julen, och du är välkommen.", "12 december"),
    (PARTY, "body", "OSA tisdag 7 december till disa@example.se.", "måndag"),
    (LATER, "title", "Den stora värdskapsdagen 14 mars", "2028"),
    (LATER, "lede", "Måndag 14 mars 2028 fyller skriften 20 år.", "tisdag"),
    (LATER, "lede", "Välkommen tisdag 14 mars 2027 till en hel dag.", "söndag"),
]
WHOLE_FAULTY: list[Faulty] = [
    ({**said, field: [tuple(text.split("|"))] if field == "programme" else text}, [], field, word)
    for said, field, text, word in _FAULTS
]
