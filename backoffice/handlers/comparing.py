"""COMPARE: which ranges of a scale's journal are not the same here; books nothing."""

from backoffice.handlers.desk import Desk
from backoffice.store.directory import TerminalRow
from broker.codec import Form, encode
from broker.compared import Compare, Compared, RangeHash, RangeHeld
from broker.messages import Answer, Code, Kind, Question
from broker.ranges import range_hash


def compare(
    desk: Desk, terminal: TerminalRow, question: Question, *, form: Form, now: int
) -> bytes:
    """The body of the answer."""
    asked = question.content
    assert isinstance(asked, Compare), "the codec gives a COMPARE its content"
    held = [_held(desk, terminal, asked.epoch, one) for one in asked.ranges]
    content = Compared([one for one in held if one is not None])
    answer = Answer(
        to=Kind.COMPARE, rid=question.rid, attempt=0, code=Code.OK, at=now, content=content
    )
    return encode(answer, form)


def _held(desk: Desk, terminal: TerminalRow, epoch: int, one: RangeHash) -> RangeHeld | None:
    bodies = desk.store.journal.bodies(terminal, epoch, first=one.first, last=one.last)
    if range_hash(bodies) == one.hash:
        return None
    return RangeHeld(one.first, one.last, len(bodies))
