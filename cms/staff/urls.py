"""The admin's pages for editors and letters; each namespace has its own guard."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from cms.staff import handbook, letters, link_report, outbox
from cms.staff.access import is_editor, only, works_with_letters
from shop.staff.access import require

editors = only(is_editor)
mailers = only(works_with_letters)
reads_letters = require("notifications.view_message")
sends_again = require("notifications.resend_message")

links: list[URLPattern] = [
    path("", editors(link_report.LinkReport.as_view()), name="list"),
    path("rader/", editors(link_report.LinkReport.as_view(results_only=True)), name="list_results"),
    path("las-nu/", editors(link_report.check_now), name="check"),
]
mail: list[URLPattern] = [
    path("", mailers(letters.kinds), name="list"),
    path("utgaende/", reads_letters(outbox.OutboxList.as_view()), name="outbox"),
    path(
        "utgaende/rader/", reads_letters(outbox.OutboxList.as_view(results_only=True)), name="outbox_results"
    ),
    path("utskick/<int:pk>/igen/", reads_letters(sends_again(outbox.send_again)), name="send_again"),
    path("utskick/<int:pk>/", reads_letters(letters.message), name="message"),
    path("utskick/<int:pk>/html/", reads_letters(letters.message_html), name="message_html"),
    path("<slug:letter>/<slug:language>/", mailers(letters.example), name="example"),
    path("<slug:letter>/<slug:language>/html/", mailers(letters.example_html), name="example_html"),
]
book: list[URLPattern] = [path("", require("wagtailadmin.access_admin")(handbook.handbook), name="list")]
urlpatterns: list[URLResolver] = [
    path("handbok/", include((book, "handbook"))),
    path("trasiga-lankar/", include((links, "links_staff"))),
    path("brev/", include((mail, "letters_staff"))),
]
