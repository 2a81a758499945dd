"""News and articles: a list with a year archive, and the article itself."""

from __future__ import annotations

import re
import sys
import uuid
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.core.paginator import Page as Sheet
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.blocks import BodyBlock, PictureBlock
from cms.editing import Edited, Printable
from cms.indexed import LEDE
from cms.models.philosophy import WORDS_PER_MINUTE, Colour, Drawing
from cms.tree import Placed, PlacedQuerySet
from shop.days import stockholm_today

PER_SHEET = 10
_YEAR = re.compile(r"[12][0-9]{3}")
YEAR_TAKEN = _("Adressen kan inte vara bara ett årtal: där ligger årets alla artiklar.")


class NewsIndexPage(Edited, Placed, Page):
    """The list, newest first, ten to a sheet; below it one address for each year: /artiklar/2026/."""

    lede = models.TextField(
        _("ingress"), max_length=300, help_text=_("En mening. Till exempel: Korta texter från vår vardag.")
    )
    empty_text = models.CharField(
        _("när inget är skrivet"),
        max_length=160,
        default="Här är det tomt än. Filosofins tio delar finns att läsa så länge.",
        help_text=_("Visas i stället för listan. Till exempel: Här är det tomt än."),
    )

    content_panels = [*Page.content_panels, "lede", "empty_text"]
    search_fields = [*Page.search_fields, LEDE]
    template = "cms/news_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    max_count_per_parent = 1
    page_description = _("Listan över artiklar, med ett arkiv för varje år.")

    class Meta:
        verbose_name = _("artiklar, översikt")
        verbose_name_plural = _("artiklar, översikter")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """A year is no page of its own. Raises Http404 for a year without articles."""
        if self.live and len(path_components) == 1 and _YEAR.fullmatch(path_components[0]):
            return RouteResult(self, kwargs={"year": int(path_components[0])})
        return super().route(request, path_components)

    def get_context(
        self, request: HttpRequest, *args: Any, year: int | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).newest_first()
        years = articles.years()
        if year is not None and year not in years:
            raise Http404
        shown = articles if year is None else articles.filter(date__year=year)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        shown_sheet = sheet(shown, request.GET.get("sida", "1"))
        return {**context, "below": str(year or ""), "year": year, "years": years, "sheet": shown_sheet}


def sheet(articles: ArticleQuerySet, number: str) -> Sheet[ArticlePage]:
    """One sheet of the list. Raises Http404 for what is no sheet of it."""
    try:
        return Paginator(articles, PER_SHEET).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error


class ArticleQuerySet(PlacedQuerySet):
    def newest_first(self) -> Self:
        """Published articles; of two from the same day the one that was made last."""
        published: Self = self.live().public().order_by("-date", "-pk")
        return published

    def years(self) -> list[int]:
        """Those that have an article, newest first."""
        return [first.year for first in self.dates("date", "year", order="DESC")]

    def older_than(self, article: ArticlePage) -> Self:
        older = Q(date__lt=article.date) | Q(date=article.date, pk__lt=_row(article))
        found: Self = self.newest_first().filter(older)
        return found

    def newer_than(self, article: ArticlePage) -> Self:
        newer = Q(date__gt=article.date) | Q(date=article.date, pk__gt=_row(article))
        found: Self = self.newest_first().filter(newer).reverse()
        return found


def _row(article: ArticlePage) -> int:
    """Its primary key; that of a draft which is not saved yet lies ahead."""
    return article.pk or sys.maxsize


class ArticlePage(Printable, Edited, Placed, Page):
    """A text with a date."""

    date = models.DateField(
        _("datum"),
        default=stockholm_today,
        db_index=True,
        help_text=_("Står på sidan och bestämmer ordningen i listan. Till exempel 2026-11-16"),
    )
    lede = models.TextField(
        _("ingress"),
        max_length=300,
        help_text=_("En eller två meningar. Till exempel: Vad en kaffekopp kan säga till den som väntar."),
    )
    author = models.CharField(
        _("skriven av"),
        max_length=120,
        blank=True,
        help_text=_("Namnet som ska stå vid texten. Till exempel: Katarina Bergström. Tomt går bra."),
    )
    colour = models.CharField(
        _("färg"),
        max_length=10,
        choices=Colour,
        default=Colour.SKY,
        help_text=_("Bakom rubriken och i listan, till exempel lera"),
    )
    drawing = models.CharField(
        _("tecknad bild"),
        max_length=4,
        choices=Drawing,
        default=Drawing.CUP,
        help_text=_("Vid rubriken och i listan, till exempel koppen"),
    )
    picture = StreamField(
        [("picture", PictureBlock())],
        verbose_name=_("fotografi"),
        blank=True,
        max_num=1,
        help_text=_("Ett eget foto över texten, om det finns. Till exempel receptionen efter ombyggnaden."),
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("text"),
        help_text=_(
            "Börja i en händelse. Till exempel: I måndags stod dörren öppen. Den första bokstaven blir stor "
            "av sig själv."
        ),
    )

    objects = PageManager.from_queryset(ArticleQuerySet)()

    content_panels = [
        *Page.content_panels,
        FieldRowPanel(["date", "author"]),
        "lede",
        MultiFieldPanel([FieldRowPanel(["colour", "drawing"]), "picture"], heading=_("Bild")),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        LEDE,
        index.SearchField("author"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    template = "cms/article.html"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    page_description = _("En artikel eller en nyhet, med datum. Den kommer överst i listan och i flödet.")

    class Meta:
        verbose_name = _("artikel")
        verbose_name_plural = _("artiklar")

    def clean(self) -> None:
        super().clean()
        if _YEAR.fullmatch(self.slug or ""):
            raise ValidationError({"slug": YEAR_TAKEN})

    def address_fault(self, slug: str, above: Page) -> Any:
        return YEAR_TAKEN if _YEAR.fullmatch(slug) else super().address_fault(slug, above)

    @property
    def tile(self) -> str:
        """The tile's class in the stylesheet; himmel is its plain colour."""
        return "" if self.colour == Colour.SKY else self.colour

    @cached_property
    def reading_minutes(self) -> int:
        """Whole minutes, at least one, at the pace that the philosophy's parts count with."""
        texts = self.body.stream_block.get_searchable_content(self.body)
        words = sum(len(str(text).split()) for text in texts)
        return max(1, round(words / WORDS_PER_MINUTE))

    @property
    def lasting_id(self) -> str:
        """A URN that stays when the page is renamed or moved; a translation has its own (RFC 4287 4.2.6)."""
        return uuid.uuid5(self.translation_key, self.locale.language_code).urn

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        sisters = ArticlePage.objects.sibling_of(self, inclusive=False)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "previous": sisters.older_than(self).first(),
            "next": sisters.newer_than(self).first(),
        }
