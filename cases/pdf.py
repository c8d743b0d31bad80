"""The plan on paper: the only place that speaks to WeasyPrint. It is made from the page's own filtered data.

Only our own files are ever read: a person's words are untrusted, and a PDF renderer that fetches what it is told to is a
known way into a network. The worker draws in a process of its own (this file, run by itself), which is given the page's
words and nothing else: no settings, no database, little memory and little time.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
import sys
import unicodedata
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import layouts, picture
from teams import languages

if TYPE_CHECKING:
    from cases.queries.plan import PlanView

ROOT = Path(__file__).resolve().parent.parent
ASSETS = (ROOT / "static_built" / "pdf", ROOT / "templates" / "pdf" / "icons")
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

TEMPLATES = {"normal": "plan", "large": "plan", "easy": "easy", "pocket": "pocket"}
# The card: six fields of the plan, in the order in which they help, a panel each; and how many lines a panel holds.
STEPS = ("signs", "myself", "places", "ask", "workers", "safer")
STEP_LINES, REASONS_LINES = 11, 8

# Big fonts are read only for those whose words need them.
ARABIC = re.compile("[\u0590-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
EMOJI = re.compile("[\u2190-\u2bff\u3030\ufe0f\U0001f000-\U0001faff]")
SCRIPTS = {
    "devanagari": re.compile("[\u0900-\u097f]"),  # Hindi, Nepali
    "bengali": re.compile("[\u0980-\u09ff]"),  # and Sylheti
    "gurmukhi": re.compile("[\u0a00-\u0a7f]"),  # Panjabi
    "gujarati": re.compile("[\u0a80-\u0aff]"),
    "tamil": re.compile("[\u0b80-\u0bff]"),
    "ethiopic": re.compile("[\u1200-\u139f]"),  # Tigrinya, Amharic
}

# WeasyPrint does not work out a direction by itself. What somebody wrote is escaped, so it cannot look like this.
OWN_DIRECTION = re.compile('dir="auto">([^<]*)')

# What is drawn while its reader waits, in letters of its page. Here 10,000 of them take a tenth of a second, whether they are
# many entries or a few long ones, and 0.15 where they are long and all in Urdu: so many take 0.6 to 0.9 of one. A plan of five
# pages has 18,000, one of 160 entries 49,000.
AT_ONCE = 60_000

# For the process that draws: a plan of twenty pages takes 3 seconds and 80 MiB.
MEMORY = 512 * 1024 * 1024
SECONDS = 20
PATIENCE = 60  # of the clock on the wall: the machine may be busy elsewhere
HANDED_DOWN = ("PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "LANG", "TZ")


class CannotMake(Exception):
    """It cannot be drawn, or the libraries that draw are not on this machine; the page itself can be printed instead."""


class TakesLong(Exception):
    """It is more than is drawn while somebody waits: the worker draws it."""


def plan_pdf(page: PlanView, now: datetime) -> bytes:
    """The plan as a PDF/UA-1 document, in the usual print, at once. Raises CannotMake, and TakesLong before it begins."""
    said = words(page, layout="normal", language=translation.get_language() or "", when=now)
    if len(said) > AT_ONCE:
        raise TakesLong
    return draw(said)


def words(page: PlanView, *, layout: str, language: str, when: datetime | None = None) -> str:
    """The copy as the words that are drawn; without ``when``, it does not say of which moment it is."""
    with translation.override(language):
        given = {
            "page": page,
            "layout": layout,
            "needs": _needs(page),
            "moment": _moment(when) if when else "",
            **frame(language),
        }
        if layout == "easy":
            given |= {"parts": _easy(page), "opening_lines": layouts.ideas(page.opening), "drawings": _drawings()}
        if layout == "pocket":
            given["steps"], given["reasons"] = _card(page)
        return OWN_DIRECTION.sub(_directed, render_to_string(f"pdf/{TEMPLATES[layout]}.html", given))


def frame(language: str) -> dict[str, str]:
    """What every copy in a language says, whoever it is for: who we are, and how to come back."""
    with translation.override(language):
        return {
            "name": settings.ORGANISATION_NAME,
            "phone": settings.TEAM_PHONE.replace(" ", "\u00a0"),  # its parts keep their order from right to left, too
            "site": site(),
            "open_hours": languages.here("OPEN_HOURS"),
            "drop_in": languages.here("DROP_IN"),
            "drop_in_hours": languages.here("DROP_IN_HOURS"),
        }


def site() -> str:
    """Where to come back with a code, as it is typed."""
    return settings.SITE_URL.split("://")[-1] + reverse("back").rstrip("/")


def fingerprint(page: PlanView, *, layout: str, language: str) -> str:
    """The same for two copies if they would say the same but for their moment."""
    return hashlib.sha256(words(page, layout=layout, language=language).encode()).hexdigest()


def draw(words: str) -> bytes:
    """The words as a PDF/UA-1 document. Raises CannotMake."""
    try:
        import weasyprint  # takes most of a second, and needs Pango: only who asks for paper pays
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as missing:
        raise CannotMake from missing
    refused: list[str] = []

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith(picture.ADDRESS):
                return super().fetch(url, headers)  # it holds itself: nothing is fetched for it
            if url not in _assets():
                refused.append(url)
                raise ValueError("refused")
            return URLFetcherResponse(url, _ready(url), {"Content-Type": _assets()[url][0]})

    try:
        made = weasyprint.HTML(string=words, base_url="asset:", url_fetcher=OwnFiles()).write_pdf(
            pdf_variant="pdf/ua-1", font_config=_fonts()
        )
    except (MemoryError, RecursionError) as too_much:
        raise CannotMake from too_much
    if refused:  # words are always escaped, so this is somebody's trick that worked: nobody is given its result
        raise CannotMake
    return made


def draw_apart(words: str) -> bytes:
    """The same as :func:`draw`, in a process of its own that knows nothing and may not take much. Raises CannotMake."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cases.pdf"],
            input=words.encode(),
            capture_output=True,
            timeout=PATIENCE,
            cwd=ROOT,
            env={name: os.environ[name] for name in HANDED_DOWN if name in os.environ},
            check=True,
        )
    except subprocess.SubprocessError:
        raise CannotMake from None  # what went wrong may hold somebody's words
    return done.stdout


