from django.urls import path

from cms.enquiries.staff import listing, views
from shop.staff.access import require

see = require("cms.view_enquiry")
change = require("cms.change_enquiry")

app_name = "enquiry_staff"
urlpatterns = [
    path("", see(listing.EnquiryList.as_view()), name="list"),
    path("rader/", see(listing.EnquiryList.as_view(results_only=True)), name="list_results"),
    path("<int:pk>/", see(views.enquiry), name="enquiry"),
    path("<int:pk>/lage/", change(views.move), name="move"),
]
