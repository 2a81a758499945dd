"""A form that is sent twice at the same moment."""

from __future__ import annotations

from datetime import date

import pytest

from cms.kalender import copying
from cms.kalender.models import EventPage
from tests.kalender.test_reminder_races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_form_that_is_sent_four_times_at_once_makes_each_draft_once(event, admin_user):
    days = [date(2026, 12, 17), date(2026, 12, 31)]
    made = at_once(4, lambda: copying.copy_to(event.pk, days, user=admin_user))
    assert sorted(len(copies) for copies in made) == [0, 0, 0, 2]
    assert EventPage.objects.count() == 3
