"""An event with guests is not deleted: whom it is kept for, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.kalender import consequences
from cms.kalender.models import EventPage
from cms.kalender.staff.publishing import Furniture


def before_deletion(request: HttpRequest, pages: Sequence[Page]) -> HttpResponseBase | None:
    """The guest list would go with the page, and orders would lose what they are for.

    When something is deleted the rows stay locked until Wagtail has done so: nobody signs up meanwhile.
    """
    rows = EventPage.objects.locked() if request.method == "POST" else EventPage.objects.all()
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    kept = consequences.kept_by_guests(list(rows.filter(below).order_by("pk")))
    if not kept:
        return None
    context = {"found": kept, "now": timezone.now()}
    shown = Furniture(_("Träffen har gäster")).get_context_data(**context)
    return TemplateResponse(request, "kalender/staff/kept.html", shown)
