from django.urls import path

from shop.staff import ledger
from shop.staff.access import require

see = require("shop.view_stockmovement")
count = require("shop.view_stockmovement", to_post="shop.count_stock")

app_name = "shop_staff"
urlpatterns = [
    path("lagerbok/", see(ledger.Ledger.as_view()), name="ledger"),
    path("lagerbok/rader/", see(ledger.Ledger.as_view(results_only=True)), name="ledger_results"),
    path("lager/<int:pk>/", count(ledger.product_stock), name="stock"),
]
