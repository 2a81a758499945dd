from django.urls import path

from orders.staff import differences, money_views
from shop.staff.access import require

see = require("orders.view_payment")
explain = require("orders.view_payment", to_post="orders.book_payment")
refund = require("orders.refund_order")
book = require("orders.book_payment")

app_name = "money_staff"
urlpatterns = [
    path("avvikelser/", see(differences.DifferenceList.as_view()), name="differences"),
    path(
        "avvikelser/rader/",
        see(differences.DifferenceList.as_view(results_only=True)),
        name="differences_results",
    ),
    path("avvikelser/<int:pk>/", explain(differences.difference), name="difference"),
    path("<slug:number>/betala-tillbaka/", refund(money_views.refund), name="refund"),
    path("<slug:number>/igen/<int:pk>/", refund(money_views.refund_again), name="refund_again"),
    path("<slug:number>/for-hand/<int:pk>/", refund(money_views.refund_by_hand), name="refund_by_hand"),
    path("<slug:number>/stryk/<int:pk>/", refund(money_views.refund_cancel), name="refund_cancel"),
    path("<slug:number>/betallank/", book(money_views.pay_again), name="pay_again"),
]
