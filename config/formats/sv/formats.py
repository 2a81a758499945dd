"""Swedish dates and times where Django's own are not the ones we write (13.00, not 13:00)."""

TIME_FORMAT = "G.i"
TIME_TO_THE_SECOND = "H.i.s"
DATETIME_FORMAT = "j F Y, G.i"
