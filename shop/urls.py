from django.urls import path

from shop import views

app_name = "shop"
urlpatterns = [
    path("varukorg/", views.basket, name="basket"),
    path("varukorg/lagg-till/", views.add, name="add"),
]
