"""Fields of forms."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# An empty field is the same for everybody; to draw one takes a third of a millisecond, and the checkout has eighteen.
_empty: dict[tuple[object, ...], SafeString] = {}


class KeptWhileEmpty(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        field: BoundField = context["field"]
        if field.form.is_bound or field.value():
            return self.nodelist.render(context)
        key = (type(field.form), field.auto_id, field.field.required, context.get("plain"), get_language())
        if key not in _empty:
            _empty[key] = self.nodelist.render(context)
        return _empty[key]


@register.tag
def keptwhileempty(parser: Parser, _token: Token) -> KeptWhileEmpty:
    """Draw `field` once for each form, language and `plain`, as long as nothing is typed.

    A form that words a field anew for each visitor may not draw it so.
    """
    nodelist = parser.parse(("endkeptwhileempty",))
    parser.delete_first_token()
    return KeptWhileEmpty(nodelist)
