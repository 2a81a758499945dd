from django.urls import path

from orders import views
from orders.payments import practice, webhook

app_name = "orders"
urlpatterns = [
    path("kassa/", views.checkout, name="checkout"),
    path("kassa/vantar/<slug:key>/", views.waiting, name="waiting"),
    path("order/<slug:key>/", views.status, name="status"),
    path("order/<slug:key>/kvitto.pdf", views.receipt, name="receipt"),
    path("angra/", views.withdraw, name="withdraw"),
    path("angra/bekrafta/", views.withdraw_confirm, name="withdraw-confirm"),
    path("ovningsbetalning/<slug:session_id>/", practice.page, name="practice"),
    path("stripe/webhook/", webhook.receive, name="webhook"),
]
