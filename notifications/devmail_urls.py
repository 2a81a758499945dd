"""Wired by config.urls where settings.DEV_PAGES says so."""

from django.urls import path

from notifications import devmail_views

app_name = "devmail"
urlpatterns = [
    path("", devmail_views.inbox, name="inbox"),
    path("<str:name>/", devmail_views.message, name="message"),
    path("<str:name>/html/", devmail_views.html, name="html"),
    path("<str:name>/bilaga/<int:place>/", devmail_views.attachment, name="attachment"),
]
