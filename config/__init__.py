"""Wiring: settings, URLs, the clock, and what starts the demo. ``celery -A config`` finds the app here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
