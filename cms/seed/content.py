"""Reads the texts, and turns them into what the pages hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "content"

_TABLE = re.compile(r'<table class="tbl">.*?</table>', re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)


def read(name: str) -> dict[str, Any]:
    """One file of content/, without its ending. Wagtail's editor stops at a <br> that is not closed."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text.replace("<br>", "<br/>"))


def names(folder: str) -> list[str]:
    return sorted(f"{folder}/{path.stem}" for path in (FOLDER / folder).glob("*.toml"))


def body(blocks: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """[[body]] as StreamField blocks; a table inside a text becomes a block of its own."""
    found: list[tuple[str, Any]] = []
    for block in blocks:
        if block["type"] == "pull":
            found.append(("pull", {"quote": block["quote"]}))
        else:
            found += _text_and_tables(block["html"])
    return found


def _text_and_tables(html: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    place = 0
    for match in _TABLE.finditer(html):
        found += [("text", html[place : match.start()].strip()), ("table", _table(match[0]))]
        place = match.end()
    found.append(("text", html[place:].strip()))
    return [(kind, value) for kind, value in found if value]


def _table(html: str) -> dict[str, Any]:
    caption = _CAPTION.search(html)
    return {
        "caption": caption[1] if caption else "",
        "rows": [_CELL.findall(row) for row in _ROW.findall(html)],
    }


def facts(rows: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [
        (
            "fact",
            {
                "label": row["label"],
                "value": row["value"],
                "note": row.get("note", ""),
                "big": "big" if row.get("big") else "",
            },
        )
        for row in rows
    ]


def interview(blocks: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [
        ("pull", {"quote": block["quote"]})
        if block["type"] == "pull"
        else ("question", {"question": block["question"], "answer": block["answer"]})
        for block in blocks
    ]


def spread(pages: dict[str, Any] | None) -> dict[str, Any]:
    """[spread] as the page's fields."""
    if pages is None:
        return {}
    return {
        "spread_title": pages["title"],
        "spread_left_title": pages["left"]["title"],
        "spread_left": pages["left"]["html"].strip(),
        "spread_right_title": pages["right"]["title"],
        "spread_right": pages["right"]["html"].strip(),
        "spread_folio": pages["left"]["folio"],
    }


def exercise(text: dict[str, Any] | None) -> dict[str, Any]:
    """[exercise] as the part's fields."""
    if text is None:
        return {}
    return {"exercise": text["text"].strip(), "exercise_hint": f"<p>{text['hint'].strip()}</p>"}


def terms(page: dict[str, Any], letter: dict[str, Any]) -> dict[str, str]:
    """The terms' page and the texts that go with a confirmation, as the fields of shop.Terms."""
    return {
        "body": "".join(block["html"].strip() for block in page["body"]),
        "withdrawal_info": letter["withdrawal_info"].strip(),
        "model_form": letter["model_form"].strip(),
    }
