"""The demo's catalogue. Creates what is missing; never changes what staff have changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Model

from shop import stock
from shop.models import Company, FreightMethod, FreightPrice, PriceStep, Product, VatShare
from shop.models.product import Cover, Kind

LONG_AGO = date(2026, 1, 1)

COMPANY = {
    "name": "Värdskapet",
    "legal_name": "Värdskapet Exempel AB",
    "organisation_number": "559999-0008",
    "vat_number": "SE559999000801",
    "seat": "Stockholm",
    "address_line1": "Exempelgatan 1",
    "postal_code": "111 22",
    "city": "Stockholm",
    "email": "hej@vardskapet.example",
    "phone": "08-555 000 00",
    "phone_hours": "Telefonen är bemannad vardagar 9–16.",
    "phone_hours_en": "We answer the telephone on weekdays, 9 to 16.",
    "bankgiro": "991-2346",
}

MAKER = "Värdskapet Exempel AB, Exempelgatan 1, 111 22 Stockholm"

PRODUCTS: list[dict[str, Any]] = [
    {
        "sku": "SKRIFTEN",
        "kind": Kind.PRINT,
        "name": "Skriften om värdskap",
        "price_ore": 55_00,
        "weight_g": 85,
        "thickness_mm": 3,
        "cover": Cover.SKRIFTEN,
        "steps": {25: 49_00, 100: 45_00, 250: 39_00},
        "vat": {6: 1},
        "shelf": "A1",
        "low_stock_at": 500,
        "on_hand": 12_000,
    },
    {
        "sku": "DET-GODA-VARDSKAPET",
        "kind": Kind.PRINT,
        "name": "Det goda värdskapet",
        "price_ore": 249_00,
        "price_is_example": True,
        "weight_g": 420,
        "thickness_mm": 18,
        "cover": Cover.BOOK,
        "steps": {},
        "vat": {6: 1},
        "shelf": "A2",
        "low_stock_at": 50,
        "on_hand": 800,
    },
    {
        "sku": "VARDSKAP-I-PRAKTIKEN",
        "kind": Kind.MATERIAL,
        "name": "Värdskap i praktiken",
        "unit_note": "film, övningar och guide",
        "price_ore": 1_490_00,
        "price_is_example": True,
        "weight_g": 900,
        "thickness_mm": 30,
        "cover": Cover.MATERIAL,
        "steps": {},
        # Films at 25 %, printed exercises and guide at 6 %, by the parts' normal prices (example).
        "vat": {25: 1000, 6: 490},
        "shelf": "B1",
        "low_stock_at": 10,
        "on_hand": 120,
    },
]

# Code, name, hint, price rows (grams, öre). All example prices; the owner sets the real ones.
FREIGHT: list[tuple[str, str, str, list[tuple[int, int]]]] = [
    ("hem", "Hem eller till arbetsplatsen", "Levereras inom 2–4 vardagar", [(2_000, 49_00), (20_000, 99_00)]),
    ("ombud", "Till ombud", "Hämtas inom 2–4 vardagar", [(2_000, 49_00), (20_000, 79_00)]),
]
FREE_FROM = 500_00
TRACKING = "https://tracking.postnord.com/se/?id={number}"

# By SKU and by freight code.
IN_STOCK = "In stock. Leaves us within 1–2 working days."
ENGLISH: dict[str, dict[str, str]] = {
    "SKRIFTEN": {"name_en": "Skriften om värdskap (booklet)", "dispatch_note_en": IN_STOCK},
    "DET-GODA-VARDSKAPET": {"name_en": "Det goda värdskapet (book)", "dispatch_note_en": IN_STOCK},
    "VARDSKAP-I-PRAKTIKEN": {
        "name_en": "Värdskap i praktiken (training material)",
        "unit_note_en": "films, exercises and guide, in Swedish",
        "dispatch_note_en": IN_STOCK,
    },
    "hem": {"name_en": "To your home or workplace", "hint_en": "Delivered within 2–4 working days"},
    "ombud": {"name_en": "To a collection point", "hint_en": "Ready for you within 2–4 working days"},
}


def run(*, now: datetime) -> None:
    if not Company.objects.exists():
        Company.objects.create(**COMPANY)
    _fill(Company.load(), {"phone_hours_en": COMPANY["phone_hours_en"]})
    for place, facts in enumerate(PRODUCTS):
        _product(dict(facts), place, now=now)
    for place, (code, name, hint, rows) in enumerate(FREIGHT):
        _freight(code, name, hint, rows, place)


def _product(facts: dict[str, Any], place: int, *, now: datetime) -> None:
    steps, vat, on_hand = facts.pop("steps"), facts.pop("vat"), facts.pop("on_hand")
    facts |= {
        "sort_order": place,
        "maker": MAKER,
        "maker_email": COMPANY["email"],
        "dispatch_note": "Finns i lager. Skickas inom 1–2 vardagar.",
    }
    product, created = Product.objects.get_or_create(sku=facts["sku"], defaults=facts)
    _fill(product, ENGLISH[product.sku])
    if not created:
        return
    for quantity, price in steps.items():
        PriceStep.objects.create(product=product, from_quantity=quantity, price_ore=price)
    for percent, weight in vat.items():
        VatShare.objects.create(product=product, valid_from=LONG_AGO, percent=percent, weight=weight)
    stock.count_in({product.pk: on_hand}, cause="Första inleveransen (exempel)", actor="seed", at=now)


def _freight(code: str, name: str, hint: str, rows: list[tuple[int, int]], place: int) -> None:
    facts = {"name": name, "hint": hint, "free_from_ore": FREE_FROM, "sort_order": place}
    method, created = FreightMethod.objects.get_or_create(
        code=code, defaults={**facts, "tracking_url": TRACKING}
    )
    _fill(method, ENGLISH[code])
    if created:
        for grams, ore in rows:
            FreightPrice.objects.create(method=method, valid_from=LONG_AGO, max_weight_g=grams, price_ore=ore)


def _fill(row: Model, texts: dict[str, str]) -> None:
    """Write the English that is missing, as in a database seeded before there was any."""
    missing = {name: text for name, text in texts.items() if not getattr(row, name)}
    for name, text in missing.items():
        setattr(row, name, text)
    if missing:
        row.save(update_fields=list(missing))
