"""``{% csrf_token %}``, and beside it for whose account the form was made: every form says it, and none can forget to."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from teams import typed

register = template.Library()
HIDDEN = '<input type="hidden" name="{}" value="{}">'


class Whose(CsrfTokenNode):
    def render(self, context: Any) -> str:
        inputs = format_html("{}", super().render(context))
        request = getattr(context, "request", None)
        if whose := getattr(request, "whose", None):
            inputs += format_html(HIDDEN, typed.WHOSE, typed.mark(whose))
        if came_back := getattr(request, "came_back", None):
            inputs += format_html(HIDDEN, typed.CAME_BACK, came_back)
        return inputs


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> Whose:
    return Whose()
