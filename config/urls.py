"""Every address: the front door first, then the shared plan, then the team and signing in."""

from django.urls import include, path

urlpatterns = [
    path("", include("frontdoor.urls")),
    path("", include("cases.urls")),
    path("", include("teams.urls")),
]

handler400 = "frontdoor.views.errors.bad_request"
handler403 = "frontdoor.views.errors.permission_denied"
handler404 = "frontdoor.views.errors.page_not_found"
handler500 = "frontdoor.views.errors.server_error"
