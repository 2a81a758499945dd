from cms.enquiries.models import Enquiry, EnquiryStep
from cms.kalender.models import CalendarPage, EventPage, Guest, GuestLetter, ReminderRequest, SignUp
from cms.models.articles import ArticlePage, NewsIndexPage
from cms.models.books import ProductPage, ShopIndexPage
from cms.models.cases import CaseIndexPage, CasePage
from cms.models.contact import ContactPage
from cms.models.home import HomePage
from cms.models.links import PageLink
from cms.models.pages import StandardPage
from cms.models.philosophy import PartPage, PhilosophyPage
from cms.models.settings import SiteTexts
from cms.models.sharing import SharePicture

__all__ = [
    "ArticlePage",
    "CalendarPage",
    "CaseIndexPage",
    "CasePage",
    "ContactPage",
    "Enquiry",
    "EnquiryStep",
    "EventPage",
    "Guest",
    "GuestLetter",
    "HomePage",
    "NewsIndexPage",
    "PageLink",
    "PartPage",
    "PhilosophyPage",
    "ProductPage",
    "ReminderRequest",
    "SharePicture",
    "ShopIndexPage",
    "SignUp",
    "SiteTexts",
    "StandardPage",
]
