"""Columns of the staff's lists, made without a template for each cell: a page of fifty rows holds hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

Context = Mapping[str, Any]


def cell(shown: Any, classname: str | None = None) -> SafeString:
    """`<td>…</td>`; what is no markup of ours is escaped."""
    if classname:
        return format_html('<td class="{}">{}</td>', classname, shown)
    return format_html("<td>{}</td>", shown)


def moment(value: datetime | None) -> str:
    """`23 nov 2026, 9.14` by the clock in Stockholm; nothing for none."""
    return date_format(localtime(value), "j b Y, G.i") if value else ""


def with_note(shown: Any, note: Any) -> SafeString | Any:
    """The value with a smaller line below it, when there is one."""
    return format_html("{} <small>{}</small>", shown, note) if note else shown


class PlainColumn(Column):
    """What the accessor says, as text."""

    def shown(self, instance: Any) -> Any:
        value = self.get_value(instance)
        return "" if value is None else value

    def render_cell_html(self, instance: Any, parent_context: Context) -> SafeString:
        return cell(self.shown(instance), self.classname)


class LabelledColumn(PlainColumn):
    """What says nothing without its heading, which a phone's card has not: there the words stand before it."""

    def render_cell_html(self, instance: Any, parent_context: Context) -> SafeString:
        if (value := self.shown(instance)) in ("", None):
            return cell("", self.classname)
        label = format_html('<span class="staff-label">{}: </span>{}', self.label, value)
        return cell(label, self.classname)


class MomentColumn(PlainColumn):
    """A moment, as `moment()` writes it."""

    def __init__(self, name: str, **more: Any) -> None:
        super().__init__(name, classname="staff-day", **more)

    def shown(self, instance: Any) -> str:
        return moment(self.get_value(instance))


class LinkColumn(TitleColumn):
    """The row's name, which leads to its page when it has one."""

    def render_cell_html(self, instance: Any, parent_context: Context) -> SafeString:
        name, url = self.get_value(instance) or "–", self.get_link_url(instance, parent_context)
        title = format_html('<a href="{}">{}</a>', url, name) if url else name
        return cell(format_html('<div class="title-wrapper">{}</div>', title), "title")


class TagColumn(StatusTagColumn):
    """A word in a frame; `primary(row)` says whether it stands out."""

    def render_cell_html(self, instance: Any, parent_context: Context) -> SafeString:
        primary = self.primary(instance) if callable(self.primary) else self.primary
        classes = "w-status w-status--primary" if primary else "w-status"
        return cell(
            format_html('<span class="{}">{}</span>', classes, self.get_value(instance)), self.classname
        )
