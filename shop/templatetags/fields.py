"""Forms and their fields."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# A form that nobody has written in is the same for everybody; the checkout's takes seven milliseconds to draw.
_drawn: dict[tuple[Any, ...], SafeString] = {}


class KeptWhileNew(template.Node):
    def __init__(self, nodelist: NodeList, form: FilterExpression, facts: list[FilterExpression]) -> None:
        self.nodelist, self.form, self.facts = nodelist, form, facts

    def render(self, context: template.Context) -> SafeString:
        form: forms.Form = self.form.resolve(context)
        if form.is_bound or form.initial or getattr(form, "words_its_own", False):
            return self.nodelist.render(context)
        key = (self, type(form), get_language(), *(fact.resolve(context) for fact in self.facts))
        if key not in _drawn:
            _drawn[key] = self.nodelist.render(context)
        return _drawn[key]


@register.tag
def keptwhilenew(parser: Parser, token: Token) -> KeptWhileNew:
    """`{% keptwhilenew form %}…{% endkeptwhilenew %}`: drawn once for each kind of form and language while it is new.

    What is inside may depend on the form's class and on what is named after it, no more; a form that words its fields
    anew for each visitor says so (SummarisedForm.words_its_own) and is drawn for itself.
    """
    form, *facts = (parser.compile_filter(word) for word in token.split_contents()[1:])
    nodelist = parser.parse(("endkeptwhilenew",))
    parser.delete_first_token()
    return KeptWhileNew(nodelist, form, facts)
