"""Every message code of the till as a sentence; the core knows codes, only the screen has words.

Parameters stand in braces and come with the message. A code without a sentence is shown as it is,
so that a forgotten one is seen and not lost; a test finds it first.
"""

from scale_app.view import Message
from scale_app.words import N_, Translate

SENTENCES: dict[str, str] = {
    "guard-delete-line": N_("Delete {name}? Enter = yes, Backspace = no"),
}


class _Shown(dict[str, str]):
    """Parameters of a message; one that is missing shows as its name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def sentence(message: Message, t: Translate) -> str:
    """The message in the language of `t`, parameters filled in."""
    template = SENTENCES.get(message.code)
    if template is None:
        return " ".join((message.code, *message.params.values()))
    return t(template).format_map(_Shown(message.params))
