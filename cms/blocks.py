"""The pieces that editors build pages from. Each owns its template under templates/cms/blocks/."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
    StructValue,
    TextBlock,
)
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from shop.models import Product, Terms

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
SHORT_FEATURES = ["bold", "italic", "link"]


class LinkValue(StructValue):
    def url(self, request: HttpRequest | None = None) -> str:
        """Where it leads; empty once its page is deleted, unpublished or outside the site."""
        page = self.get("page")
        if page is None:
            return str(self.get("address") or "")
        return str(page.get_url(request) or "") if page.live else ""


class LinkBlock(StructBlock):
    """A label that leads to a page, or to an address of the site that is no page."""

    label = CharBlock(label=_("Text"), max_length=60, help_text=_("Till exempel: Referenser"))
    page = PageChooserBlock(
        label=_("Sida"),
        required=False,
        help_text=_("Följer med när sidan byter adress. Till exempel Referenser"),
    )
    address = CharBlock(
        label=_("Eller adress"),
        required=False,
        max_length=200,
        help_text=_("Bara om det inte är en sida. Till exempel /varukorg/"),
    )

    class Meta:
        icon = "link"
        label = _("Länk")
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["page"] and not str(cleaned["address"]).startswith(
            ("/", "https://", "tel:", "mailto:")
        ):
            fault = ValidationError(_("Välj en sida, eller skriv en adress som börjar med / eller https://"))
            raise StructBlockValidationError(block_errors={"address": fault})
        return cleaned


class FooterColumnBlock(StructBlock):
    heading = CharBlock(label=_("Rubrik"), max_length=40, help_text=_("Till exempel: Läs"))
    links = ListBlock(LinkBlock(), label=_("Länkar"), help_text=_("Tre eller fyra räcker."))

    class Meta:
        icon = "list-ul"
        label = _("Spalt")


class TextSectionBlock(RichTextBlock):
    def __init__(self, **options: Any) -> None:
        super().__init__(features=TEXT_FEATURES, **options)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "cms/blocks/text.html"
        preview_value = "<p>En kvinna kommer fram till en reception. Hon har väntat en stund.</p>"
        description = _("Löpande text med mellanrubriker, listor och länkar")


class PullQuoteBlock(StructBlock):
    quote = TextBlock(
        label=_("Citat"),
        rows=2,
        help_text=_("Till exempel: Den som får tala till punkt behöver sällan höja rösten."),
    )

    class Meta:
        icon = "openquote"
        label = _("Lyft citat")
        template = "cms/blocks/pull.html"
        preview_value = {"quote": "Den som får tala till punkt behöver sällan höja rösten."}
        description = _("En mening ur texten, i stor stil")


class PictureBlock(StructBlock):
    """Wagtail's ImageBlock asks for an alt text, or a tick that the picture is decorative."""

    image = ImageBlock(
        label=_("Bild"),
        help_text=_("Beskriv vad bilden visar för den som inte ser den, eller kryssa för dekorativ."),
    )
    caption = CharBlock(
        label=_("Bildtext"),
        required=False,
        max_length=160,
        help_text=_("Till exempel: Receptionen efter ombyggnaden"),
    )

    class Meta:
        icon = "image"
        label = _("Bild")
        template = "cms/blocks/picture.html"
        description = _("En bild i textens bredd, med bildtext om du vill")

    def get_preview_value(self) -> Any:
        """Any picture of the library; there is none to ship with."""
        return self.normalize(
            {"image": get_image_model().objects.first(), "caption": "Receptionen efter ombyggnaden"}
        )


class QuestionBlock(StructBlock):
    question = CharBlock(label=_("Fråga"), max_length=200, help_text=_("Till exempel: Hur fick ni med alla?"))
    answer = RichTextBlock(label=_("Svar"), features=SHORT_FEATURES, help_text=_("Ett eller två stycken."))

    class Meta:
        icon = "help"
        label = _("Fråga och svar")
        template = "cms/blocks/question.html"
        preview_value = {
            "question": "Vad är värdskap?",
            "answer": "<p>Att få andra att känna sig välkomna.</p>",
        }
        description = _("En fråga ur en intervju, med svaret under")


class FactBlock(StructBlock):
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


class PanelBlock(StructBlock):
    heading = CharBlock(
        label=_("Rubrik"), max_length=80, help_text=_("Till exempel: För kommuner och företag")
    )
    text = RichTextBlock(
        label=_("Text"),
        features=[*SHORT_FEATURES, "ol", "ul"],
        help_text=_("Några meningar, eller en kort lista."),
    )

    class Meta:
        icon = "form"
        label = _("Ruta")
        template = "cms/blocks/panel.html"
        preview_value = {"heading": "Prova i veckan", "text": "<p>Räkna tyst till tre innan du svarar.</p>"}
        description = _("En färgad ruta med rubrik, för det som ska synas")


class TableBlock(StructBlock):
    """A small table with a heading row; cells are plain text."""

    caption = CharBlock(
        label=_("Tabellens rubrik"), max_length=120, help_text=_("Till exempel: Vad vi sparar och hur länge")
    )
    rows = ListBlock(
        ListBlock(CharBlock(label=_("Cell"), required=False, max_length=300), label=_("Rad")),
        label=_("Rader"),
        help_text=_("Den första raden är rubrikraden."),
    )

    class Meta:
        icon = "table"
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


class ProductBlock(StructBlock):
    product = SnippetChooserBlock(
        "shop.Product",
        label=_("Vara"),
        help_text=_("Visas bara medan den är till salu. Till exempel Skriften"),
    )

    class Meta:
        icon = "tag"
        label = _("Vara")
        template = "cms/blocks/product.html"
        description = _("En bok eller ett material med omslag, pris och länk")

    def get_preview_value(self) -> Any:
        return self.normalize({"product": Product.objects.filter(active=True).first()})


class ButtonBlock(LinkBlock):
    class Meta:
        icon = "redirect"
        label = _("Knapp")
        template = "cms/blocks/button.html"
        preview_value = {"label": "Se utbildningsmaterialet", "address": "/utbildningsmaterial/"}
        description = _("En knapp som leder vidare")


class TermsBlock(StaticBlock):
    """The terms in force today. They are changed as a snippet, since orders keep their version."""

    class Meta:
        icon = "doc-full"
        label = _("Köpvillkoren som gäller")
        admin_text = _("Visar de köpvillkor som gäller i dag. Ändra dem under Butik → Köpvillkor.")
        template = "cms/blocks/terms.html"
        preview_value = None
        description = _("Den version av köpvillkoren som gäller i dag")

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["terms"] = Terms.objects.current(timezone.localdate())
        return context


class BodyBlock(StreamBlock):
    """What every article and page may hold."""

    text = TextSectionBlock()
    pull = PullQuoteBlock()
    picture = PictureBlock()
    question = QuestionBlock()
    panel = PanelBlock()
    table = TableBlock()
    product = ProductBlock()
    button = ButtonBlock()


class PageBodyBlock(BodyBlock):
    terms = TermsBlock()


class InterviewBlock(StreamBlock):
    question = QuestionBlock()
    pull = PullQuoteBlock()
    picture = PictureBlock()


class FactsBlock(StreamBlock):
    fact = FactBlock()
