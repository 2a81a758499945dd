"""/dev/mail/: what the demo would have sent."""

from __future__ import annotations

from email.message import EmailMessage

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import devmail, frame
from notifications.mail import one_line

PER_PAGE = 100


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(devmail.names(), PER_PAGE).get_page(request.GET.get("sida"))
    return render(request, "dev/inbox.html", {"page": page, "entries": list(devmail.entries(list(page)))})


@never_cache
@require_safe
def message(request: HttpRequest, name: str) -> HttpResponse:
    mail = _mail(name)
    facts = {
        "name": name,
        "at": devmail.kept_at(name),
        "subject": str(mail["Subject"]),
        "headers": [(header, str(value)) for header, value in mail.items()],
        "text": devmail.text(mail, "plain"),
        "has_html": bool(devmail.text(mail, "html")),
        "attachments": [
            (place, part.get_filename() or f"bilaga-{place}", len(devmail.attachment_bytes(part)))
            for place, part in enumerate(devmail.attachments(mail))
        ],
    }
    return render(request, "dev/message.html", facts)


@never_cache
@require_safe
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame."""
    return frame.answer(devmail.text(_mail(name), "html"))


@never_cache
@require_safe
def attachment(_request: HttpRequest, name: str, place: int) -> HttpResponse:
    """Always a download, never shown: the type is the letter's claim."""
    parts = devmail.attachments(_mail(name))
    if place >= len(parts):
        raise Http404
    part = parts[place]
    filename = one_line(part.get_filename() or f"bilaga-{place}")
    answer = HttpResponse(devmail.attachment_bytes(part), content_type=part.get_content_type())
    answer.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _mail(name: str) -> EmailMessage:
    try:
        return devmail.read(name)
    except FileNotFoundError as error:
        raise Http404(name) from error
