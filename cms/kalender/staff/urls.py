from django.urls import path

from cms.kalender.staff import copies, listing, month
from cms.staff.access import is_editor, only

editors = only(is_editor)

app_name = "kalender_staff"
urlpatterns = [
    path("", editors(listing.EventList.as_view()), name="list"),
    path("rader/", editors(listing.EventList.as_view(results_only=True)), name="list_results"),
    path("manad/", editors(month.this_month), name="this_month"),
    path("manad/<int:year>/<int:number>/", editors(month.month), name="month"),
    path("ny/", editors(month.new_event), name="new"),
    path("kopiera/<int:pk>/", editors(copies.copy), name="copy"),
]
