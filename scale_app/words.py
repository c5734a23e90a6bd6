"""Words for people: one function per language, from the gettext catalogues under `locale/`.

A msgid is the English sentence itself, so a missing catalogue leaves readable English. `N_` marks
a sentence where it stands in a table; it is looked up when it is shown.
"""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

DOMAIN = "scale_app"
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh_CN")

Translate = Callable[[str], str]


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "mark now, look up later"
    """The sentence itself; marks it for the catalogue."""
    return sentence


@cache
def translator(language: str) -> Translate:
    """The function that turns an English msgid into `language`; itself when unknown there."""
    found = gettext.translation(DOMAIN, str(LOCALE_DIR), languages=[language], fallback=True)
    return found.gettext
