from django.urls import path

from cms import views
from shop.language import address

app_name = "cms"
urlpatterns = [
    path(address("sok/", "search/"), views.search, name="search"),
    path(address("flode.xml", "feed.xml"), views.feed, name="feed"),
]
