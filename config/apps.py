from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes config's own commands (start-up checks, doctor, seed) known to manage.py."""

    name = "config"
