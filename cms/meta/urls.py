"""Addresses for programs: the same in every language."""

from django.urls import path

from cms.meta import views

app_name = "meta"
urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
]
