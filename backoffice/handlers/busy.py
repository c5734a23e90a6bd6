"""The answer to a question while the books cannot be written: try again."""

from backoffice.errors import StoreFault
from backoffice.handlers.desk import Desk, Incoming, Outgoing, seal_answer
from broker import messages as m
from broker.codec import decode, encode, form_of
from broker.errors import BrokerError
from broker.messages import Answer, Code, Entry, Question, Refused
from broker.seal import opened
from broker.topics import Channel, sender


def busy_answer(desk: Desk, asked: Incoming, now: int) -> Outgoing | None:
    """BUSY for a genuine question; None for anything else. Reads no more than it must."""
    whose = sender(asked.topic)
    if whose is None or whose[1] != Channel.ASK:
        return None
    try:
        terminal = desk.store.directory.terminal(whose[0])
        if terminal is None or terminal.key_number == 0:
            return None
        body, mac = opened(asked.payload, (desk.key(terminal),))
        message = decode(body)
        if isinstance(message, m.Batch):
            body = message.bodies[-1]
            message = decode(body)
    except (BrokerError, StoreFault):
        return None
    if isinstance(message, Entry):
        rid, attempt = message.op, message.attempt
    elif isinstance(message, Question):
        rid, attempt = message.rid, 0
    else:
        return None
    answer = Answer(
        to=message.kind, rid=rid, attempt=attempt, code=Code.BUSY, at=now,
        content=Refused("the office cannot write now"),
    )  # fmt: skip
    return seal_answer(desk, terminal, asked, body=encode(answer, form_of(body)), covers=mac)
