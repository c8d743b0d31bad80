"""The team's pages, invitations, and those of allauth's pages that we use, by the names that it looks for."""

from django.urls import path

from teams import views

urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/<uuid:member_id>/rota/", views.rota, name="rota"),
    path("team/<uuid:member_id>/may-open/", views.may_open, name="may_open"),
    path("team/<uuid:member_id>/safeguards/", views.safeguards, name="safeguards"),
    path("team/<uuid:member_id>/duty/", views.duty, name="duty"),
    path("team/<uuid:member_id>/end/", views.end_membership, name="end_membership"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("kept/", views.kept, name="kept"),
    path("kept/<uuid:typed_id>/", views.kept_drop, name="kept_drop"),
    path("health/", views.health, name="health"),
    path("accounts/login/", views.ask_for_code, name="account_login"),
    path("accounts/login/code/", views.ask_for_code, name="account_request_login_code"),
    path("accounts/login/code/confirm/", views.give_code, name="account_confirm_login_code"),
    path("accounts/logout/", views.sign_out, name="account_logout"),
]
