"""Words for people, in the language of the settings, through gettext; msgids are English."""

import gettext
from collections.abc import Callable
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """A function from an English phrase to the language's; a phrase without one stays English."""
    return gettext.translation("backoffice", CATALOGUES, [language], fallback=True).gettext
