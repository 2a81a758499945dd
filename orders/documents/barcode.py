"""Code 128 (ISO/IEC 15417), set B: what a scanner types when it reads an order's number."""

from __future__ import annotations

# Each sign as the widths of three bars and three spaces, in modules; the place in the list is its value.
_TABLE = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232
"""
WIDTHS = _TABLE.split()
START_B, MODULUS, FIRST_SIGN = 104, 103, 32
STOP = "2331112"


def code128(text: str) -> list[int]:
    """The widths of bars and spaces by turns, in modules, without the quiet zones.

    Raises ValueError for a sign outside printable ASCII.
    """
    values = [START_B, *(_value(sign) for sign in text)]
    check = (START_B + sum(place * value for place, value in enumerate(values))) % MODULUS
    drawn = "".join(WIDTHS[value] for value in [*values, check]) + STOP
    return [int(width) for width in drawn]


def _value(sign: str) -> int:
    if not " " <= sign <= "~":
        raise ValueError(f"no such sign in Code 128 B: {sign!r}")
    return ord(sign) - FIRST_SIGN
