"""Words for people, in the language of the settings, through gettext; msgids are English."""

import gettext
from collections.abc import Callable
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"

Translate = Callable[[str], str]


def N_(text: str) -> str:  # noqa: N802  gettext's own name for it
    """Marks a phrase for the catalogues where it is written, to be translated where it is said."""
    return text


def translator(language: str) -> Translate:
    """A function from an English phrase to the language's; a phrase without one stays English."""
    return gettext.translation("backoffice", CATALOGUES, [language], fallback=True).gettext
