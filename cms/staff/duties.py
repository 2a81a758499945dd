"""What waits among letters and enquiries: lines of the start page's panel Att göra i dag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.enquiries.models import Enquiry
from cms.enquiries.models import State as EnquiryState
from notifications.letters import readable
from notifications.models import Message, State
from shop.staff.access import holds
from shop.staff.duties import Duty, kind


@kind(80, holds("notifications.view_message"))
def failed_letters(user: Any, _now: datetime) -> list[Duty]:
    count = Message.objects.filter(state=State.FAILED, letter__in=readable(user)).count()
    words = ngettext("%(count)s brev gick inte fram", "%(count)s brev gick inte fram", count)
    url = f"{reverse('letters_staff:outbox')}?state={State.FAILED}"
    return [Duty(url, words % {"count": count}, _("Se varför, och skicka igen."))] if count else []


@kind(90, holds("cms.view_enquiry"))
def new_enquiries(_user: Any, _now: datetime) -> list[Duty]:
    found = Enquiry.objects.filter(state=EnquiryState.NEW).aggregate(
        count=Count("pk"), oldest=Min("created_at")
    )
    if not found["count"]:
        return []
    words = ngettext("%(count)s ny förfrågan", "%(count)s nya förfrågningar", found["count"])
    note = _("Den äldsta kom %(day)s.") % {"day": date_format(localtime(found["oldest"]), "j F")}
    return [Duty(f"{reverse('enquiry_staff:list')}?state={EnquiryState.NEW}", words % found, note)]
