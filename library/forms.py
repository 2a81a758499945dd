"""Wagtail's forms for pictures and documents, with our upload fields. Every view that takes a file builds on these."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from library.fields import DocumentField, PictureField


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        put_in_place(self, PictureField)

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        """A new file's sizes are asked for after Wagtail has taken away the old file's."""
        return super().save(commit=commit)


class DocumentForm(BaseDocumentForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        put_in_place(self, DocumentField)

    def add_error(self, field: str | None, error: Any) -> None:
        """Wagtail's model asks for the ending of a file too, also of one that our field has refused and taken away."""
        if "file" in self.errors:
            getattr(error, "error_dict", {}).pop("file", None)
        super().add_error(field, error)


def put_in_place(form: Any, field: Any) -> None:
    """Let our field take Wagtail's place: Wagtail chooses it by the model's field, the form cannot name it.

    The form for many uploads has none once the file is stored.
    """
    if old := form.fields.get("file"):
        form.fields["file"] = field(label=old.label, required=old.required, widget=old.widget)
