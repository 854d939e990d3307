"""In which widths and schemes a page is looked at.

No rule gives a colour by width, and only the tokens know the scheme (test_accessible proves it, and
tests/unit/test_tokens.py measures them). So a page is looked at wide or narrow, light or dark, with
everything asked there; the full figures ask all four of every page.
"""

import zlib
from collections.abc import Sequence

View = tuple[int, str, dict[str, list[str]]]
# Only colours differ between the schemes (test_accessible proves it), so dark asks about them alone.
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
WIDE_AND_LIGHT: Sequence[View] = ((1280, "light", EVERYTHING), (390, "dark", COLOURS))
NARROW_AND_LIGHT: Sequence[View] = ((390, "light", EVERYTHING), (1280, "dark", COLOURS))
are_all = False


def of_page(address: str, *, comes_back: bool = False) -> Sequence[View]:
    """One of the four views, by the address; a form that comes back with faults in a light one."""
    if are_all:
        return (*WIDE_AND_LIGHT, *NARROW_AND_LIGHT)
    number = zlib.crc32(address.encode())
    (light, dark) = NARROW_AND_LIGHT if number % 2 else WIDE_AND_LIGHT
    width, scheme, _colours = light if comes_back or number // 2 % 2 else dark
    return ((width, scheme, EVERYTHING),)
