"""Every address of the front door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from frontdoor import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.door, name="door"),
    path("talk/", views.carry_on, name="carry_on"),
    path("talk/<int:page>/", views.talk, name="talk"),
    path("talk/check/", views.check, name="check"),
    path("talk/saved/", views.saved, name="saved"),
    path("talk/delete/", views.delete_draft, name="delete_draft"),
    path("talk/thanks/", views.thanks, name="thanks"),
    path("back/", views.back, name="back"),
    path("help-now/", views.help_now, name="help_now"),
    path("leave/", views.leave, name="leave"),
    path("language/", views.language, name="language"),
    path("staying-safe/", views.staying_safe, name="staying_safe"),
    path("who-sees/", views.who_sees, name="who_sees"),
    path("plans/<uuid:plan_id>/code/", views.new_code, name="new_code"),
]

if settings.DEMO:
    # Anybody may be anybody: these addresses do not exist outside the demo.
    urlpatterns.append(path("demo/", include("frontdoor.demo_urls")))
