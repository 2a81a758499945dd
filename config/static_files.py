"""Style sheets, fonts and scripts, as WhiteNoise serves them from STATIC_ROOT."""

from __future__ import annotations

from whitenoise.middleware import WhiteNoiseMiddleware

ONE_YEAR = 365 * 24 * 3600


class StaticFiles(WhiteNoiseMiddleware):
    """A file whose name holds its digest is kept for a year; WhiteNoise would say ten."""

    FOREVER = ONE_YEAR
