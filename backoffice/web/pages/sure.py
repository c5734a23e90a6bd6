"""Asking again before money moves or somebody is locked out.

The first post of a form shows what it would do; only the second, with the same fields and `sure`,
does it. Where the password was typed too long ago it is asked for, too.
"""

from starlette.responses import Response

from backoffice.errors import Refused
from backoffice.web.pages.sign_in import prove
from backoffice.web.visit import Visit

_OURS = frozenset({"csrf", "sure", "password"})


def is_sure(visit: Visit, question: str, back: str) -> Response | None:
    """None when the person has said yes; else the page that asks.

    Args:
        visit: of a posted form.
        question: what would be done, a whole sentence.
        back: the page to go to when the answer is no.
    """
    sentence = ""
    if visit.said("sure") == "1":
        if visit.mine.has_proved(visit.site.ticks()):
            return None
        try:
            prove(visit)
        except Refused as refused:
            sentence = refused.told(visit._)
        else:
            return None
    fields = [(name, visit.said(name, 500)) for name in visit.form if name not in _OURS]
    return visit.show(
        "sure.html", 409 if sentence else 200, question=question, back=back, fields=fields,
        sentence=sentence, ask_password=not visit.mine.has_proved(visit.site.ticks()),
    )  # fmt: skip
