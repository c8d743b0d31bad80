from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from teams.middleware import bring_language
        from teams.typed import bring_typed

        user_logged_in.connect(bring_language)
        user_logged_in.connect(bring_typed)
