"""Who sells: the facts that the law wants on pages, letters and documents."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from shop.language import Spoken
from shop.models.fields import OreField


@register_setting(icon="home", order=100)
class Company(BaseGenericSetting):
    """One row. Every place that names the seller reads it here."""

    name = models.CharField(
        _("namn utåt"),
        max_length=80,
        default="Värdskapet",
        help_text=_("Står i sidhuvudet. Till exempel Värdskapet"),
    )
    legal_name = models.CharField(
        _("firma"),
        max_length=120,
        help_text=_("Så som den är registrerad. Till exempel Värdskapet Exempel AB"),
    )
    organisation_number = models.CharField(
        _("organisationsnummer"), max_length=20, help_text=_("Till exempel 559999-0008")
    )
    vat_number = models.CharField(
        _("momsregistreringsnummer"), max_length=20, help_text=_("Till exempel SE559999000801")
    )
    seat = models.CharField(
        _("säte"), max_length=60, blank=True, help_text=_("Kommunen, till exempel Stockholm")
    )
    f_tax = models.BooleanField(
        _("godkänd för F-skatt"), default=True, help_text=_("Skrivs ut på kvitton och fakturor.")
    )
    address_line1 = models.CharField(
        _("postadress"), max_length=120, help_text=_("Till exempel Exempelgatan 1")
    )
    postal_code = models.CharField(_("postnummer"), max_length=10, help_text=_("Till exempel 111 22"))
    city = models.CharField(_("ort"), max_length=60, help_text=_("Till exempel Stockholm"))
    email = models.EmailField(
        _("e-post"), help_text=_("Hit kommer svar på alla brev. Till exempel hej@vardskapet.example")
    )
    phone = models.CharField(
        _("telefon"), max_length=30, help_text=_("Så som den ska läsas. Till exempel 08-555 000 00")
    )
    phone_hours = models.CharField(
        _("telefontider"), max_length=120, help_text=_("Till exempel: Telefonen är bemannad vardagar 9–16.")
    )
    phone_hours_en = models.CharField(
        _("telefontider på engelska"),
        max_length=120,
        blank=True,
        help_text=_("Till exempel: We answer on weekdays, 9 to 16. Tomt: de svenska."),
    )
    bankgiro = models.CharField(
        _("bankgiro"), max_length=10, blank=True, help_text=_("Står på fakturor. Till exempel 991-2346")
    )

    quote_days = models.PositiveSmallIntegerField(
        _("offerter gäller i dagar"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Räknat från dagen offerten görs. Till exempel 30"),
    )
    approve_new_invoice_buyers = models.BooleanField(
        _("godkänn nya fakturakunder"),
        default=False,
        help_text=_(
            "På: den första beställningen mot faktura från ett organisationsnummer väntar tills någon har godkänt den."
        ),
    )
    credit_limit_ore = OreField(
        _("kreditgräns per organisationsnummer"),
        null=True,
        blank=True,
        help_text=_(
            "Så mycket får ett organisationsnummer ha obetalt på faktura, i kronor, till exempel 50 000. "
            "Det som går över väntar på godkännande. Tomt: ingen gräns."
        ),
    )

    places_may_be_withdrawn = models.BooleanField(
        _("ångerrätt för platser på träffar"),
        default=True,
        help_text=_(
            "På: en privatperson som har köpt en plats får ångra sig i 14 dagar, men inte sedan träffen har börjat. "
            "Av: sidorna säger att ångerrätten inte gäller, för att träffen är en fritidsaktivitet på en bestämd dag. "
            "En kurs räknas kanske inte som fritid, så låt det vara på om ni inte har frågat en jurist. "
            "Platser som redan är sålda behåller det som gällde när de köptes."
        ),
    )

    facebook = models.URLField(
        _("Facebook"),
        blank=True,
        help_text=_("Hela adressen, till exempel https://www.facebook.com/vardskapet"),
    )
    instagram = models.URLField(
        _("Instagram"), blank=True, help_text=_("Till exempel https://www.instagram.com/vardskapet")
    )
    linkedin = models.URLField(
        _("LinkedIn"), blank=True, help_text=_("Till exempel https://www.linkedin.com/company/vardskapet")
    )

    shown_phone_hours = Spoken("phone_hours")

    panels = [
        HelpPanel(
            content=_(
                "De här uppgifterna står i sidfoten, på kontaktsidan, i brev, kvitton och fakturor. Ändra dem här, "
                "så ändras de överallt. Beställningar som redan är gjorda ändras inte."
            )
        ),
        MultiFieldPanel(
            ["name", "legal_name", "organisation_number", "vat_number", "seat", "f_tax"],
            heading=_("Företaget"),
        ),
        MultiFieldPanel(
            ["address_line1", "postal_code", "city", "email", "phone", "phone_hours", "phone_hours_en"],
            heading=_("Kontakt"),
        ),
        FieldPanel("bankgiro"),
        MultiFieldPanel(
            ["quote_days", "approve_new_invoice_buyers", "credit_limit_ore"],
            heading=_("Offerter och faktura"),
        ),
        MultiFieldPanel(["places_may_be_withdrawn"], heading=_("Träffar som kostar")),
        MultiFieldPanel(
            ["facebook", "instagram", "linkedin"],
            heading=_("Sociala medier"),
            help_text=_("Det som är ifyllt står som länkar i sidfoten. Tomt: länken visas inte."),
        ),
    ]

    class Meta:
        verbose_name = _("företagets uppgifter")
        verbose_name_plural = _("företagens uppgifter")

    def __str__(self) -> str:
        return self.name

    @property
    def postal_address(self) -> str:
        return f"{self.address_line1}, {self.postal_code} {self.city}"

    @property
    def profiles(self) -> list[tuple[str, str]]:
        """(name, address) of the company's own pages elsewhere."""
        pages = [("Facebook", self.facebook), ("Instagram", self.instagram), ("LinkedIn", self.linkedin)]
        return [(name, address) for name, address in pages if address]

    @property
    def phone_link(self) -> str:
        """The number as a tel: link wants it: 08-555 000 00 is +46855500000."""
        digits = "".join(sign for sign in self.phone if sign.isdigit())
        return f"+46{digits[1:]}" if digits.startswith("0") else f"+{digits}"
