"""Trasiga länkar: every link that leads nowhere, each with the way to the page where it is mended."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from cms.models import PageLink, SiteTexts
from cms.tasks import read_links


def mend_url(link: PageLink) -> str:
    """The form where the link stands."""
    if link.page_id:
        return reverse("wagtailadmin_pages:edit", args=[link.page_id])
    return reverse("wagtailsettings:edit", args=["cms", "sitetexts"])


def place(link: PageLink) -> str:
    return str(link.page.title) if link.page else str(SiteTexts._meta.verbose_name).capitalize()


def found_on(link: PageLink) -> str:
    """`24 nov 2026`, by the clock in Stockholm."""
    return date_format(localtime(link.found_at), "j b Y")


class LinkReport(BaseListingView):
    model = PageLink
    template_name = "cms/staff/links.html"
    page_title = gettext_lazy("Trasiga länkar")
    header_icon = "link"
    paginate_by = 50
    table_classname = "listing staff-list"
    index_url_name = "links_staff:list"
    index_results_url_name = "links_staff:list_results"
    verbose_name_plural = gettext_lazy("trasiga länkar")
    columns = [
        TitleColumn("place", label=gettext_lazy("Står på"), accessor=place, get_url=mend_url),
        Column("address", label=gettext_lazy("Länken leder till"), classname="wrap-anywhere"),
        Column("reason", label=gettext_lazy("Fel"), accessor="get_reason_display"),
        Column("found_at", label=gettext_lazy("Sedan"), accessor=found_on),
    ]

    def get_base_queryset(self) -> QuerySet[PageLink]:
        return PageLink.objects.to_mend_by(self.request.user).faults()


@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Ask the worker to read all pages now; other websites follow in the minutes after."""
    try:
        read_links.delay()
    except OperationalError:
        messages.error(request, _("Det gick inte att starta just nu. Länkarna läses ändå i natt."))
    else:
        messages.success(request, _("Länkarna läses nu. Ladda om sidan om någon minut."))
    return redirect("links_staff:list")
