from django.urls import path

from orders.staff import quotes
from shop.staff.access import require

see = require("orders.view_order")
make = require("orders.make_quote")

app_name = "quote_staff"
urlpatterns = [
    path("", see(quotes.QuoteList.as_view()), name="list"),
    path("rader/", see(quotes.QuoteList.as_view(results_only=True)), name="list_results"),
    path("ny/", make(quotes.make), name="make"),
    path("<slug:number>/", see(quotes.quote), name="quote"),
    path("<slug:number>/giltighet/", make(quotes.prolong), name="prolong"),
    path("<slug:number>/aterkalla/", make(quotes.withdraw), name="withdraw"),
]
