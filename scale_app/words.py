"""Words for people: one function per language, from the gettext catalogues under `locale/`.

A msgid is the English sentence itself, so a missing catalogue leaves readable English.
"""

import gettext
from collections.abc import Callable
from pathlib import Path

DOMAIN = "scale_app"
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh_CN")


def translator(language: str) -> Callable[[str], str]:
    """The function that turns an English msgid into `language`; itself when unknown there."""
    found = gettext.translation(DOMAIN, str(LOCALE_DIR), languages=[language], fallback=True)
    return found.gettext
