from django.urls import path

from orders.staff import listing, packing, packing_desk, views
from shop.staff.access import require

see = require("orders.view_order")
pack = require("orders.pack_order")
book = require("orders.book_payment")
cancel = require("orders.cancel_order")
note = require("orders.note_order")
refund = require("orders.refund_order")

app_name = "order_staff"
urlpatterns = [
    path("", see(listing.OrderList.as_view()), name="list"),
    path("rader/", see(listing.OrderList.as_view(results_only=True)), name="list_results"),
    path("att-packa/", see(packing.PackingQueue.as_view()), name="to_pack"),
    path("att-packa/rader/", see(packing.PackingQueue.as_view(results_only=True)), name="to_pack_results"),
    path("att-packa/valda/", pack(packing.chosen_to_pack), name="chosen_to_pack"),
    path("att-packa/utskrift.pdf", pack(packing.papers), name="papers"),
    path("packa/", pack(packing_desk.pack_next), name="pack_next"),
    path("packa/<int:parcel>/", pack(packing_desk.pack_parcel), name="pack_parcel"),
    path("att-skicka/", see(packing.SendingQueue.as_view()), name="to_send"),
    path("att-skicka/rader/", see(packing.SendingQueue.as_view(results_only=True)), name="to_send_results"),
    path("att-skicka/valda/", pack(packing.chosen_to_send), name="chosen_to_send"),
    path("skicka/", pack(packing_desk.send_next), name="send_next"),
    path("skicka/<int:parcel>/", pack(packing_desk.send_parcel), name="send_parcel"),
    path("angrade/", see(listing.WithdrawalList.as_view()), name="withdrawals"),
    path(
        "angrade/rader/", see(listing.WithdrawalList.as_view(results_only=True)), name="withdrawals_results"
    ),
    path("<slug:number>/", see(views.order), name="order"),
    path("<slug:number>/packad/", pack(views.pack), name="pack"),
    path("<slug:number>/skickad/", pack(views.send), name="send"),
    path("<slug:number>/betalning/", book(views.payment), name="payment"),
    path("<slug:number>/avbestall/", cancel(views.cancel), name="cancel"),
    path("<slug:number>/anteckning/", note(views.note), name="note"),
    path("<slug:number>/aterbetald/<int:pk>/", refund(views.refund_done), name="refund_done"),
]
