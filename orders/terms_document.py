"""Terms of sale, withdrawal information and model form as one PDF to keep, made from a confirmation's frozen texts.

Why a file: terms may be as long as they need to be while the letter stays under 25 kB, and the model form is
there to be printed. The letter itself still carries the withdrawal information and the form as text.
"""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders import documents
from orders.plain_text import Section
from orders.receipts import foot_labels

Block = dict[str, Any]
Facts = dict[str, Any]
HEADINGS = {"h2": "h2", "h3": "h3", "h4": "h3"}
LISTS = {"ul", "ol"}
LINKS = ("https://", "http://", "mailto:", "tel:")


def pdf(context: Facts) -> bytes:
    """From the facts of orders.letters.confirmation_facts, in the current language."""
    return documents.pdf("terms", facts(context), at=datetime.fromisoformat(context["placed_at"]))


def title(context: Facts) -> str:
    alone = context["is_organisation"] or context.get("without_right")
    return _("Köpvillkor") if alone else _("Köpvillkor och ångerrätt")


def facts(context: Facts) -> Facts:
    version, number = context["terms_version"], context["number"]
    subtitle = _("Version %(version)s, för beställning %(number)s") % {"version": version, "number": number}
    return {
        "language": get_language() or "sv",
        "title": title(context),
        "subtitle": subtitle,
        "seller": context["seller"],
        "labels": foot_labels(),
        "terms": blocks_of_html(context["terms"]),
        "parts": [] if context["is_organisation"] else _parts(context),
    }


def _parts(context: Facts) -> list[Facts]:
    texts = [(_("Om ångerrätten"), context["withdrawal_info"]), (_("Ångerblankett"), context["model_form"])]
    return [{"heading": heading, "blocks": blocks_of_sections(text)} for heading, text in texts if text]


# --- Rich text ------------------------------------------------------------------------------------
def blocks_of_html(html: str) -> list[Block]:
    """Headings, paragraphs and lists of runs; other markup is read as its text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if block.get("runs") or block.get("items")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Block] = []
        self.bold = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LISTS:
            self.blocks.append({"kind": tag, "items": []})
        elif tag == "li":
            self._begin_item()
        elif tag in HEADINGS or tag == "p":
            self._begin({"kind": HEADINGS.get(tag, "p"), "runs": []})
        elif tag in {"b", "strong"}:
            self.bold += 1
        elif tag == "a":
            self.link = absolute(dict(attrs).get("href") or "")
        elif tag == "br":
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"b", "strong"}:
            self.bold = max(0, self.bold - 1)
        elif tag == "a":
            self.link = ""
        elif tag in LISTS:
            self.runs = []

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text:
            return
        if not self.blocks:
            self._begin({"kind": "p", "runs": []})
        self._add(" " * data[0].isspace() + text + " " * data[-1].isspace())

    def _begin(self, block: Block) -> None:
        self.blocks.append(block)
        self.runs = block["runs"]

    def _begin_item(self) -> None:
        if not self.blocks or "items" not in self.blocks[-1]:
            self.blocks.append({"kind": "ul", "items": []})
        self.runs = []
        self.blocks[-1]["items"].append(self.runs)

    def _add(self, text: str) -> None:
        self.runs.append(_run(text, bold=bool(self.bold), link=self.link))


def _run(text: str, *, bold: bool = False, link: str = "") -> Block:
    return {"text": text, "bold": bold, "link": link}


def absolute(address: str) -> str:
    """A link that works outside the site; empty for one that does not."""
    if address.startswith("/"):
        return settings.SITE_URL + address
    return address if address.startswith(LINKS) else ""


# --- Plain text -----------------------------------------------------------------------------------
def blocks_of_sections(sections: list[Section]) -> list[Block]:
    return [block for section in sections for block in _blocks_of_section(section)]


def _blocks_of_section(section: Section) -> list[Block]:
    """A heading, then lines as one paragraph and lines that begin with a dash as a list, in their order."""
    blocks: list[Block] = []
    if section["heading"]:
        blocks.append({"kind": "h3", "runs": [_run(section["heading"])]})
    for is_item, lines in groupby(section["lines"], key=lambda line: line.startswith("- ")):
        if is_item:
            blocks.append({"kind": "ul", "items": [[_run(line.removeprefix("- "))] for line in lines]})
        else:
            blocks.append({"kind": "p", "runs": [_run("\n".join(lines))]})
    return blocks
