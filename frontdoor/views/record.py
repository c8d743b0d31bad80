"""Everything of theirs, for the person alone, in a form that another service can read: see docs/my-record.md."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from frontdoor.queries.record import whole_record


@require_GET
def record(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The whole record as a file."""
    everything = whole_record(plan_id=plan_id, viewer=request.user, now=timezone.now())
    response = JsonResponse(everything, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-record.json"'
    return response
