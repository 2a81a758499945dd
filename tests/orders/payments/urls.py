"""Until every app's addresses stand: those that payments need."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from orders.payments import practice, webhook


def page(_request: HttpRequest, **_words: str) -> HttpResponse:
    return HttpResponse("")


app = [
    path("kassa/", page, name="checkout"),
    path("kassa/vantar/<slug:key>/", page, name="waiting"),
    path("order/<slug:key>/", page, name="status"),
    path("angra/", page, name="withdraw"),
    path("ovningsbetalning/<slug:session_id>/", practice.page, name="practice"),
    path("stripe/webhook/", webhook.receive, name="webhook"),
]
urlpatterns = [path("", include((app, "orders")))]
