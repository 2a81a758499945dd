"""manage.py limits: how often is too often, and a way to let somebody in at once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop import limits
from shop.limit_table import Limit

BY_EMAIL = "-email"


class Command(BaseCommand):
    help = (
        "Gränserna som gäller. --forget NAMN VEM nollar en av dem: --forget login-user agare släpper in"
        " den som har låst sig ute. VEM är en adress (IPv6: nätet, 2001:db8:1:2::/64), e-post, användare"
        " eller en beställnings id; av ett par båda: --forget login-pair 'agare 192.0.2.7'."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forget", nargs=2, metavar=("NAMN", "VEM"), help="glöm det som är räknat")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["forget"]:
            self.stdout.write(forgotten(*options["forget"]))
        else:
            self.stdout.write(
                "\n".join(f"{name:<20} {shown(limit)}" for name, limit in settings.LIMITS.items())
            )


def shown(limit: Limit | None) -> str:
    if limit is None:
        return "ingen gräns"
    seconds = int(limit.within.total_seconds())
    return f"{limit.most} på {seconds // 60} min" if seconds % 60 == 0 else f"{limit.most} på {seconds} s"


def forgotten(name: str, who: str) -> str:
    if name not in settings.LIMITS:
        raise CommandError(f"okänd gräns {name!r}; manage.py limits räknar upp dem")
    subject = limits.inbox(who) if name.endswith(BY_EMAIL) else who.casefold()
    return f"{name}: {who} {'är nollad' if limits.forget(name, subject) else 'var inte räknad'}"
