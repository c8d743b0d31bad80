"""A small calm drawing of numbers over time. Pure.

It is the address of an image that holds itself (a data URL): a browser runs nothing in one and fetches nothing for it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from typing import Literal

import svg

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 320, 128, 26, 12, 100
RIGHT = WIDTH - 14
FONTS = "Plan, sans-serif"  # the first is on paper only
LINE, DOT, GRID, TEXT = "#6b8f8a", "#2f5d57", "#dcd8cf", "#4b5563"
ADDRESS = "data:image/svg+xml;base64,"


def over_time(values: Mapping[date, int], *, most: int, dates: tuple[str, str]) -> str:
    """Each day's number from 0 to ``most``, days apart as they were; ``dates`` are written under the first and the last."""
    days = sorted(values)
    span = (days[-1] - days[0]).days or 1
    points = [
        (LEFT + (RIGHT - LEFT) * (day - days[0]).days / span, BOTTOM - (BOTTOM - TOP) * values[day] / most)
        for day in days
    ]
    drawn: list[svg.Element] = []
    for level in (0, most // 2, most):
        y = BOTTOM - (BOTTOM - TOP) * level / most
        drawn.append(svg.Line(x1=LEFT, x2=RIGHT, y1=y, y2=y, stroke=GRID, stroke_width=1))
        drawn.append(_text(str(level), LEFT - 8, y + 4, "end"))
    drawn.append(
        svg.Polyline(
            points=[round(number, 1) for point in points for number in point],
            fill="none",
            stroke=LINE,
            stroke_width=2.5,
            stroke_linejoin="round",
            stroke_linecap="round",
        )
    )
    drawn += [svg.Circle(cx=round(x, 1), cy=round(y, 1), r=4, fill=DOT) for x, y in points]
    drawn.append(_text(dates[0], LEFT, HEIGHT - 8, "start"))
    drawn.append(_text(dates[1], RIGHT, HEIGHT - 8, "end"))
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT),
        width=WIDTH,
        height=HEIGHT,
        elements=drawn,
    )
    return ADDRESS + b64encode(str(picture).encode()).decode()


def _text(words: str, x: float, y: float, anchor: Literal["start", "end"]) -> svg.Text:
    return svg.Text(text=_escaped(words), x=x, y=y, text_anchor=anchor, font_size=12, font_family=FONTS, fill=TEXT)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
