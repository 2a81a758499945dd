"""Files that are damaged in a thousand ways: each is refused by a word of ours, or drawn."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from PIL import Image

from library import decoding
from tests.library import files

OURS = (decoding.WrongFormat, decoding.TooManyPixels, decoding.Moving, decoding.Damaged)
TIMES = 400


def damaged(whole: bytes, dice: random.Random) -> bytes:
    """A few bytes of its first kilobyte are others: that is where the head and EXIF stand."""
    broken = bytearray(whole)
    for _byte in range(dice.randint(1, 6)):
        broken[dice.randrange(2, min(len(broken), 1024))] = dice.randrange(256)
    return bytes(broken)


# Pillow warns of EXIF that is cut off.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "avif"])
def test_whatever_is_wrong_with_a_picture_nobody_meets_a_fault(ending):
    dice = random.Random(ending)
    whole = files.with_place(decoding.FORMATS[ending], size=(64, 48))
    fates = {fate(damaged(whole, dice), ending) for _time in range(TIMES)}
    assert fates == {"drawn", "refused"}


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (1, 6000), (5119, 40)])
@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_picture_of_any_shape_is_drawn(ending, size):
    assert fate(files.picture(decoding.FORMATS[ending], size), ending) == "drawn"


def test_a_picture_that_could_not_be_drawn_later_is_refused_now():
    assert fate(files.overlong_palette(), "png") == "refused"


def test_a_picture_whose_camera_notes_are_broken_is_drawn_without_them_and_upright():
    """North is told as a number, which Pillow reads and cannot write."""
    whole = files.with_place()
    broken = whole.replace(b"\0\1\0\2\0\0\0\2N", b"\0\1\0\3\0\0\0\2N")
    assert broken != whole
    assert fate(broken, "jpg") == "drawn"
    with Image.open(BytesIO(decoding.master(BytesIO(broken)))) as drawn:
        assert drawn.height > drawn.width


def test_of_a_telephones_picture_the_first_is_drawn():
    whole = files.from_telephone()
    assert fate(whole, "jpg") == "drawn"
    with Image.open(BytesIO(decoding.master(BytesIO(whole)))) as drawn:
        assert drawn.size == (700, 525)


def fate(broken: bytes, ending: str) -> str:
    try:
        decoding.check(BytesIO(broken), ending)
    except OURS:
        return "refused"
    try:
        decoding.size(BytesIO(broken))
        decoding.master(BytesIO(broken))
    except OSError:
        return "unreadable"
    return "drawn"
