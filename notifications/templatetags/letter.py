"""How letters look: mail programs want every style at its element, so the design's values stand here once."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

SERIF = "Georgia,'Times New Roman',serif"
SANS = "Arial,Helvetica,sans-serif"
LINE = "border-bottom:1px solid #CFDAD2;"
# Name: (classes that dark mode reaches it by, inline style).
LOOKS = {
    "h2": ("t", f"margin:0 0 8px;font:normal 24px/1.2 {SERIF};color:#14302A;"),
    "h3": ("t", f"margin:20px 0 4px;font:bold 15px/1.4 {SANS};color:#14302A;"),
    "p": ("t", f"margin:0;font:16px/1.5 {SANS};color:#14302A;word-break:break-word;"),
    "more": ("t", f"margin:12px 0 0;font:16px/1.5 {SANS};color:#14302A;word-break:break-word;"),
    "note": ("t2", f"margin:16px 0 0;font:15px/1.5 {SANS};color:#4A6158;"),
    "small": ("t2", f"margin:0 0 10px;font:14px/1.55 {SANS};color:#4A6158;word-break:break-word;"),
    "print": ("t2", f"font:14px/1.55 {SANS};color:#4A6158;word-break:break-word;"),
    "foot": ("t2", f"margin:0;font:13px/1.6 {SANS};color:#4A6158;"),
    "sign": ("t", f"margin:20px 0 0;font:18px/1.4 {SERIF};color:#14302A;"),
    "link": ("lk", "color:#17493C;"),
    "phone": ("lk", "color:#17493C;white-space:nowrap;"),
    "rows": ("t", f"border-collapse:collapse;font:16px/1.45 {SANS};color:#14302A;word-break:break-word;"),
    "th": ("t2 ln", f"padding:8px 0;{LINE}font-weight:normal;font-size:14px;color:#4A6158;"),
    "cell": ("ln", f"padding:12px 0;{LINE}"),
    "figure": ("ln", f"padding:12px 0 12px 12px;{LINE}"),
    "sum": ("t2", "padding:10px 0 0;color:#4A6158;font-size:15px;white-space:nowrap;"),
    "total": ("t", "padding:12px 0 4px;color:#14302A;font-weight:bold;white-space:nowrap;"),
    "under": ("t2", "color:#4A6158;font-size:14px;"),
}
TEXT_WIDTH = 64


@register.simple_tag
def look(name: str) -> SafeString:
    """`<p {% look "p" %}>`: class and style of a kind of element."""
    classes, style = LOOKS[name]
    return format_html('class="{}" style="{}"', classes, style)


@register.simple_tag
def ledger(label: Any, amount: Any, indent: int = 0) -> str:
    """A line of a plain-text table: the label, and the amount at the right edge or below a long label."""
    left = " " * indent + str(label)
    room = TEXT_WIDTH - len(left) - 1
    if room < len(str(amount)):
        return f"{left}\n{str(amount).rjust(TEXT_WIDTH)}"
    return f"{left} {str(amount).rjust(room)}"


@register.filter
def first_name(name: str) -> str:
    """`Ina` of `Ina Jönsson`, as letters greet."""
    return name.split()[0] if name.split() else name


@register.filter
def moment(iso: str) -> str:
    """`23 november 2026 kl. 14.05.12` in Stockholm, `23 November 2026 at 14:05:12`, from an ISO time of the facts."""
    when = timezone.localtime(datetime.fromisoformat(iso))
    return _("%(day)s kl.\N{NO-BREAK SPACE}%(time)s") % {
        "day": date_format(when, "j F Y"),
        "time": date_format(when, "TIME_TO_THE_SECOND"),
    }


@register.filter
def fit(line: str) -> str:
    """A form's lines to write on, short enough for a phone."""
    return re.sub(r"_{24,}", "_" * 24, line)
