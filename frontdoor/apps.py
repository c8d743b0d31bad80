from django.apps import AppConfig


class FrontdoorConfig(AppConfig):
    name = "frontdoor"
    default_auto_field = "django.db.models.BigAutoField"
