"""Measuring fairly: two things in turn, many times, in the same minute, and the median of each; or some at once."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections

Work = Callable[[], Any]


@dataclass(frozen=True)
class Line:
    """One row of the table: our figure, the limit's, how many times the limit we need, and how many we may."""

    number: str
    work: str
    ours: str
    limit: str
    ratio: str
    reach: str
    reached: bool


def side_by_side(ours: Work, limit: Work, *, times: int, before: Work = lambda: None) -> tuple[float, float]:
    """Seconds of each, the median of ``times`` turns; ``before`` puts things straight, and is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(times + 1):
        for one, seconds in zip((ours, limit), taken, strict=True):
            before()
            began = time.perf_counter()
            one()
            if turn:  # the first turn warms up
                seconds.append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


def together(work: Callable[[str], Any], how_many: int) -> list[Any]:
    """The same work in some threads at once, each with its own connection; what they gave back."""
    results: list[Any] = []

    def run(name: str) -> None:
        try:
            results.append(work(name))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[name]) for name in "abcdefgh"[:how_many]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == how_many, "one of them failed"
    return results


def against(number: str, work: str, seconds: tuple[float, float], reach: float, *, also: bool = True) -> Line:
    """A row for two measured times; ``also`` is whatever else must hold."""
    ratio = seconds[0] / seconds[1]
    return Line(
        number,
        work,
        _milliseconds(seconds[0]),
        _milliseconds(seconds[1]),
        f"{ratio:.2f} ×",
        f"≤ {reach:g} ×",
        ratio <= reach and also,
    )


def counted(number: str, work: str, ours: float, limit: float | str, reach: str, reached: bool) -> Line:
    """A row for something that is counted."""
    return Line(number, work, f"{ours:,.0f}", limit if isinstance(limit, str) else f"{limit:,.0f}", "", reach, reached)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def table(lines: list[Line]) -> str:
    head = Line("", "work", "ours", "limit", "ratio", "reach", True)
    cells = [
        [line.number, line.work, line.ours, line.limit, line.ratio, line.reach, "" if line is head else _said(line)]
        for line in [head, *lines]
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 2 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _said(line: Line) -> str:
    return "reached" if line.reached else "NOT REACHED"
