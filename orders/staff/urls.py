from django.urls import path

from orders.staff import (
    approving,
    buyers_page,
    chosen,
    complaints,
    credit,
    entering,
    export,
    listing,
    notice_lists,
    notices,
    packing,
    packing_desk,
    parcel_views,
    sales,
    saved,
    views,
)
from shop.staff.access import require

see = require("orders.view_order")
pack = require("orders.pack_order")
book = require("orders.book_payment")
cancel = require("orders.cancel_order")
note = require("orders.note_order")
refund = require("orders.refund_order")
enter = require("orders.enter_order")
approve = require("orders.approve_order")
of_credit = require("orders.set_credit")
fetch = require("orders.export_order")

app_name = "order_staff"
PARCEL = "<slug:number>/forsandelse/<int:parcel>"
urlpatterns = [
    path("", see(listing.OrderList.as_view()), name="list"),
    path("rader/", see(listing.OrderList.as_view(results_only=True)), name="list_results"),
    path("valda/", see(chosen.chosen), name="chosen"),
    path("export.csv", see(fetch(export.OrderExport.as_view(sheet="csv"))), name="export_csv"),
    path("export.xlsx", see(fetch(export.OrderExport.as_view(sheet="xlsx"))), name="export_xlsx"),
    path("siffror/", see(sales.sales), name="sales"),
    path("kreditgranser/", of_credit(credit.CreditList.as_view()), name="credits"),
    path(
        "kreditgranser/rader/",
        of_credit(credit.CreditList.as_view(results_only=True)),
        name="credits_results",
    ),
    path("kreditgranser/ny/", of_credit(credit.credit_new), name="credit_new"),
    path("kreditgranser/<int:credit>/", of_credit(credit.credit), name="credit"),
    path("listor/", see(saved.saved_lists), name="saved"),
    path("listor/<int:pk>/bort/", see(saved.delete_list), name="delete_list"),
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
    path("angrade/", see(notice_lists.WithdrawalList.as_view()), name="withdrawals"),
    path(
        "angrade/rader/",
        see(notice_lists.WithdrawalList.as_view(results_only=True)),
        name="withdrawals_results",
    ),
    path("angrade/<int:notice>/", see(notices.notice), name="notice"),
    path("angrade/<int:notice>/koppla/", refund(notices.tie), name="notice_tie"),
    path("angrade/<int:notice>/vanta/", refund(notices.await_goods), name="notice_await"),
    path("angrade/<int:notice>/resten-gar/", refund(notices.let_rest_go), name="notice_rest"),
    path("angrade/<int:notice>/bevis/", pack(notices.proven), name="notice_proven"),
    path("angrade/<int:notice>/varorna-har/<int:shipment>/", pack(notices.back), name="notice_back"),
    path("angrade/<int:notice>/betala-tillbaka/", refund(notices.refund), name="notice_refund"),
    path("angrade/<int:notice>/avsla/", refund(notices.refuse), name="notice_refuse"),
    path("angrade/<int:notice>/lagg-at-sidan/", refund(notices.aside), name="notice_aside"),
    path("angrade/<int:notice>/prova-igen/", refund(notices.anew), name="notice_anew"),
    path("reklamationer/", see(notice_lists.ComplaintList.as_view()), name="complaints"),
    path(
        "reklamationer/rader/",
        see(notice_lists.ComplaintList.as_view(results_only=True)),
        name="complaints_results",
    ),
    path("reklamationer/<int:complaint>/", see(complaints.complaint), name="complaint"),
    path("reklamationer/<int:complaint>/lost/", note(complaints.settle), name="complaint_settle"),
    path("reklamationer/<int:complaint>/avsla/", refund(complaints.refuse), name="complaint_refuse"),
    path("reklamationer/<int:complaint>/oppna/", note(complaints.reopen), name="complaint_reopen"),
    path("lagg-in/", enter(entering.enter), name="enter"),
    path("att-godkanna/", see(approving.ApprovalQueue.as_view()), name="approvals"),
    path(
        "att-godkanna/rader/",
        see(approving.ApprovalQueue.as_view(results_only=True)),
        name="approvals_results",
    ),
    path("<slug:number>/", see(views.order), name="order"),
    path("<slug:number>/koparens-sida/", see(buyers_page.status), name="buyers_page"),
    path("<slug:number>/kvitto.pdf", see(buyers_page.receipt), name="receipt"),
    path("<slug:number>/godkann/", approve(approving.approve), name="approve"),
    path("<slug:number>/neka/", approve(approving.refuse), name="refuse"),
    path("<slug:number>/reklamation/", note(complaints.write), name="complaint_write"),
    path(f"{PARCEL}/packad/", pack(parcel_views.pack), name="pack"),
    path(f"{PARCEL}/uppackad/", pack(parcel_views.unpack), name="unpack"),
    path(f"{PARCEL}/skickad/", pack(parcel_views.send), name="send"),
    path(f"{PARCEL}/sparning/", pack(parcel_views.correct_tracking), name="tracking"),
    path(f"{PARCEL}/framme/", pack(parcel_views.deliver), name="deliver"),
    path(f"{PARCEL}/ater/", pack(parcel_views.take_back), name="take_back"),
    path(f"{PARCEL}/avgjord/", refund(parcel_views.settle), name="settle"),
    path("<slug:number>/betalning/", book(views.payment), name="payment"),
    path("<slug:number>/avbestall/", cancel(views.cancel), name="cancel"),
    path("<slug:number>/anteckning/", note(views.note), name="note"),
    path("<slug:number>/aterbetald/<int:pk>/", refund(views.refund_done), name="refund_done"),
]
