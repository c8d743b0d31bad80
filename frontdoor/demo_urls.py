"""The demo's own addresses; they exist only when this is the demo (frontdoor/urls.py)."""

from django.urls import path

from frontdoor import demo_views

urlpatterns = [
    path("", demo_views.demo, name="demo"),
    path("be/<uuid:user_id>/", demo_views.demo_be, name="demo_be"),
    path("messages/", demo_views.demo_messages, name="demo_messages"),
]
