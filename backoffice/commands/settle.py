"""Commands about what a person should look at: an alert is seen, a quarantined message settled.

Nothing is deleted by that: who looked at it, when and why stands beside it for ever.
"""

from typing import Any

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk, Incoming, receipts
from backoffice.handlers.incoming import receive


def _who(said: dict[str, Any]) -> dict[str, str]:
    person, reason = str(said.get("by", ""))[:80], str(said.get("reason", ""))[:300]
    if not person or not reason:
        raise UsageFault("Say who does this and why: --by NAME --reason TEXT.")
    return {"person": person, "reason": reason}


def alert_settle(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """A person has looked at an alert; seen once is seen."""
    number = int(said["id"])
    if not desk.store.notes.has_alert(number):
        raise Refused("There is no alert {id}.", id=number)
    if not desk.store.notes.settle("alert", number, now, word="seen", **_who(said)):
        raise Refused("Somebody has settled {id} already.", id=number)
    return {"id": number}


def quarantine_settle(desk: Desk, said: dict[str, Any], _batch: Batch, now: int) -> dict[str, Any]:
    """A person says why a quarantined message needs nothing more; it stays where it is."""
    number = int(said["id"])
    _quarantined(desk, number)
    _settled(desk, number, said, word="settled", now=now)
    return {"id": number}


def quarantine_retry(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> dict[str, Any]:
    """Receives a quarantined message once more; refused again, everything stays as it was."""
    number = int(said["id"])
    topic, length, payload = _quarantined(desk, number)
    if len(payload) < length:
        raise Refused("Of message {id} only a part was kept; it cannot be tried again.", id=number)
    before = desk.store.notes.counters()
    receive(desk, Incoming(topic, payload), batch, now)
    batch.frames += receipts(desk, batch)
    after = desk.store.notes.counters()
    if any(after[word] != before.get(word) for word in after if word.startswith("quarantine.")):
        raise Refused("Message {id} is refused again; settle it with a reason.", id=number)
    _settled(desk, number, said, word="retried", now=now)
    return {"id": number}


def _quarantined(desk: Desk, number: int) -> tuple[str, int, bytes]:
    row = desk.store.notes.quarantined_one(number)
    if row is None:
        raise Refused("There is no message {id} in the quarantine.", id=number)
    return row[2], row[5], row[6]


def _settled(desk: Desk, number: int, said: dict[str, Any], *, word: str, now: int) -> None:
    if not desk.store.notes.settle("quarantine", number, now, word=word, **_who(said)):
        raise Refused("Somebody has settled {id} already.", id=number)
