from django.urls import path

from shop.staff import ledger
from shop.staff.access import require

guarded = require("shop.change_product")

app_name = "shop_staff"
urlpatterns = [
    path("lagerbok/", guarded(ledger.Ledger.as_view()), name="ledger"),
    path("lagerbok/rader/", guarded(ledger.Ledger.as_view(results_only=True)), name="ledger_results"),
    path("lager/<int:pk>/", guarded(ledger.product_stock), name="stock"),
]
