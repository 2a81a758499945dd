"""What a page's head says to search engines and where it is shared, and the way down to it."""

from __future__ import annotations

from typing import Any, cast

from django import template
from wagtail.models import Page

from cms.meta.head import Head, address, head
from cms.meta.trail import Step, steps_to
from cms.templatetags.chrome import Chrome

register = template.Library()


@register.simple_tag(takes_context=True)
def page_head(context: template.Context, chrome: Chrome) -> Head:
    return head(cast("dict[str, Any]", context.flatten()), chrome.company, chrome.versions)


@register.simple_tag
def shared_address(page: Page) -> str:
    """The same that the page's head names."""
    return address(page, None, {})


@register.simple_tag
def trail(page: Page) -> list[Step]:
    """The pages above this one."""
    return steps_to(page)
