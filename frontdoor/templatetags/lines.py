"""Help lines on pages that must stand when nothing else does: they come from content, and ask nothing of a database."""

from __future__ import annotations

from django import template

from frontdoor import helplines
from frontdoor.helplines import HelpLine

register = template.Library()


@register.simple_tag
def first_lines() -> tuple[HelpLine, ...]:
    """The short list, for right now."""
    return helplines.FIRST


@register.simple_tag
def help_line(line_id: str) -> HelpLine:
    """One line by its id."""
    return helplines.LINES[line_id]
