"""What people come to, as an editor writes it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.blocks import CharBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from cms.editing import PROMOTE_PANELS, Edited, Printable
from cms.indexed import LEDE, ReadBlock
from cms.kalender import attendance, clock, proof
from cms.kalender.clock import Lead
from cms.kalender.forms import EventAdminForm, ReminderForm
from cms.kalender.models.choices import SHARED, Kind, Status
from cms.kalender.models.event_queries import EventQuerySet
from cms.kalender.staff.remarks import RemarksPanel, SharedPanel
from cms.tree import Placed
from shop.models.fields import OreField
from shop.money import Money
from shop.vat import RATES, vat_in

FEW_SEATS = 8
# Where the calendar itself answers, in both languages: how to subscribe, and what is over.
SUBSCRIBE, ARCHIVE = ("prenumerera", "subscribe"), ("arkiv", "archive")
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul"]


class ProgrammeBlock(ReadBlock):
    time = CharBlock(label=_("Klockan"), max_length=20, help_text=_("T.ex. 13.00"))
    text = CharBlock(label=_("Vad händer"), max_length=300, help_text=_("T.ex. Fika"))

    class Meta:
        icon = "time"
        label = _("Programpunkt")
        template = "kalender/programme_item.html"
        preview_value = {"time": "14.45", "text": "Övning i par: att lyssna färdigt."}


class EventPage(Printable, Edited, Placed, Page):
    """Something that people come to: what, when, where, and for how much."""

    kind = models.CharField(
        _("typ av träff"),
        max_length=20,
        choices=Kind,
        default=Kind.MEETING,
        help_text=_("Står över rubriken och i kalenderns filter, t.ex. Kurs"),
    )
    summary = models.CharField(
        _("rad i listan"), max_length=160, blank=True, help_text=_("T.ex. En timme, en tanke och gott kaffe.")
    )
    lede = models.TextField(
        _("ingress"),
        blank=True,
        help_text=_(
            "För vem är träffen, och vad får man med sig? T.ex. Tre timmar för dig som möter människor i jobbet."
        ),
    )
    starts_at = models.DateTimeField(
        _("börjar"),
        db_index=True,
        help_text=_("Svensk tid, t.ex. 2026-12-10 13:00. Klockan ställs om av sig själv."),
    )
    ends_at = models.DateTimeField(
        _("slutar"), db_index=True, help_text=_("Svensk tid, t.ex. 2026-12-10 16:30.")
    )
    all_day = models.BooleanField(
        _("heldag"),
        default=False,
        help_text=_("Utan klockslag: hela dagen, eller alla dagar från den första till den sista."),
    )
    status = models.CharField(
        _("läge"),
        max_length=10,
        choices=Status,
        default=Status.PLANNED,
        help_text=_(
            "Ställ in en träff här i stället för att ta bort eller avpublicera den. "
            "Då stryks den också i kalendrar som prenumererar, och inga påminnelser går ut."
        ),
    )
    online = models.BooleanField(
        _("digital träff"),
        default=False,
        help_text=_(
            "Kryssa i, så behövs varken ort eller lokal. "
            "Står orten ändå väljer gästen: komma dit eller vara med digitalt."
        ),
    )
    online_link = models.URLField(
        _("länk till träffen"),
        blank=True,
        help_text=_(
            "Syns för alla, t.ex. https://moten.example/frukost. Lämna tomt om länken bara ska gå till anmälda."
        ),
    )
    city = models.CharField(
        _("ort"), max_length=60, blank=True, help_text=_("T.ex. Göteborg. Syns i listan.")
    )
    place = models.CharField(_("lokal"), max_length=120, blank=True, help_text=_("T.ex. Ekmanssalen"))
    address = models.CharField(
        _("adress"), max_length=200, blank=True, help_text=_("T.ex. Exempelgatan 12, Göteborg")
    )
    access = RichTextField(
        _("hitta hit"),
        blank=True,
        features=["bold", "italic", "link"],
        help_text=_(
            "Vägen dit, entré, trappor, hiss, hörslinga och toalett. T.ex. Porten är bred, hiss finns."
        ),
    )
    leader = models.CharField(
        _("ledare"), max_length=120, blank=True, help_text=_("T.ex. Katarina Bergström")
    )
    contact = models.CharField(
        _("kontakt"),
        max_length=200,
        blank=True,
        help_text=_("Vem som svarar på frågor. T.ex. Kansliet, 08-555 000 00. Tomt: webbplatsens vanliga."),
    )
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("bild"),
        help_text=_("Från lokalen eller en tidigare träff, gärna liggande. Tomt: ingen bild."),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    price_text = models.CharField(
        _("pris"), max_length=200, blank=True, help_text=_("T.ex. 1 950 kr med moms. Fika ingår.")
    )
    free = models.BooleanField(
        _("kostnadsfri"), default=False, help_text=_("Märks ut i listan och går att filtrera på.")
    )
    seats = models.PositiveIntegerField(
        _("platser"),
        null=True,
        blank=True,
        help_text=_("Hur många som får plats. Tomt betyder att vi inte räknar."),
    )
    seats_taken = models.PositiveIntegerField(
        _("upptagna platser"), default=0, help_text=_("Hur många som har anmält sig hittills.")
    )
    signup = models.BooleanField(
        _("anmälan på sidan"),
        default=False,
        help_text=_("Kryssa i, så anmäler sig gästerna på träffens sida. Annars via mejl."),
    )
    signup_closes_at = models.DateTimeField(
        _("anmälan stänger"),
        null=True,
        blank=True,
        help_text=_("Svensk tid, t.ex. 2026-12-08 12:00. Tomt: när träffen börjar."),
    )
    place_price_ore = OreField(
        _("pris per plats inkl. moms"),
        null=True,
        blank=True,
        help_text=_(
            "I kronor, t.ex. 1 950. Tomt: anmälan kostar inget. Annars blir platserna en beställning."
        ),
    )
    place_vat = models.PositiveSmallIntegerField(
        _("momssats"),
        choices=[(rate, f"{rate} %") for rate in RATES],
        default=25,
        help_text=_("För platsen, t.ex. 25 %."),
    )
    tell_guests = models.BooleanField(
        _("berätta för gästerna"),
        default=True,
        help_text=_("Anmälda och de som vill bli påminda får ett mejl om tid, plats eller läge ändras."),
    )
    programme_heading = models.CharField(
        _("rubrik över programmet"),
        max_length=60,
        default=_("Programmet"),
        help_text=_("T.ex. Eftermiddagen"),
    )
    programme = StreamField(
        [("item", ProgrammeBlock())],
        blank=True,
        verbose_name=_("program"),
        help_text=_("En rad per punkt, t.ex. 13.00 Välkomna. Tomt: programmet visas inte."),
    )
    body = RichTextField(
        _("text"),
        blank=True,
        features=TEXT_FEATURES,
        help_text=_("Mer om träffen, före programmet. T.ex. för vem den är och vad man tar med sig hem."),
    )
    rebooking = models.CharField(
        _("om man får förhinder"),
        max_length=200,
        blank=True,
        help_text=_("T.ex. Byt namn på platsen utan kostnad."),
    )

    # While its form is saved as a draft, which may lack what readers need.
    is_half_written = False

    objects = PageManager.from_queryset(EventQuerySet)()

    content_panels = [
        RemarksPanel(),
        SharedPanel(),
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel(["starts_at", "ends_at"]),
                "all_day",
                FieldRowPanel(["kind", "status"]),
                "tell_guests",
            ],
            heading=_("När och vad"),
        ),
        MultiFieldPanel(["summary", "lede", "picture"], heading=_("Presentation")),
        MultiFieldPanel(
            [FieldRowPanel(["place", "city"]), "address", "access", FieldRowPanel(["online", "online_link"])],
            heading=_("Var"),
        ),
        MultiFieldPanel(
            [FieldRowPanel(["leader", "contact"]), "price_text", "free"],
            heading=_("Ledare, kontakt och pris"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        "seats",
                        FieldPanel(
                            "seats_taken",
                            help_text=_(
                                "Lovade på annat sätt än på sidan, t.ex. via mejl. De på sidan räknas för sig."
                            ),
                        ),
                    ]
                ),
                "signup",
                "signup_closes_at",
                FieldRowPanel(["place_price_ore", "place_vat"]),
                "rebooking",
            ],
            heading=_("Platser och anmälan"),
        ),
        MultiFieldPanel(["programme_heading", FieldPanel("programme")], heading=_("Program")),
        FieldPanel("body"),
    ]
    promote_panels = [
        HelpPanel(content=_("Lämna adressen som den är, så börjar den med datumet: 2026-12-10-grunderna.")),
        *PROMOTE_PANELS,
    ]
    search_fields = [
        *Page.search_fields,
        LEDE,
        *(index.SearchField(name) for name in ("summary", "body", "programme", "city", "place", "leader")),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]
    parent_page_types = ["cms.CalendarPage"]
    subpage_types: list[str] = []
    base_form_class = EventAdminForm
    page_description = _("En kurs, ett samtal eller en frukost: vad, när, var och för hur mycket.")
    template = "kalender/event_page.html"

    class Meta:
        verbose_name = _("träff")
        verbose_name_plural = _("träffar")

    def clean(self) -> None:
        super().clean()
        errors = {name: sentence for is_wrong, name, sentence in self._rules() if is_wrong}
        if errors := {**errors, **self._faults()}:
            # A translation's form has none of these fields: its event has them.
            raise ValidationError(list(errors.values()) if self.translated_from else errors)

    def get_admin_display_title(self) -> str:
        """With its day: twelve copies have one name."""
        day = date_format(clock.local_date(self.starts_at), "j b Y")
        return f"{super().get_admin_display_title()}, {day}"

    def address_fault(self, slug: str, above: Page) -> Any:
        if slug in SUBSCRIBE:
            return _("På den adressen står hur man prenumererar på kalendern. Skriv en annan.")
        if slug in ARCHIVE:
            return _("På den adressen står träffar som har varit. Skriv en annan.")
        return super().address_fault(slug, above)

    def _faults(self) -> dict[str, Any]:
        """The proof-reader's errors, which no way of saving passes."""
        if not (self.starts_at and self.ends_at):
            return {}
        facts = proof.Facts(starts_at=self.starts_at, ends_at=self.ends_at, seats=self.seats)
        return {fault.field: fault.sentence for fault in proof.faults(facts)}

    def _rules(self) -> list[tuple[bool, str, Any]]:
        starts_at, closes_at = self.starts_at, self.signup_closes_at
        closes_late = bool(starts_at and closes_at and closes_at > starts_at)
        overbooked = self.seats is not None and self.seats_taken > self.seats
        free_at_a_price = _("Träffen är kostnadsfri. Ta bort priset, eller krysset för kostnadsfri.")
        homeless = not self.is_half_written and not self.online and not self.city
        no_place = _("Skriv orten, eller kryssa för att träffen är digital.")
        return [
            (closes_late, "signup_closes_at", _("Anmälan kan inte stänga efter att träffen har börjat.")),
            (bool(self.free and self.place_price_ore), "place_price_ore", free_at_a_price),
            (overbooked, "seats_taken", _("Fler är anmälda än det finns platser.")),
            (homeless, "city", no_place),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        event = self.original
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "form": kwargs.get("form") or ReminderForm(leads=self.leads(now)),
            "over": self.ends_at <= now,
            "day": clock.date_words(self.starts_at, now),
            "takes_signups": event.takes_signups(now),
            "remindable": event.is_remindable(now),
            "next_event": self._next(now) if self.ends_at <= now or self.is_cancelled else None,
        }

    def _next(self, now: datetime) -> EventPage | None:
        """The next of the same kind that takes place; else the next of any."""
        coming = EventPage.objects.upcoming(now).filter(locale=self.locale_id)
        coming = coming.exclude(status=Status.CANCELLED).exclude(pk=self.pk)
        alike: EventPage | None = coming.filter(kind=self.kind).first() or coming.first()
        return alike

    def is_remindable(self, now: datetime) -> bool:
        return self.live and self.counted_from > now and self.status != Status.CANCELLED

    def leads(self, now: datetime) -> list[Lead]:
        """The lead times still ahead; the shortest always stands, so that the form never is empty."""
        return [lead for lead in Lead if lead == Lead.HOURS or clock.due_at(self.counted_from, lead) > now]

    @property
    def signs_up_here(self) -> bool:
        """Whether guests sign up on its own page."""
        return self.signup

    @property
    def place_price(self) -> Money:
        """Of one place, VAT included."""
        return Money(self.place_price_ore or 0)

    @property
    def place_vat_sum(self) -> Money:
        """The VAT in it; that of several is reckoned on their sum."""
        return vat_in(self.place_price, self.place_vat)

    @property
    def signup_ends_at(self) -> datetime:
        return min(self.signup_closes_at or self.starts_at, self.starts_at)

    def takes_signups(self, now: datetime) -> bool:
        """Whether somebody may sign up, to a seat or to the queue."""
        return self.signup and self.live and not self.is_cancelled and now < self.signup_ends_at

    @property
    def original(self) -> EventPage:
        """The event itself: of its pages in several languages the one written first, of an alias what it shows.

        It alone holds sign-ups, reminders and what has been announced. See docs/adr/0035.
        """
        pages = EventPage.objects.filter(translation_key=self._key, alias_of=None)
        first: EventPage | None = pages.order_by("pk").first()
        return self if first is None or first.pk == self.pk else first

    @property
    def _key(self) -> uuid.UUID:
        """Of the event in every language; an alias within a language has one of its own."""
        found: uuid.UUID = self.alias_of.translation_key if self.alias_of_id else self.translation_key
        return found

    @property
    def translated_from(self) -> EventPage | None:
        """The event itself, when this is another page of it; it is what it will be once it is published."""
        event = None if self.pk is None or self.alias_of_id else self.original
        if event is None or event.pk == self.pk:
            return None
        latest: EventPage = event if event.live else event.get_latest_revision_as_object()
        return latest

    @property
    def spoken(self) -> EventPage:
        """The event's page in the language in use that readers may see; itself where there is none, as an example's."""
        if self.locale_id is None or self.locale.language_code == get_language():
            return self
        found: EventPage | None = EventPage.objects.in_every_language(self).spoken().live().public().first()
        return found or self

    def take_facts(self, event: EventPage) -> None:
        """What the event's pages share, in memory."""
        for name in SHARED:
            setattr(self, name, getattr(event, name))

    @property
    def moved_from(self) -> datetime | None:
        """Of what is called moved the start that was announced before this one; None when only the place is new."""
        told = getattr(self.original, "announcement", None) if self.status == Status.MOVED else None
        before: datetime | None = told.moved_from if told else None
        return None if before == self.starts_at else before

    @property
    def moved_from_words(self) -> str:
        """`torsdag 3 december klockan 13.00`; empty when it has not moved in time."""
        before = self.moved_from
        if before is None:
            return ""
        return clock.day_words(before) if self.all_day else clock.moment_words(before)

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @cached_property
    def seats_held(self) -> int:
        """By sign-ups on the page, as when it was read. A list reads it for all of its events, see `with_seats`."""
        signups: Any = apps.get_model("cms.SignUp").objects
        return int(signups.filter(event__translation_key=self._key).seats_held())

    @property
    def seats_left(self) -> int | None:
        """None when seats are not counted."""
        return max(0, self.seats - self.seats_taken - self.seats_held) if self.seats else None

    @property
    def is_full(self) -> bool:
        return self.status == Status.FULL or self.seats_left == 0

    @property
    def has_few_seats(self) -> bool:
        return self.seats_left is not None and self.seats_left <= FEW_SEATS

    @property
    def where(self) -> str:
        """The word in lists: the town, that it is online, or both."""
        if not self.is_on_site:
            return gettext("Digitalt")
        return gettext("%(city)s och digitalt") % {"city": self.city} if self.is_online else self.city

    @property
    def is_online(self) -> bool:
        return attendance.is_online(online=self.online, online_link=self.online_link)

    @property
    def is_on_site(self) -> bool:
        return attendance.is_on_site(online=self.online, city=self.city)

    @property
    def location(self) -> str:
        """Where to go, or the link; of an event that is both: `Ekmanssalen, Göteborg, eller digitalt: https://…`."""
        if not self.is_on_site:
            return self.online_link or gettext("Digitalt")
        if not self.is_online:
            return self.room
        if not self.online_link:
            return gettext("%(room)s, eller digitalt") % {"room": self.room}
        return gettext("%(room)s, eller digitalt: %(link)s") % {"room": self.room, "link": self.online_link}

    @property
    def room(self) -> str:
        """The whole place as one line, each part once, `Ekmanssalen, Storgatan 1, Göteborg`; else empty."""
        if not self.is_on_site:
            return ""
        parts = [self.place, self.address]
        if self.city and self.city not in self.address:
            parts.append(self.city)
        return ", ".join(part for part in parts if part)

    @property
    def eyebrow(self) -> str:
        kind = self.get_kind_display()
        if not self.is_on_site:
            return gettext("%(kind)s, digitalt") % {"kind": kind}
        if self.is_online:
            return gettext("%(kind)s i %(city)s och digitalt") % {"kind": kind, "city": self.city}
        return gettext("%(kind)s i %(city)s") % {"kind": kind, "city": self.city}

    @property
    def short_title(self) -> str:
        """`Öppen halvdag: grunderna i värdskap` in a narrow place."""
        return str(self.title).partition(":")[0]

    @property
    def when(self) -> str:
        """The hours, as they stand after the day."""
        return clock.span_words(self.starts_at, self.ends_at, all_day=self.all_day)

    @property
    def counted_from(self) -> datetime:
        """The moment that reminders lie before."""
        return clock.counted_from(self.starts_at, all_day=self.all_day)

    @property
    def stamp(self) -> str:
        """The start for `<time datetime>`."""
        there = clock.local(self.starts_at)
        return there.date().isoformat() if self.all_day else there.isoformat(timespec="seconds")

    @property
    def site_address(self) -> str:
        """The page's full address, for letters and calendar files, which have no request."""
        parts = self.get_url_parts()
        return settings.SITE_URL + (parts[2] if parts else "/")
