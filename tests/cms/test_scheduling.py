"""An hour that an editor sets is Swedish time: in the form, in what the admin says of it, and when it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.models import PartPage
from cms.tasks import publish_scheduled
from tests.cms.test_publishing import form_of, typed_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# An hour that has been is no hour to wait for: both lie ahead, whenever the suite runs.
YEAR = timezone.now().year + 1
# What is typed, when that is, and how the admin says it.
WINTER = (f"{YEAR}-01-15 08:00", datetime(YEAR, 1, 15, 7, 0, tzinfo=UTC), f"15 januari {YEAR}")
SUMMER = (f"{YEAR}-07-01 08:00", datetime(YEAR, 7, 1, 6, 0, tzinfo=UTC), f"1 juli {YEAR}")


def schedule(client: Any, page: Page, *, go_live: str) -> None:
    sent = typed_form(client, page, go_live_at=go_live, **{"action-publish": "1"})
    assert client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent).status_code == 302


@pytest.mark.parametrize(("typed", "moment", "day"), [WINTER, SUMMER])
def test_a_set_hour_is_stockholms_in_winter_and_in_summer(admin_client, typed, moment, day):
    page = PartPage.objects.first()
    schedule(admin_client, page, go_live=typed)
    assert page.scheduled_revision.approved_go_live_at == moment
    form = form_of(admin_client, page)
    assert f'value="{typed}"' in form
    assert f"{day}" in form
    assert "8.00" in form or "08:00" in form
    listing = admin_client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])).content.decode()
    assert "schemalagd" in listing.lower()


def test_the_schedule_says_whose_clock_it_goes_by_and_how_to_write(admin_client):
    form = form_of(admin_client, PartPage.objects.first())
    dialog = form[form.index('id="schedule-publishing-dialog"') :]
    assert "Publiceras" in dialog
    assert "Avpubliceras" in dialog
    assert dialog.count("Svensk tid, till exempel 2027-03-") == 2
    assert "utgång" not in form.lower()


@pytest.mark.parametrize(("typed", "moment", "_day"), [WINTER, SUMMER])
def test_the_worker_publishes_at_that_hour_and_not_before(admin_client, client, typed, moment, _day):
    page = PartPage.objects.first()
    schedule(admin_client, page, go_live=typed)
    for now, is_out in ((moment - timedelta(minutes=1), False), (moment + timedelta(minutes=1), True)):
        with time_machine.travel(now, tick=False):
            publish_scheduled()
        assert (PartPage.objects.get(pk=page.pk).title == "Ett namn som just skrivs") == is_out
