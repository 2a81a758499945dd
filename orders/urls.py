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
    path(address("order/<slug:key>/igen/", "order/<slug:key>/again/"), views.order_again, name="order-again"),
    path(address("offert/", "quote/"), views.ask, name="quote-ask"),
    path(address("offert/<slug:key>/", "quote/<slug:key>/"), views.quote, name="quote"),
    path(
        address("offert/<slug:key>/offert.pdf", "quote/<slug:key>/quote.pdf"),
        views.quote_pdf,
        name="quote-pdf",
    ),
    path(
        address("offert/<slug:key>/acceptera/", "quote/<slug:key>/accept/"), views.accept, name="quote-accept"
    ),
    path(address("offert/<slug:key>/ny/", "quote/<slug:key>/again/"), views.again, name="quote-again"),
    path(address("order/<slug:key>/avbestall/", "order/<slug:key>/cancel/"), views.call_off, name="call-off"),
    path(
        address("order/<slug:key>/reklamera/", "order/<slug:key>/complain/"), views.complain, name="complain"
    ),
    path(address("angra/", "withdraw/"), views.withdraw, name="withdraw"),
    path(address("angra/bekrafta/", "withdraw/confirm/"), views.withdraw_confirm, name="withdraw-confirm"),
    path(
        address("ovningsbetalning/<slug:session_id>/", "practice-payment/<slug:session_id>/"),
        practice.page,
        name="practice",
    ),
]
