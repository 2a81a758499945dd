from django.urls import path

from orders.staff import listing, views
from shop.staff.access import require

see = require("orders.view_order")
change = require("orders.change_order")

app_name = "order_staff"
urlpatterns = [
    path("", see(listing.OrderList.as_view()), name="list"),
    path("rader/", see(listing.OrderList.as_view(results_only=True)), name="list_results"),
    path("att-packa/", see(listing.PackingQueue.as_view()), name="to_pack"),
    path("att-packa/rader/", see(listing.PackingQueue.as_view(results_only=True)), name="to_pack_results"),
    path("angrade/", see(listing.WithdrawalList.as_view()), name="withdrawals"),
    path(
        "angrade/rader/", see(listing.WithdrawalList.as_view(results_only=True)), name="withdrawals_results"
    ),
    path("<slug:number>/", see(views.order), name="order"),
    path("<slug:number>/packad/", change(views.pack), name="pack"),
    path("<slug:number>/skickad/", change(views.send), name="send"),
    path("<slug:number>/betalning/", change(views.payment), name="payment"),
    path("<slug:number>/avbestall/", change(views.cancel), name="cancel"),
    path("<slug:number>/anteckning/", change(views.note), name="note"),
    path("<slug:number>/aterbetald/<int:pk>/", change(views.refund_done), name="refund_done"),
]
