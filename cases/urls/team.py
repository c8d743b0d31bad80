"""The team's pages: today, one person's contacts, and the huddle."""

from django.urls import path

from cases.views import huddle, safety, team

urlpatterns = [
    path("today/", team.today, name="today"),
    path("plans/<uuid:plan_id>/contact/", team.contact, name="contact"),
    path("plans/<uuid:plan_id>/contact/<uuid:contact_id>/", team.contact_kept, name="contact_kept"),
    path("plans/<uuid:plan_id>/rhythm/", team.rhythm, name="rhythm"),
    path("plans/<uuid:plan_id>/bring/", team.bring, name="bring"),
    path("plans/<uuid:plan_id>/open/", team.emergency, name="emergency"),
    path("plans/<uuid:plan_id>/reach/", team.reach, name="reach"),
    path("plans/<uuid:plan_id>/apart/", safety.safety, name="safety"),
    path("apart/", safety.apart, name="apart"),
    path("today/needed/<uuid:needed_id>/", safety.needed_take, name="needed_take"),
    path("worries/<uuid:worry_id>/", safety.worry_seen, name="worry_seen"),
    path("worries/<uuid:worry_id>/take/", safety.worry_take, name="worry_take"),
    path("worries/<uuid:worry_id>/done/", safety.worry_done, name="worry_done"),
    path("worries/<uuid:worry_id>/link/", safety.worry_link, name="worry_link"),
    path("huddle/", huddle.huddle, name="huddle"),
    path("huddle/seats/", huddle.huddle_seats, name="huddle_seats"),
    path("huddle/end/", huddle.huddle_end, name="huddle_end"),
    path("huddle/ask/<uuid:plan_id>/", huddle.huddle_ask, name="huddle_ask"),
    path("huddle/<uuid:item_id>/", huddle.huddle_item, name="huddle_item"),
]
