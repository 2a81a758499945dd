"""Swedish dates and times where Django's own are not the ones we write (13.00, not 13:00)."""

TIME_FORMAT = "G.i"
DATETIME_FORMAT = "j F Y, G.i"