def _draw_what_is_handed_in() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode()))


@cache
def _assets() -> dict[str, tuple[str, bytes]]:
    """Our fonts and drawings, by the name that the stylesheet uses."""
    return {
        f"asset:{path.name}": (KINDS[path.suffix], path.read_bytes())
        for folder in ASSETS
        for path in folder.glob("*")
        if path.suffix in KINDS
    }


@cache
def _fonts() -> Any:
    """Where fonts are put when a copy first needs them; the next one finds them there."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _ready(url: str) -> bytes:
    """One of our own files as it is drawn with. A font is unpacked, which takes longer than a page does: only once."""
    _kind, body = _assets()[url]
    if not url.endswith(".woff2"):
        return body
    from fontTools.ttLib import woff2

    plain = BytesIO()
    woff2.decompress(BytesIO(body), plain)
    return plain.getvalue()


def _directed(found: re.Match[str]) -> str:
    strong = (unicodedata.bidirectional(sign) for sign in html.unescape(found[1]))
    first = next((kind for kind in strong if kind in {"L", "R", "AL"}), "L")
    return f'dir="{"ltr" if first == "L" else "rtl"}">{found[1]}'


def _drawings() -> list[str]:
    return [Path(name.removeprefix("asset:")).stem for name in _assets() if name.endswith(".svg")]


def _moment(when: datetime) -> str:
    return _("As it was on %(day)s at %(time)s.") % {
        "day": date_format(when, "j F Y"),
        "time": date_format(when, "H:i"),
    }


def _needs(page: PlanView) -> dict[str, Any]:
    everything = repr(page)
    arabic = translation.get_language_bidi() or bool(ARABIC.search(everything))
    scripts = [name for name, signs in SCRIPTS.items() if signs.search(everything)]
    return {"arabic": arabic, "emoji": bool(EMOJI.search(everything)), "scripts": scripts}


def _easy(page: PlanView) -> list[dict[str, Any]]:
    """Each part of the plan, with what is said in it a sentence to a line."""
    return [
        {
            "section": section,
            "entries": [
                {
                    "entry": entry,
                    "asks": entry.title,
                    "lines": layouts.ideas(entry.words),
                    "other_lines": layouts.ideas(entry.other_view),
                }
                for entry in section.entries
            ],
        }
        for section in page.sections
    ]


def _card(page: PlanView) -> tuple[list[dict[str, Any]], layouts.Panel]:
    """The six steps, and the reasons to keep going; an empty step is left for writing on by hand."""
    (section,) = page.sections
    said = {
        field.key: [entry.words for entry in section.entries if entry.field == field.key] for field in section.fields
    }
    asks = {field.key: field.asks for field in section.fields}
    steps = [{"asks": asks[key], "panel": layouts.fit(said[key], STEP_LINES)} for key in STEPS]
    return steps, layouts.fit(said["reasons"], REASONS_LINES)


if __name__ == "__main__":
    _draw_what_is_handed_in()
