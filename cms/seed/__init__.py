"""The demo's site: every page from the texts in content/. Creates what is missing; changes nothing."""

from cms.seed.site import run

__all__ = ["run"]
