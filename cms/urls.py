from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("sok/", views.search, name="search"),
    path("flode.xml", views.feed, name="feed"),
]
