"""Every address of the front door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from frontdoor import asking_views, beside_views, more_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.door, name="door"),
    path("talk/", views.carry_on, name="carry_on"),
    path("talk/<int:page>/", views.talk, name="talk"),
    path("talk/check/", views.check, name="check"),
    path("talk/saved/", views.saved, name="saved"),
    path("talk/delete/", views.delete_draft, name="delete_draft"),
    path("talk/thanks/", views.thanks, name="thanks"),
    path("talk/worried/", beside_views.worried_thanks, name="worried_thanks"),
    path("worried/", beside_views.worried, name="worried"),
    path("about-me/", beside_views.about_me, name="about_me"),
    path("about-me/thank-you/", beside_views.about_done, name="about_done"),
    path("about-me/forget/", beside_views.about_forget, name="about_forget"),
    path("about-me/<slug:question>/", beside_views.about_question, name="about_question"),
    path("team/fair/", beside_views.fair_counts, name="fair_counts"),
    path("team/help-lines/", beside_views.line_checks, name="line_checks"),
    path("team/help-lines/<slug:line_id>/", beside_views.line_check, name="line_check"),
    path("more/", more_views.more, name="more"),
    path("more/<int:page>/", more_views.more_page, name="more_page"),
    path("more/saved/", more_views.more_saved, name="more_saved"),
    path("back/", views.back, name="back"),
    path("help-now/", views.help_now, name="help_now"),
    path("leave/", views.leave, name="leave"),
    path("staying-safe/", views.staying_safe, name="staying_safe"),
    path("who-sees/", views.who_sees, name="who_sees"),
    path("plans/<uuid:plan_id>/code/", views.new_code, name="new_code"),
    path("plans/<uuid:plan_id>/ask/", asking_views.ask, name="ask"),
    path("plans/<uuid:plan_id>/ask/<str:question>/", asking_views.ask_question, name="ask_question"),
    path("plans/<uuid:plan_id>/asked/", asking_views.asked, name="asked"),
]

if settings.DEMO:
    # Anybody may be anybody: these addresses do not exist outside the demo.
    urlpatterns.append(path("demo/", include("frontdoor.demo_urls")))
