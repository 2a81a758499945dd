from django.urls import path

from orders import views
from orders.payments import practice
from shop.language import address

app_name = "orders"
urlpatterns = [
    path(address("kassa/", "checkout/"), views.checkout, name="checkout"),
    path(address("kassa/vantar/<slug:key>/", "checkout/waiting/<slug:key>/"), views.waiting, name="waiting"),
    path("order/<slug:key>/", views.status, name="status"),
    path(
        address("order/<slug:key>/kvitto.pdf", "order/<slug:key>/receipt.pdf"), views.receipt, name="receipt"
    ),
    path(address("angra/", "withdraw/"), views.withdraw, name="withdraw"),
    path(address("angra/bekrafta/", "withdraw/confirm/"), views.withdraw_confirm, name="withdraw-confirm"),
    path(
        address("ovningsbetalning/<slug:session_id>/", "practice-payment/<slug:session_id>/"),
        practice.page,
        name="practice",
    ),
]
