"""Words: running text, a heading, a lifted quote, a question, a fact, a box, an exercise, a table."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    RichTextBlock,
    StructValue,
    TextBlock,
)
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.indexed import ReadBlock
from cms.templatetags.drawings import SYMBOLS

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
SHORT_FEATURES = ["bold", "italic", "link"]
GROUP = _("Text")
# An anchor may not take an id that the page templates use themselves: their own, a field's, a drawing's.
ANCHOR = _(
    "Skriv små bokstäver a–z, siffror och bindestreck, till exempel sa-borjade-det. Några ord är upptagna."
)
_ANCHOR = r"^(?!(?:innehall|antal|trappa)$|h-|dag-)[a-z][a-z0-9-]*$"


class TextSectionBlock(RichTextBlock):
    def __init__(self, **options: Any) -> None:
        super().__init__(features=TEXT_FEATURES, **options)

    class Meta:
        icon = "pilcrow"
        group = GROUP
        label = _("Text")
        template = "cms/blocks/text.html"
        preview_value = "<p>En kvinna kommer fram till en reception. Hon har väntat en stund.</p>"
        description = _("Löpande text med mellanrubriker, listor och länkar")


class HeadingValue(StructValue):
    @property
    def anchor_id(self) -> str:
        """What stands after # in an address that leads here."""
        return str(self.get("anchor") or f"avsnitt-{slugify(self.get('text') or '')}")


class HeadingBlock(ReadBlock):
    unread = frozenset({"anchor"})

    text = CharBlock(label=_("Rubrik"), max_length=120, help_text=_("Till exempel: Så började det"))
    level = ChoiceBlock(
        label=_("Nivå"),
        choices=[("h2", _("Rubrik")), ("h3", _("Underrubrik"))],
        default="h2",
        help_text=_("En underrubrik hör till rubriken ovanför den. Till exempel: Rubrik"),
    )
    anchor = CharBlock(
        label=_("Ankare"),
        required=False,
        max_length=60,
        validators=[
            RegexValidator(_ANCHOR, ANCHOR),
        ],
        help_text=_("För den som länkar hit. Till exempel sa-borjade-det. Tomt: görs av rubriken."),
    )

    class Meta:
        icon = "title"
        group = GROUP
        label = _("Rubrik")
        value_class = HeadingValue
        template = "cms/blocks/heading.html"
        preview_value = {"text": "Så började det", "level": "h2"}
        description = _("En mellanrubrik som det går att länka till")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        anchor = str(cleaned["anchor"] or "")
        if (SYMBOLS / f"{anchor}.svg").exists() or anchor.startswith("f-"):
            raise StructBlockValidationError(block_errors={"anchor": ValidationError(ANCHOR)})
        return cleaned


class PullQuoteBlock(ReadBlock):
    quote = TextBlock(
        label=_("Citat"),
        rows=2,
        help_text=_("Till exempel: Den som får tala till punkt behöver sällan höja rösten."),
    )
    said_by = CharBlock(
        label=_("Vem säger det"),
        required=False,
        max_length=120,
        help_text=_("Till exempel: Katarina Bergström. Tomt när det är en mening ur texten."),
    )

    class Meta:
        icon = "openquote"
        group = GROUP
        label = _("Lyft citat")
        template = "cms/blocks/pull.html"
        preview_value = {"quote": "Den som får tala till punkt behöver sällan höja rösten."}
        description = _("En mening ur texten, eller något som någon har sagt, i stor stil")


class QuestionBlock(ReadBlock):
    question = CharBlock(label=_("Fråga"), max_length=200, help_text=_("Till exempel: Hur fick ni med alla?"))
    answer = RichTextBlock(
        label=_("Svar"),
        features=SHORT_FEATURES,
        help_text=_("Ett eller två stycken. Till exempel: Vi började med cheferna."),
    )

    class Meta:
        icon = "help"
        group = GROUP
        label = _("Fråga och svar")
        template = "cms/blocks/question.html"
        preview_value = {
            "question": "Vad är värdskap?",
            "answer": "<p>Att få andra att känna sig välkomna.</p>",
        }
        description = _("En fråga ur en intervju, med svaret under")


