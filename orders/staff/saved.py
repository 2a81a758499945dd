"""Saved lists: a search with its filters under a name, one's own or shared with all who see orders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import operations
from orders.models import Order, SavedList
from orders.models.saved_list import LONGEST_NAME, LONGEST_QUERY
from orders.staff.filters import OrderFilters

# What a list's address may say: its search, its filters and its order. Not the page: rows move.
KNOWN = frozenset(
    {"q", "ordering", "placed_at_from", "placed_at_to", *OrderFilters.base_filters} - {"placed_at"}
)


def tidy(query: QueryDict) -> str:
    """The address's known parts, in one order. Raises ValidationError when a filter is none of ours."""
    kept = QueryDict(mutable=True)
    for name in sorted(KNOWN & set(query)):
        if value := str(query.get(name, "")).replace("\x00", "").strip():
            kept[name] = value
    if not OrderFilters(kept, queryset=Order.objects.none()).form.is_valid():
        raise ValidationError(_("Något av filtren går inte att läsa. Välj dem på nytt i listan."))
    if len(kept.urlencode()) > LONGEST_QUERY:
        raise ValidationError(_("Sökningen är för lång för att sparas."))
    return kept.urlencode()


class SaveForm(forms.Form):
    use_required_attribute = False  # the sentences are ours, also without script
    name = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy(
            "Till exempel Obetalda sedan en månad. Har du redan en lista som heter så byts den ut."
        ),
        error_messages={"required": gettext_lazy("Skriv vad listan ska heta.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shared = forms.BooleanField(label=gettext_lazy("Alla som ser beställningar ser länken"), required=False)


class Furniture(WagtailAdminTemplateMixin):
    page_title = gettext_lazy("Sparade listor")
    header_icon = "list-ul"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        orders = {"url": reverse("order_staff:list"), "label": _("Beställningar")}
        return [*self.breadcrumbs_items, orders, {"url": "", "label": self.page_title}]


@require_http_methods(["GET", "HEAD", "POST"])
def saved_lists(request: HttpRequest) -> HttpResponseBase:
    """One's lists; and, with a search in the address, the form that keeps it."""
    form = SaveForm(request.POST or None)
    try:
        query = tidy(request.GET)
    except ValidationError as fault:
        messages.error(request, fault.message)
        return redirect("order_staff:list")
    if request.method == "POST" and query and form.is_valid():
        return _keep(request, form, query)
    lists = SavedList.objects.seen_by(request.user)
    context = Furniture().get_context_data(form=form if query else None, query=query, lists=lists)
    return TemplateResponse(request, "orders/staff/saved.html", context)


def _keep(request: HttpRequest, form: SaveForm, query: str) -> HttpResponseBase:
    facts = form.cleaned_data
    operations.keep_list(_owner(request), facts["name"], query, shared=facts["shared"])
    messages.success(request, _("Listan ”%s” är sparad.") % facts["name"])
    return redirect(f"{reverse('order_staff:list')}?{query}")


@require_POST
def delete_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own alone: another's is not found."""
    try:
        name = operations.drop_list(pk, owner_id=_owner(request))
    except SavedList.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Listan ”%s” är borttagen.") % name)
    return redirect("order_staff:saved")


def _owner(request: HttpRequest) -> int:
    user: Any = request.user
    return int(user.pk)
