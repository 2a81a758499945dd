"""Addresses beside the page tree. They stand before Wagtail's own, which would take /kalender/… whole."""

from __future__ import annotations

from django.urls import path, re_path

from cms.kalender import views

app_name = "kalender"
# \w lets a slug keep å, ä and ö, and lets no null byte through to the database.
urlpatterns = [
    path("kalender.ics", views.feed, name="feed"),
    re_path(r"^kalender/(?P<slug>[-\w]+)\.ics$", views.event_file, name="event_file"),
    re_path(r"^kalender/(?P<slug>[-\w]+)/paminn/$", views.ask, name="ask"),
    re_path(r"^paminnelse/(?P<key>[-\w]{16,60})/$", views.reminder, name="reminder"),
    re_path(r"^avregistrera/(?P<token>[-.\w]{16,200})/$", views.unsubscribe, name="unsubscribe"),
]
