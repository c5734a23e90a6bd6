"""What can go wrong in the agreement between a scale and the back-office.

    BrokerError
    +-- NotConnected      the link to the broker is down
    +-- ReplyTimedOut     asked, and no answer came within the time agreed
    +-- BadMessage        bytes that are no message of ours (code says in which way)
    |   +-- BadSeal       the trailer does not fit the bytes
    |   +-- UnknownVersion  a major version this program does not speak
    +-- SumMismatch       a sale whose lines, rounding and tenders do not agree
    +-- TooLarge          a number outside what the agreement carries

Each error has a `code` (a word, stable) and plain parameters; sentences for people belong to the
two programs.
"""


class BrokerError(Exception):
    """Root of this tree; `code` is a stable word."""

    code = "broker"


class NotConnected(BrokerError):
    """Nothing can be sent now; what is in the outbox stays there."""

    code = "not-connected"


class ReplyTimedOut(BrokerError):
    """No answer in time; the outcome at the other side is unknown."""

    code = "reply-timed-out"


class BadMessage(BrokerError):
    """Bytes that cannot be read as a message; `code` tells how."""

    code = "malformed"


class BadSeal(BadMessage):
    """The MAC trailer is missing or does not fit the bytes before it."""

    code = "bad-seal"


class UnknownVersion(BadMessage):
    """A major version this program does not speak; the message is kept, not dropped."""

    code = "unknown-version"

    def __init__(self, version: object) -> None:
        super().__init__(f"message version {version!r} is not 1")
        self.version = version


class SumMismatch(BrokerError):
    """Lines, rounding and tenders of a sale do not add up."""

    code = "sum-mismatch"


class TooLarge(BrokerError):
    """A number outside the range that the agreement carries (signed 64 bit)."""

    code = "too-large"
