"""British dates and times: Django's own English is American (Nov. 23, 2026, 1 p.m.)."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
TIME_TO_THE_SECOND = "H:i:s"
DATETIME_FORMAT = "j F Y, H:i"
