"""Addresses beside the page tree. They stand before Wagtail's own, which would take /kalender/… whole."""

from __future__ import annotations

from django.urls import path, re_path

from cms.kalender import signup_views, views
from shop.language import address

app_name = "kalender"
# \w lets a slug keep å, ä and ö, and lets no null byte through to the database.
urlpatterns = [
    path(address("kalender.ics", "calendar.ics"), views.feed, name="feed"),
    re_path(
        address(r"^kalender-(?P<kind>[a-z]+)\.ics$", r"^calendar-(?P<kind>[a-z]+)\.ics$"),
        views.feed_of_kind,
        name="feed_of_kind",
    ),
    re_path(
        address(r"^kalender/(?P<slug>[-\w]+)\.ics$", r"^calendar/(?P<slug>[-\w]+)\.ics$"),
        views.event_file,
        name="event_file",
    ),
    re_path(
        address(r"^kalender/(?P<slug>[-\w]+)/paminn/$", r"^calendar/(?P<slug>[-\w]+)/remind/$"),
        views.ask,
        name="ask",
    ),
    re_path(
        address(r"^paminnelse/(?P<key>[-\w]{16,60})/$", r"^reminder/(?P<key>[-\w]{16,60})/$"),
        views.reminder,
        name="reminder",
    ),
    re_path(
        address(r"^kalender/(?P<slug>[-\w]+)/anmalan/$", r"^calendar/(?P<slug>[-\w]+)/sign-up/$"),
        signup_views.sign_up,
        name="sign_up",
    ),
    re_path(
        address(r"^kalender/(?P<slug>[-\w]+)/anmalan/tack/$", r"^calendar/(?P<slug>[-\w]+)/sign-up/thanks/$"),
        signup_views.signed_up,
        name="signed_up",
    ),
    re_path(
        address(r"^anmalan/(?P<key>[-\w]{16,60})/$", r"^sign-up/(?P<key>[-\w]{16,60})/$"),
        signup_views.signup,
        name="signup",
    ),
    re_path(
        address(r"^avregistrera/(?P<token>[-.\w]{16,200})/$", r"^unsubscribe/(?P<token>[-.\w]{16,200})/$"),
        views.unsubscribe,
        name="unsubscribe",
    ),
]
