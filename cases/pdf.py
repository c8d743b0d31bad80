"""The plan on paper: the only place that speaks to WeasyPrint. It is made from the page's own filtered data.

Only our own files are ever read: a person's words are untrusted, and a PDF renderer that fetches what it is told to is a
known way into a network.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from cases.queries.plan import PlanView

FONTS = Path(settings.BASE_DIR) / "static_built" / "pdf"
KINDS = {".css": "text/css", ".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf"}


# Big fonts are read only for those whose words need them.
ARABIC = re.compile("[\u0590-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
EMOJI = re.compile("[\u2190-\u2bff\u3030\ufe0f\U0001f000-\U0001faff]")


class CannotMake(Exception):
    """The libraries that draw the PDF are not on this machine; the page itself can be printed instead."""


@cache
def _assets() -> dict[str, tuple[str, bytes]]:
    """Our stylesheet and fonts, by the name that the stylesheet uses."""
    return {
        f"asset:{path.name}": (KINDS[path.suffix], path.read_bytes())
        for path in FONTS.glob("*")
        if path.suffix in KINDS
    }


def plan_pdf(page: PlanView, now: datetime) -> bytes:
    """The plan as a PDF/UA-1 document. Raises CannotMake where the system's text libraries are missing."""
    try:
        import weasyprint  # takes most of a second, and needs Pango: only who asks for paper pays
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as missing:
        raise CannotMake from missing

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url not in _assets():
                raise ValueError(f"refused: {url}")
            kind, body = _assets()[url]
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    given = {
        "needs": _needs(page),
        "page": page,
        "now": now,
        "name": settings.ORGANISATION_NAME,
        "phone": settings.TEAM_PHONE,
        "drop_in": settings.DROP_IN,
    }
    words = render_to_string("pdf/plan.html", given)
    return weasyprint.HTML(string=words, base_url="asset:", url_fetcher=OwnFiles()).write_pdf(pdf_variant="pdf/ua-1")


def _needs(page: PlanView) -> dict[str, bool]:
    words = repr(page)
    return {"arabic": bool(ARABIC.search(words)), "emoji": bool(EMOJI.search(words))}
