"""Door: pypinyin, for the first letters of Chinese names.

Only its table of single characters is loaded, 13 MB and not 57 (measured); a character with several
readings gives several words, so that no phrase table is needed. Never on a scale.
"""

import itertools
import os

MOST_READINGS = 4


def initials(name: str) -> str:
    """First letters of a name, readings with a blank between: "长豆角" -> "cdj zdj ..."."""
    if name.isascii():
        return ""
    # pypinyin reads these when it is first imported.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415  13 MB that most runs do not need

    letters = [
        [one[:1].lower() for one in readings if one[:1].isalnum()]
        for piece in name
        for readings in pinyin(piece, style=Style.FIRST_LETTER, heteronym=True)
    ]
    every = itertools.product(*[dict.fromkeys(one) for one in letters if one])
    words = dict.fromkeys("".join(one) for one in itertools.islice(every, MOST_READINGS))
    return " ".join(word for word in words if word)
