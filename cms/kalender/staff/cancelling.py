"""Why staff take a sign-up back: a guest who rings may be withdrawing from the purchase (DAL 2 kap. 10 §)."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.kalender.models import HOLDING, SignUp, SignUpState
from shop import event_places
from shop.typed import SummarisedForm

WITHDRAWS, REMOVED = "withdraws", "removed"
UNANSWERED = gettext_lazy("Välj vilket det är: ångrar gästen köpet, eller tar ni bort gästen?")


class CancelForm(SummarisedForm):
    """Which of both it is, while the guest has the right until `last`; else nothing is asked."""

    def __init__(self, last: date | None, data: QueryDict | None = None) -> None:
        super().__init__(data)
        if last is None:
            return
        withdraws = _("Gästen ångrar köpet (rätt till och med %(day)s)") % {"day": date_format(last, "j F Y")}
        self.fields["why"] = forms.ChoiceField(
            label=_("Vilket är det?"),
            choices=[(WITHDRAWS, withdraws), (REMOVED, _("Vi tar bort gästen"))],
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), UNANSWERED),
        )

    @property
    def withdraws(self) -> bool:
        """Only of a valid form."""
        return bool(self.cleaned_data.get("why") == WITHDRAWS)

    def came_too_late(self, data: QueryDict) -> bool:
        """Whether the page asked, and the right has gone since. Only of a valid form."""
        return data.get("why") == WITHDRAWS and not self.withdraws


def is_passed_on(signup: SignUp, now: datetime) -> bool:
    """Whether somebody in the queue has room in what the sign-up holds: who waits holds nothing, and once sign-up
    has closed nobody is asked."""
    event = signup.event
    if signup.state not in HOLDING or not event.takes_signups(now):
        return False
    waiting = event.signups.queue()
    if event.seats is not None:
        others = event.seats_taken + event.seats_held - signup.places
        waiting = waiting.filter(places__lte=event.seats - others)
    return bool(waiting.exists())


def if_cancelled(signup: SignUp, now: datetime) -> list[str]:
    """What follows when staff take it back: whether a letter goes, and where its places go."""
    told = _letter_words(signup)
    if signup.state == SignUpState.QUEUED:
        return [told, _("Anmälan försvinner ur kön.")]
    if is_passed_on(signup, now):
        words = ngettext(
            "Platsen erbjuds den som står på tur i kön.",
            "De %(n)s platserna erbjuds dem som står på tur i kön.",
            signup.places,
        )
    else:
        words = ngettext("Platsen blir ledig.", "De %(n)s platserna blir lediga.", signup.places)
    return [told, words % {"n": signup.places}]


def _letter_words(signup: SignUp) -> str:
    """Of a cancelled event its own letter has told, and no other goes."""
    if not signup.email or signup.event.is_cancelled:
        return _("Inget brev går ut.")
    return ngettext("Gästen får ett brev.", "Gästerna får ett brev.", signup.places)


def withdraw_by(signup: SignUp, now: datetime) -> date | None:
    """Until when the guest's order may be withdrawn from; None when it may not, or no more."""
    if signup.state != SignUpState.GOING or not signup.order_number:
        return None
    return event_places.seller().withdraw_by(signup.order_number, now)
