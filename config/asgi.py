"""What an asynchronous web server calls. Ours is gunicorn with config/wsgi.py: it was measured to be faster here."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()
