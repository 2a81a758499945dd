"""One enquiry: what was written, its history and letters, and the buttons that move it on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.enquiries import operations
from cms.enquiries.models import Enquiry, State
from notifications.models import Message
from shop.staff.access import actor

BUTTONS = {
    State.ANSWERED: gettext_lazy("Markera som besvarad"),
    State.CLOSED: gettext_lazy("Avsluta"),
    State.NEW: gettext_lazy("Öppna igen"),
}


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Förfrågan")
    header_icon = "comment"

    def __init__(self, enquiry: Enquiry) -> None:
        self.page_subtitle = enquiry.sender

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("enquiry_staff:list"), "label": _("Förfrågningar")},
            {"url": "", "label": self.page_subtitle},
        ]


@require_safe
def enquiry(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Enquiry.objects.select_related("page"), pk=pk)
    context = Furniture(found).get_context_data(
        enquiry=found,
        steps=found.steps.all(),
        letters=Message.objects.filter(about=f"forfragan-{pk}").defer("context", "headers"),
        buttons=[(new, label) for new, label in BUTTONS.items() if new in operations.MOVES[found.state]],
        may_change=request.user.has_perm("cms.change_enquiry"),
    )
    return TemplateResponse(request, "enquiries/staff/enquiry.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One button, one step, one sentence. The same button twice does it once."""
    new = request.POST.get("state", "")
    try:
        moved = operations.move(pk=pk, new=State(new), by=actor(request), now=timezone.now())
    except Enquiry.DoesNotExist as error:
        raise Http404 from error
    except (operations.WrongMove, ValueError):
        messages.error(
            request, _("Det går inte från det läge som förfrågan har nu. Läs om sidan och se efter.")
        )
    else:
        messages.success(request, _("Förfrågan är nu: %s.") % moved.get_state_display().lower())
    return redirect("enquiry_staff:enquiry", pk)
