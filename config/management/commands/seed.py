from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

import cms.seed
import shop.seed
from config import demo_groups, demo_staff


class Command(BaseCommand):
    help = "Bygger demons innehåll. Körs hur många gånger som helst: skapar det som saknas, ändrar inget."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        shop.seed.run(now=now)
        cms.seed.run(now=now)
        if settings.DEV_PAGES:
            user, password = demo_staff.ensure()
            self.stdout.write(f"Personal: {user} / {password}")
            self.stdout.write(demo_groups.others())
