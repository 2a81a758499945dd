"""Every address of the product. Wagtail's pages come last: they answer whatever is left."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from config import health, media

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("admin/", include(admin_urls)),
    path("dokument/", include(document_urls)),
    path("", include("shop.urls")),
    path("", include("orders.urls")),
    path("", include("cms.urls")),
    path("", include("cms.kalender.urls")),
]
if settings.DEV_PAGES:
    urlpatterns += [path("dev/mail/", include("notifications.devmail_urls"))]
urlpatterns += [re_path(media.PICTURES, media.picture), path("", include(wagtail_urls))]

handler500 = "cms.views.server_error"
