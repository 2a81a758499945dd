"""Why staff take a sign-up back: a guest who rings may be withdrawing from the purchase (DAL 2 kap. 10 §)."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.kalender.models import SignUp, SignUpState
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


def withdraw_by(signup: SignUp, now: datetime) -> date | None:
    """Until when the guest's order may be withdrawn from; None when it may not, or no more."""
    if signup.state != SignUpState.GOING or not signup.order_number:
        return None
    return event_places.seller().withdraw_by(signup.order_number, now)
