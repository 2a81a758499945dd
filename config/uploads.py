"""Who may send a file at all, and how much of it is kept. Django's own handlers store what is let through."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

from library.limits import MEGABYTE, allowed_bytes

# What the fields beside the file may weigh.
FORM_BYTES = MEGABYTE


class Doorkeeper(FileUploadHandler):
    """First of the upload handlers. Readers send no files: theirs are thrown away as they come.

    Of a body that is too large, nothing is kept either. The form meets an empty file that tells its true size, so
    that it is refused with a sentence in every view, and neither memory nor disk has held it. A body is weighed as one
    file: every form sends one at a time (Wagtail's for many, too), and what else a body holds is not known beforehand.
    """

    body_bytes = 0
    too_large = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.body_bytes = content_length

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if not may_upload(self.request):
            raise SkipFile
        self.too_large = self.body_bytes > allowed_bytes(str(self.file_name)) + FORM_BYTES
        if self.too_large:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """What is returned goes on to the next handler."""
        return None if self.too_large else raw_data

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if not self.too_large:
            return None
        return UploadedFile(
            BytesIO(), name=self.file_name, content_type=self.content_type, size=self.body_bytes
        )


def may_upload(request: Any) -> bool:
    """Whether somebody of the staff is logged in. The form's own view asks for the fitting permission."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.has_perm("wagtailadmin.access_admin")
