"""Whoever writes for the first time finds an explanation, with an example, at every field of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from wagtail.admin.panels import get_edit_handler
from wagtail.blocks import (
    Block,
    CharBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
    URLBlock,
)
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

OURS = {"cms", "shop", "orders", "library", "notifications"}
EXAMPLE = re.compile(r"till exempel|t\.ex\.|\{\{", re.IGNORECASE)
FREE_TEXT = (models.CharField, models.TextField, RichTextField)
FREE_TEXT_BLOCKS = (CharBlock, TextBlock, RichTextBlock, URLBlock)


def is_ours(model: Any) -> bool:
    return model._meta.app_label in OURS


PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, Page) and is_ours(model)]
FORMS = [*PAGE_TYPES, *filter(is_ours, get_snippet_models()), *filter(is_ours, settings_registry)]


def fields_of_forms(model: Any) -> Iterator[tuple[str, Any, str]]:
    """(name, the model's field, the help as the form shows it) of the form and of the tables within it."""
    form = get_edit_handler(model).get_form_class()
    for owner, fields in [(model, form.base_fields), *tables(form)]:
        stored = {field.name: field for field in owner._meta.get_fields() if is_ours(field.model)}
        for name in stored.keys() & fields.keys():
            yield f"{owner.__name__}.{name}", stored[name], str(fields[name].help_text)


def tables(form: Any) -> list[tuple[Any, dict[str, Any]]]:
    found = []
    for table in getattr(form, "formsets", {}).values():
        shown = {name: field for name, field in table.form.base_fields.items() if name != "id"}
        found.append((table.model, shown))
    return [(model, fields) for model, fields in found if is_ours(model)]


def is_free_text(field: Any) -> bool:
    return isinstance(field, FREE_TEXT) and not isinstance(field, StreamField) and not field.choices


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_every_field_says_what_to_write_and_free_text_shows_an_example(model):
    bare = [name for name, _field, told in fields_of_forms(model) if not told]
    without_example = [
        name
        for name, field, told in fields_of_forms(model)
        if is_free_text(field) and not EXAMPLE.search(told)
    ]
    assert (bare, without_example) == ([], [])


def blocks_within(block: Block, name: str) -> Iterator[tuple[str, Block]]:
    """Every field that an editor fills in, by its place: `body.picture.caption`."""
    if isinstance(block, ImageBlock):
        assert block.child_blocks["image"].label == "Bild"
        return  # its own fields are Wagtail's
    if isinstance(block, (StreamBlock, StructBlock)):
        for child_name, child in block.child_blocks.items():
            if isinstance(block, StructBlock):
                yield f"{name}.{child_name}", child
            yield from blocks_within(child, f"{name}.{child_name}")
    elif isinstance(block, ListBlock):
        yield from blocks_within(block.child_block, name)


def own_blocks() -> dict[str, Block]:
    return {
        place: block
        for model in FORMS
        for field in model._meta.local_fields
        if isinstance(field, StreamField)
        for place, block in blocks_within(field.stream_block, f"{model.__name__}.{field.name}")
    }


def help_of(block: Block) -> str:
    """A field's help lies in its form field, a list's among its own options."""
    field = getattr(block, "field", None)
    return str(field.help_text if field is not None else getattr(block.meta, "help_text", ""))


def test_every_field_of_a_block_says_what_to_write_and_free_text_shows_an_example():
    blocks = own_blocks()
    told = {place: help_of(block) for place, block in blocks.items()}
    free = [place for place, block in blocks.items() if isinstance(block, FREE_TEXT_BLOCKS)]
    assert [place for place in blocks if not told[place]] == []
    assert [place for place in free if not EXAMPLE.search(told[place])] == []


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_every_page_type_tells_what_it_is_for(model):
    assert model.page_description


@pytest.mark.parametrize("model", FORMS, ids=lambda model: model.__name__)
def test_every_kind_of_thing_is_named_in_swedish_also_in_the_plural(model):
    """Where a plural is not given, Django makes an English one with an s."""
    name, plural = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    assert name.replace(" ", "") != model.__name__.lower()
    assert plural != f"{name}s"
