from django.urls import path

from cms.enquiries import views
from shop.language import address

app_name = "enquiries"
urlpatterns = [
    path(address("forfragan/", "enquiry/"), views.booking, name="booking"),
    path(address("forfragan/kontakt/", "enquiry/contact/"), views.contact, name="contact"),
    path(address("forfragan/tack/", "enquiry/thanks/"), views.thanks, name="thanks"),
]
