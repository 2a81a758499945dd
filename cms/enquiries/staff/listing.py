"""All enquiries, newest first, with search and filters that stand in the address."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from cms.enquiries.models import Enquiry, EnquiryQuerySet, Kind, State
from shop.staff.filters import choice, search_form


def enquiry_url(enquiry: Enquiry) -> str:
    return reverse("enquiry_staff:enquiry", args=[enquiry.pk])


def came_in(enquiry: Enquiry) -> str:
    """`23 nov 2026, 9.14`"""
    return date_format(localtime(enquiry.created_at), "j b Y, G.i")


class EnquiryFilters(WagtailFilterSet):
    state = choice(gettext_lazy("Läge"), State.choices)
    kind = choice(gettext_lazy("Gäller"), Kind.choices)

    class Meta:
        model = Enquiry
        fields: list[str] = []


class EnquiryList(BaseListingView):
    model = Enquiry
    page_title = gettext_lazy("Förfrågningar")
    header_icon = "comment"
    paginate_by = 50
    table_classname = "listing staff-list"
    index_url_name = "enquiry_staff:list"
    index_results_url_name = "enquiry_staff:list_results"
    verbose_name_plural = gettext_lazy("förfrågningar")
    is_searchable = True
    filterset_class = EnquiryFilters
    default_ordering = ("-created_at", "-pk")
    columns = [
        TitleColumn("sender", label=gettext_lazy("Från"), get_url=enquiry_url),
        Column("kind", label=gettext_lazy("Gäller"), accessor="get_kind_display"),
        Column("came_in", label=gettext_lazy("Kom in"), accessor=came_in, sort_key="created_at"),
        Column("wished", label=gettext_lazy("Önskat datum")),
        Column("people", label=gettext_lazy("Antal")),
        StatusTagColumn(
            "state",
            label=gettext_lazy("Läge"),
            accessor="get_state_display",
            primary=lambda enquiry: enquiry.state == State.NEW,
            sort_key="state",
        ),
    ]

    def get_base_queryset(self) -> QuerySet[Enquiry]:
        return Enquiry.objects.defer("message")

    def get_search_form(self) -> SearchForm:
        return search_form(self.request, _("Namn, organisation, e-post eller ord i meddelandet"))

    def search_queryset(self, queryset: EnquiryQuerySet) -> EnquiryQuerySet:
        return queryset.search(self.search_query)
