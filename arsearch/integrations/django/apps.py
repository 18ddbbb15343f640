"""The configuration of the application."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["ArsearchConfig"]


class ArsearchConfig(AppConfig):
    """Connects the signals of all searchable models."""

    name = "arsearch.integrations.django"
    label = "arsearch"
    verbose_name = "arsearch"

    def ready(self) -> None:
        """Connect the signals once all models are known."""
        from arsearch.integrations.django.receivers import connect

        connect()
