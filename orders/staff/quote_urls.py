from django.urls import path

from orders.staff import buyers_page, quotes
from shop.staff.access import require

see = require("orders.view_order")
make = require("orders.make_quote")

app_name = "quote_staff"
urlpatterns = [
    path("", see(quotes.QuoteList.as_view()), name="list"),
    path("rader/", see(quotes.QuoteList.as_view(results_only=True)), name="list_results"),
    path("ny/", make(quotes.make), name="make"),
    path("<slug:number>/", see(quotes.quote), name="quote"),
    path("<slug:number>/koparens-sida/", see(buyers_page.quote), name="buyers_page"),
    path("<slug:number>/offert.pdf", see(buyers_page.quote_pdf), name="pdf"),
    path("<slug:number>/giltighet/", make(quotes.prolong), name="prolong"),
    path("<slug:number>/aterkalla/", make(quotes.withdraw), name="withdraw"),
]
