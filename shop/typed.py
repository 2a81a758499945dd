"""Forms for what visitors type: one sentence for each field, nothing typed is lost (DESIGN.md section 8)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop import validators
from shop.limits import TooMany
from shop.presentation import to_mend

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Sentence: TypeAlias = "str | _StrPromise"

EMAIL = gettext_lazy("Skriv hela e-postadressen, till exempel karin@bjorkvik.example")
NAME = gettext_lazy("Skriv ditt namn")


class TypedField(forms.CharField):
    """A line of text with one sentence for all that can be wrong with it.

    `read` turns what people type into what we store. `longest` is what the order can hold.
    """

    def __init__(
        self,
        *,
        sentence: Sentence = "",
        read: Callable[[str], str] | None = None,
        longest: int = 100,
        several_lines: bool = False,
        css: str = "",
        attrs: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        widget = options.pop("widget", forms.TextInput)
        looks = {"class": f"input {css}".strip(), **(attrs or {})}
        super().__init__(widget=widget(attrs=looks), **options)
        self.read, self.longest, self.several_lines = read, longest, several_lines
        # One check for control characters, with our own sentence, in place of Django's for null.
        self.validators = []
        if sentence:
            self.error_messages["required"] = sentence

    def __deepcopy__(self, memo: dict[int, Any]) -> TypedField:
        """A form's own, to be made required or not. Nobody changes what it looks like and says, so that is shared."""
        memo[id(self)] = own = copy.copy(self)
        return own

    def prepare_value(self, value: Any) -> Any:
        """For typing it again; a null character has no place in HTML."""
        return value.replace("\x00", "") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        typed = str(value or "")
        # Composing takes quadratic time: 100 000 loose accents would hold the process for seconds.
        self._refuse_longer(typed.strip(), validators.SIGNS_PER_LETTER * self.longest)
        text = validators.printable(typed, several_lines=self.several_lines)
        if not text and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if text and self.read:
            text = self.read(text)
        self._refuse_longer(text, self.longest)
        return text

    def _refuse_longer(self, text: str, most: int) -> None:
        if len(text) > most:
            raise ValidationError(_("Skriv högst %(most)s tecken") % {"most": self.longest})


def mail_address(text: str) -> str:
    """One address as mail servers take it. Raises ValidationError.

    A quoted name ("a b"@example.com, RFC 5321 4.1.2) is nobody's, and mail programs disagree about what it says.
    """
    field = forms.EmailField(max_length=254)
    if '"' in text:
        raise ValidationError(EMAIL)
    try:
        return str(field.clean(text))
    except ValidationError as error:
        raise ValidationError(EMAIL) from error


class SummarisedForm(forms.Form):
    """A form whose faults are also listed at the top of the page, each with a link to its field."""

    # Where a link leads when the field is a group of choices.
    anchors: dict[str, str] = {}

    # Whether its fields tell of one visitor's own matters: then they are never drawn for everybody.
    words_its_own = False

    refusal: TooMany | None = None

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="f-%s", **kwargs)

    def refuse(self, sentence: str, why: TooMany) -> None:
        """For now, whatever was written."""
        self.refusal = why
        self.add_error(None, sentence)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) in the order of the page; the id is empty for the form as a whole."""
        names = ["__all__", *self.fields]
        return [(self._anchor(name), str(self.errors[name][0])) for name in names if name in self.errors]

    def _anchor(self, name: str) -> str:
        return "" if name == "__all__" else self.anchors.get(name, f"f-{name}")

    @property
    def heading(self) -> str:
        return _("Det gick inte den här gången") if self.refusal else to_mend(len(self.faults))
