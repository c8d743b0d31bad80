"""Every address of the plan and of the team's work, in one list."""

from cases.urls import person, team

urlpatterns = [*person.urlpatterns, *team.urlpatterns]
