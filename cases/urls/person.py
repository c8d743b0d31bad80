"""The person's own pages, and the plan."""

from django.urls import path

from cases.views import person, plan

urlpatterns = [
    path("me/", person.me, name="me"),
    path("me/soon/", person.soon, name="soon"),
    path("me/quiet/", person.just_quiet, name="just_quiet"),
    path("me/ways/", person.ways, name="ways"),
    path("me/ways/<slug:kind>/", person.way, name="way"),
    path("me/step-out/", person.step_out, name="step_out"),
    path("me/come-back/", person.come_back, name="come_back"),
    path("plans/<uuid:plan_id>/", plan.plan, name="plan"),
    path("plans/<uuid:plan_id>/history/", plan.plan_history, name="plan_history"),
    path("plans/<uuid:plan_id>/pdf/", plan.plan_pdf, name="plan_pdf"),
    path("plans/<uuid:plan_id>/add/<slug:section>/", plan.entry_add, name="entry_add"),
    path("plans/<uuid:plan_id>/entries/<uuid:entry_id>/", plan.entry_change, name="entry_change"),
    path("plans/<uuid:plan_id>/entries/<uuid:entry_id>/answer/", plan.entry_answer, name="entry_answer"),
    path("plans/<uuid:plan_id>/entries/<uuid:entry_id>/out/", plan.entry_out, name="entry_out"),
    path("plans/<uuid:plan_id>/entries/<uuid:entry_id>/back/", plan.entry_back, name="entry_back"),
    path("plans/<uuid:plan_id>/entries/<uuid:entry_id>/progress/", plan.entry_progress, name="entry_progress"),
    path("plans/<uuid:plan_id>/sharing/", plan.sharing, name="sharing"),
    path("plans/<uuid:plan_id>/sharing/sector/<slug:sector>/", plan.sharing_sector, name="sharing_sector"),
    path("plans/<uuid:plan_id>/sharing/<slug:section>/", plan.sharing_section, name="sharing_section"),
    path("plans/<uuid:plan_id>/seen-by/<uuid:user_id>/", plan.seen_by, name="seen_by"),
]
