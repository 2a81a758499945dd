from django.urls import path

from cms.kalender.staff import check_in, guest_desk, guest_mail, guests
from cms.kalender.staff.guests import MAY_CHANGE
from shop.staff.access import require

see = require("cms.view_signup")
change = require(MAY_CHANGE)

app_name = "guest_staff"
urlpatterns = [
    path("gaster/<int:pk>/", see(guests.GuestList.as_view()), name="list"),
    path("gaster/<int:pk>/rader/", see(guests.GuestList.as_view(results_only=True)), name="list_results"),
    path("gaster/<int:pk>/gaster.xlsx", see(guests.xlsx), name="xlsx"),
    path("gaster/<int:pk>/ny/", see(change(guest_desk.sign_up)), name="sign_up"),
    path("gaster/<int:pk>/brev/", see(change(guest_mail.letter)), name="letter"),
    path("gaster/<int:pk>/narvaro/", see(check_in.check_in), name="check_in"),
    path("gaster/<int:pk>/narvaro/utskrift/", see(check_in.printed), name="check_in_print"),
    path("gaster/<int:pk>/narvaro/kom/", see(change(check_in.tick)), name="tick"),
    path("anmalan/<int:pk>/", see(guest_desk.signup), name="signup"),
    path("anmalan/<int:pk>/namn/", see(change(guest_desk.rename)), name="rename"),
    path("anmalan/<int:pk>/ja/", see(change(guest_desk.accept)), name="accept"),
    path("anmalan/<int:pk>/farre/", see(change(guest_desk.leave)), name="leave"),
    path("anmalan/<int:pk>/avanmal/", see(change(guest_desk.cancel)), name="cancel"),
]
