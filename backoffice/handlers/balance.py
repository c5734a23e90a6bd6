"""BALANCE: what a card is worth; books nothing and may be asked freely.

The sum is told only to somebody who shows the card's token, so a number alone learns nothing.
"""

from backoffice.accounts import TokenVerdict, level_on, standing_code, state_on, token_verdict
from backoffice.handlers.desk import Desk
from backoffice.store.directory import TerminalRow
from broker.business_day import business_day
from broker.codec import Form, encode
from broker.messages import Answer, AskBalance, CardStanding, Code, Kind, Question


def balance(
    desk: Desk, terminal: TerminalRow, question: Question, *, form: Form, now: int
) -> bytes:
    """The body of the answer."""
    asked = question.content
    assert isinstance(asked, AskBalance), "the codec gives a BALANCE its content"
    card = desk.store.cards.get(terminal.org, asked.card)
    day = business_day(now, terminal.zone, terminal.cutoff_hour)
    code = standing_code(card, day)
    shown = None
    if card is not None and code is not Code.UNKNOWN_CARD:
        if token_verdict(card, asked.token_seq, asked.token) is TokenVerdict.WRONG:
            code = Code.TOKEN
        else:
            shown = card.balance
    content = CardStanding(
        state=int(state_on(card, day)),
        level=level_on(card, day),
        balance=shown,
        valid_to=card.valid_to if card else 0,
    )
    answer = Answer(
        to=Kind.BALANCE, rid=question.rid, attempt=0, code=code, at=now, content=content
    )
    return encode(answer, form)
