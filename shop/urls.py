from django.urls import path

from shop import views
from shop.language import address

app_name = "shop"
urlpatterns = [
    path(address("varukorg/", "basket/"), views.basket, name="basket"),
    path(address("varukorg/lagg-till/", "basket/add/"), views.add, name="add"),
    path(address("varukorg/priser/", "basket/prices/"), views.prices, name="prices"),
]
