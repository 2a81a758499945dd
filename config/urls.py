"""Every address of the product. Wagtail's pages come last: they answer whatever is left."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from cms.staff import login
from config import health, media
from orders.payments import webhook

urlpatterns = [
    path("", include("cms.meta.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    # Before Wagtail's own of the same addresses and names.
    path("admin/login/", never_cache(login.Login.as_view()), name="wagtailadmin_login"),
    path(
        "admin/password_reset/", never_cache(login.NewPassword.as_view()), name="wagtailadmin_password_reset"
    ),
    path("admin/", include(admin_urls)),
    # Before Wagtail's own of the same address and name.
    path("dokument/<int:document_id>/<str:document_filename>", media.document),
    path("dokument/", include(document_urls)),
    path("stripe/webhook/", webhook.receive),
]
if settings.DEV_PAGES:
    urlpatterns += [path("dev/mail/", include("notifications.devmail_urls"))]
urlpatterns += [re_path(media.PICTURES, media.picture), re_path(media.ORIGINALS, media.original)]
# What people read: Swedish as it stands, English under /en/.
urlpatterns += i18n_patterns(
    path("", include("shop.urls")),
    path("", include("orders.urls")),
    path("", include("cms.urls")),
    path("", include("cms.enquiries.urls")),
    path("", include("cms.kalender.urls")),
    path("_util/login/", login.SideDoor.as_view(), name="wagtailcore_login"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler500 = "cms.views.server_error"