class FactBlock(ReadBlock):
    label = CharBlock(label=_("Vad"), max_length=60, help_text=_("Till exempel: Omfång"))
    value = CharBlock(label=_("Värde"), max_length=300, help_text=_("Till exempel: 34 sidor, häftad"))
    note = CharBlock(
        label=_("Tillägg"),
        required=False,
        max_length=200,
        help_text=_("I mindre stil. Till exempel: 38 093 invånare"),
    )
    big = ChoiceBlock(
        label=_("Storlek"),
        choices=[("", _("Vanlig")), ("big", _("Stor"))],
        required=False,
        default="",
        help_text=_("Stor passar en kort siffra, till exempel 4 000 medarbetare"),
    )

    class Meta:
        icon = "info-circle"
        label = _("Faktarad")
        template = "cms/blocks/fact.html"
        preview_template = "cms/blocks/fact_preview.html"
        description = _("En uppgift med sin rubrik, till exempel Omfång: 34 sidor")
        preview_value = {"label": "Omfattning", "value": "4 000 medarbetare", "big": "big"}


class PanelBlock(ReadBlock):
    heading = CharBlock(
        label=_("Rubrik"), max_length=80, help_text=_("Till exempel: För kommuner och företag")
    )
    text = RichTextBlock(
        label=_("Text"),
        features=[*SHORT_FEATURES, "ol", "ul"],
        help_text=_("Några meningar eller en kort lista. Till exempel: Räkna tyst till tre."),
    )

    class Meta:
        icon = "form"
        group = GROUP
        label = _("Ruta")
        template = "cms/blocks/panel.html"
        preview_value = {"heading": "Prova i veckan", "text": "<p>Räkna tyst till tre innan du svarar.</p>"}
        description = _("En färgad ruta med rubrik, för det som ska synas")


class ExerciseBlock(ReadBlock):
    heading = CharBlock(
        label=_("Rubrik"),
        max_length=80,
        default=_("Prova i veckan"),
        help_text=_("Till exempel: Prova i veckan"),
    )
    text = RichTextBlock(
        label=_("Övning"),
        features=[*SHORT_FEATURES, "ol", "ul"],
        help_text=_("Något att göra samma dag. Till exempel: Räkna tyst till tre innan du svarar."),
    )
    hint = RichTextBlock(
        label=_("Tips"),
        required=False,
        features=SHORT_FEATURES,
        help_text=_("I mindre stil. Till exempel: Gör ni övningen tillsammans? Se materialet."),
    )

    class Meta:
        icon = "pick"
        group = GROUP
        label = _("Övning")
        template = "cms/blocks/exercise.html"
        preview_value = {
            "heading": "Prova i veckan",
            "text": "<p>Räkna tyst till tre innan du svarar.</p>",
            "hint": "<p>Berätta för en kollega hur det gick.</p>",
        }
        description = _("En övning i en ljus ruta")


class TableBlock(ReadBlock):
    """A small table with a heading row; cells are plain text."""

    caption = CharBlock(
        label=_("Tabellens rubrik"), max_length=120, help_text=_("Till exempel: Vad vi sparar och hur länge")
    )
    rows = ListBlock(
        ListBlock(
            CharBlock(label=_("Cell"), required=False, max_length=300, help_text=_("Till exempel 7 år")),
            label=_("Rad"),
        ),
        label=_("Rader"),
        help_text=_("Den första raden är rubrikraden."),
    )

    class Meta:
        icon = "table"
        group = GROUP
        label = _("Tabell")
        template = "cms/blocks/table.html"
        preview_value = {
            "caption": "Vad vi sparar och hur länge",
            "rows": [
                ["Uppgift", "Hur länge"],
                ["Beställningar", "7 år"],
                ["Påminnelser", "Tills de är skickade"],
            ],
        }
        description = _("En liten tabell, till exempel kakor eller lagringstider")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (fault := _misshape(cleaned["rows"])):
            raise StructBlockValidationError(
                block_errors={"rows": ListBlockValidationError(non_block_errors=[fault])}
            )
        return cleaned


def _misshape(rows: Any) -> ValidationError | None:
    """What keeps a table from being read: a screen reader tells each cell by the heading above it."""
    if len(rows) < 2 or not len(rows[0]):
        return ValidationError(_("En tabell behöver en rubrikrad och minst en rad till."))
    if len({len(row) for row in rows}) > 1:
        return ValidationError(
            _("Alla rader ska ha lika många celler som rubrikraden. En cell får vara tom.")
        )
    return None


# Migrations name the package, so that a block may change its file.
DECONSTRUCT_ALIASES = {TextSectionBlock: "cms.blocks.TextSectionBlock"}
