"""`scale-app doctor`: is everything there that this till needs? In words, or as data.

Every check is one function that returns a finding; none of them changes anything that lasts.
"""

import json
import queue
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata

from broker import messages as m
from broker.codec import decode, encode
from broker.errors import BadMessage
from broker.heads import fingerprint
from broker.seal import opened, sealed, split
from broker.topics import Channel, down, up
from scale_app import __version__
from scale_app.cli.exits import Exit
from scale_app.cli.lock import state_lock
from scale_app.config import NO_READER, ScaleTable, Settings
from scale_app.errors import BadSettings, JournalError, KeyDamaged, StateInUse
from scale_app.journal.signing_key import NAME as KEY_FILE
from scale_app.journal.signing_key import read_key
from scale_app.journal.store import Journal
from scale_app.journal.trail import Change, flat
from scale_app.terminal.clock import Clock
from scale_app.terminal.happened import Happened, LinkTurned, MessageCame
from scale_app.terminal.link import open_link
from scale_app.weighing import catalogue, legal
from scale_app.weighing.protocols.family import Profile
from scale_app.words import translator

WAIT_S = 6.0
LOW_DISK_MIB = 64
SKEW_WARN_S = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what, is it well, and a sentence."""

    check: str
    ok: bool
    text: str


def doctor(settings: Settings, *, as_json: bool) -> Exit:
    """Runs every check and prints what it found."""
    findings = list(examined(settings))
    if as_json:
        sys.stdout.write(json.dumps([asdict(f) for f in findings], ensure_ascii=False) + "\n")
    else:
        say = translator(settings.till.language)
        for finding in findings:
            word = say("ok") if finding.ok else say("FAULT")
            sys.stdout.write(f"{word:6} {finding.check:10} {finding.text}\n")
    return Exit.OK if all(f.ok for f in findings) else Exit.FAULTS


def examined(settings: Settings) -> Iterable[Finding]:
    """Every finding, in the order in which a fault would explain the next."""
    checks: tuple[Callable[[Settings], Iterable[Finding]], ...] = (
        _versions,
        _disk,
        _journal,
        _scale,
        _reader,
        _broker,
    )
    for check in checks:
        yield from check(settings)


def _versions(settings: Settings) -> Iterable[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    parts = [f"steelyard {__version__}", f"Python {python}", f"SQLite {sqlite3.sqlite_version}"]
    for package in ("textual", "paho-mqtt", "pyscard", "pyserial", "msgspec"):
        try:
            parts.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            parts.append(f"{package} missing")
    missing = any(part.endswith("missing") for part in parts)
    old = sys.version_info < (3, 11) or sqlite3.sqlite_version_info < (3, 37)
    yield Finding("versions", not (missing or old), ", ".join(parts))
    modules = len(legal.sources())
    text = f"software {legal.identification()}, of {modules} legally relevant modules"
    yield Finding("weighing", True, text)
    yield Finding("terminal", True, f"{settings.terminal} at {settings.host}:{settings.port}")


def _disk(settings: Settings) -> Iterable[Finding]:
    directory = settings.state_directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        free_mib = shutil.disk_usage(directory).free // 2**20
    except OSError as error:
        yield Finding("disk", ok=False, text=f"{directory}: {error.strerror}")
        return
    enough = free_mib >= LOW_DISK_MIB
    yield Finding("disk", enough, f"{free_mib} MiB free for {directory}")


def _journal(settings: Settings) -> Iterable[Finding]:
    file = settings.state_directory / "journal.db"
    if not file.exists():
        yield Finding("journal", ok=True, text="none yet; the first start makes it")
        return
    try:
        with state_lock(settings.state_directory):
            journal = Journal(file, settings.terminal, Clock().wall_ms())
            try:
                count, standing = journal.verify(), journal.standing()
                gone = journal.let_go.checkpoint(standing.epoch)
                trail = _trail(journal, settings)
                key = _signing_key(settings, journal.signatures.last())
            finally:
                journal.close()
    except StateInUse:
        yield Finding("journal", ok=True, text="in use by the running till")
        return
    except JournalError as error:
        yield Finding("journal", ok=False, text=str(error))
        return
    owed = standing.last_seq - standing.upto
    since = f" from entry {gone.seq + 1} on" if gone else ""
    text = f"{count} entries{since}, chain holds, epoch {standing.epoch}, {owed} not yet sent"
    yield Finding("journal", ok=True, text=text)
    yield key
    yield trail


def _signing_key(settings: Settings, signed: int) -> Finding:
    """Whether there is a key, by its fingerprint, and up to where the journal is signed with it."""
    try:
        key = read_key(settings.state_directory / KEY_FILE)
    except KeyDamaged as error:
        text = f"{error}; the next start makes a new key and the office is told"
        return Finding("signing", ok=False, text=text)
    if key is None:
        text = f"no {KEY_FILE}; the next start makes a new key"
        return Finding("signing", ok=signed == 0, text=text)
    text = f"key {fingerprint(key.public)}, the journal is signed up to entry {signed}"
    return Finding("signing", ok=True, text=text)


def _trail(journal: Journal, settings: Settings) -> Finding:
    """The counter of changed scale settings, the last change, and what the next start will note."""
    try:
        changes = journal.trail.changes()
    except JournalError as error:
        return Finding("settings", ok=False, text=str(error))
    now, text = flat(settings.weighing), f"scale settings changed {journal.trail.count()} times"
    if len(changes) > 1:
        when = datetime.fromtimestamp(changes[-1].at // 1000, tz=UTC)
        text += f", last at {when:%Y-%m-%d %H:%M:%S} UTC: {changes[-1].in_words()}"
    if changes and now != changes[-1].after:
        waiting = Change(len(changes), 0, changes[-1].after, now)
        text += f"; changed since the last start: {waiting.in_words()}"
    return Finding("settings", ok=True, text=text)


def _scale(settings: Settings) -> Iterable[Finding]:
    if settings.scale is None:
        yield Finding("scale", ok=True, text="none in the settings: piece goods only")
        return
    try:
        profile = catalogue.profile(settings.scale.protocol, settings.scale.options)
    except catalogue.BadProfile as error:
        yield Finding("scale", ok=False, text=str(error))
        return
    try:
        with state_lock(settings.state_directory):
            yield _heard(settings.scale, profile)
    except StateInUse:
        yield Finding("scale", ok=True, text="the running till reads it; see F9 there")


def _heard(scale: ScaleTable, profile: Profile) -> Finding:
    from scale_app.weighing.port import ScalePort  # noqa: PLC0415  brings pyserial

    heard = threading_queue()
    port = ScalePort(scale.port, profile, heard.put)
    port.start()
    try:
        weight = _first_weight(heard, WAIT_S / 2)
    finally:
        port.stop()
    counters = port.counters()
    where = f"{scale.port} ({scale.protocol})"
    if weight is None:
        text = f"{where}: no weight heard ({counters.noise_bytes} bytes of noise)"
        return Finding("scale", ok=False, text=text)
    return Finding("scale", ok=True, text=f"{where}: {weight} kg")


def threading_queue() -> "queue.SimpleQueue[object]":
    """A queue from one door's thread to this one."""
    return queue.SimpleQueue()


def _first_weight(heard: "queue.SimpleQueue[object]", wait_s: float) -> str | None:
    until = time.monotonic() + wait_s
    while (left := until - time.monotonic()) > 0:
        try:
            reading = heard.get(timeout=left)
        except queue.Empty:
            return None
        weight = getattr(reading, "weight", None)
        if weight is not None:
            return str(weight)
    return None


def _reader(settings: Settings) -> Iterable[Finding]:
    if settings.reader.name == NO_READER:
        yield Finding("reader", ok=True, text="none in the settings: cash only")
        return
    from card.errors import CardError  # noqa: PLC0415
    from card.keyring import open_keyring  # noqa: PLC0415  brings PKCS#11
    from card.pcsc import list_readers  # noqa: PLC0415  brings libpcsclite
    from scale_app.terminal.devices import KEY_RING_LABEL  # noqa: PLC0415

    try:
        names = [name for name in list_readers() if settings.reader.name in name]
    except CardError as error:
        names = []
        yield Finding("pcscd", ok=False, text=f"the card service does not answer ({error.code})")
    found = ", ".join(names) or f"no reader named {settings.reader.name!r}"
    yield Finding("reader", bool(names), found)
    enrolment = settings.enrolment
    try:
        pin = enrolment.token_pin()
        open_keyring(enrolment.token_directory, pin, label=KEY_RING_LABEL).close()
    except (CardError, OSError) as error:
        yield Finding("keys", ok=False, text=f"the key ring cannot be opened: {error}")
        return
    yield Finding("keys", ok=True, text="the key ring opens")


def _broker(settings: Settings) -> Iterable[Finding]:
    try:
        with state_lock(settings.state_directory):
            yield from _sign_on(settings)
    except StateInUse:
        yield Finding("broker", ok=True, text="the running till holds the connection; see F9 there")
    except BadSettings as error:
        yield Finding("broker", ok=False, text=f"not tried: {error}")


def _sign_on(settings: Settings) -> Iterable[Finding]:
    came: queue.SimpleQueue[Happened] = queue.SimpleQueue()
    address = f"{settings.host}:{settings.port}"
    try:
        link = open_link(settings, None, came.put)
    except (OSError, ValueError) as error:
        yield Finding("broker", ok=False, text=f"certificates cannot be used: {error}")
        return
    try:
        turned = _wait_for(came, lambda e: isinstance(e, LinkTurned))
        if not isinstance(turned, LinkTurned) or not turned.connected:
            why = turned.why if isinstance(turned, LinkTurned) else "no answer"
            yield Finding("broker", ok=False, text=f"{address}: {why}")
            return
        yield Finding("broker", ok=True, text=f"{address}: connected with TLS")
        time.sleep(0.2)  # The subscription stands before the answer comes.
        frame = _balance_of_nobody(settings)
        link.publish(up(settings.terminal, Channel.ASK), frame, 0)
        began = time.monotonic()
        answer = _wait_for(came, lambda e: _answer(settings, e, frame) is not None)
        yield from _answered(settings, answer, frame, time.monotonic() - began)
    finally:
        link.stop()


def _balance_of_nobody(settings: Settings) -> bytes:
    """A question that changes nothing; a sign-on here could move the journal's counters."""
    clock = Clock()
    question = m.Question(
        m.Kind.BALANCE, settings.terminal, clock.uid(), clock.wall_ms(), m.AskBalance(0)
    )
    return sealed(encode(question), settings.enrolment.mac_key)


def _wait_for(
    came: "queue.SimpleQueue[Happened]", wanted: Callable[[Happened], bool]
) -> Happened | None:
    until = time.monotonic() + WAIT_S
    while (left := until - time.monotonic()) > 0:
        try:
            event = came.get(timeout=left)
        except queue.Empty:
            return None
        if wanted(event):
            return event
    return None


def _answer(settings: Settings, event: Happened | None, frame: bytes) -> m.Answer | None:
    if not isinstance(event, MessageCame):
        return None
    if event.arrived.topic != down(settings.terminal, Channel.ANSWER):
        return None
    try:
        body, _ = opened(
            event.arrived.payload, [settings.enrolment.mac_key], covers=split(frame)[1]
        )
        message = decode(body)
    except BadMessage:
        return None
    return message if isinstance(message, m.Answer) else None


def _answered(
    settings: Settings, event: Happened | None, frame: bytes, took_s: float
) -> Iterable[Finding]:
    answer = _answer(settings, event, frame)
    if answer is None:
        yield Finding("office", ok=False, text="no answer that fits our key; is it running?")
        return
    suspended = answer.code == m.Code.SUSPENDED
    text = f"answers in {took_s * 1000:.0f} ms" + (", but has suspended us" if suspended else "")
    yield Finding("office", not suspended, text)
    skew_s = (Clock().wall_ms() - answer.at) // 1000
    yield Finding("clock", abs(skew_s) <= SKEW_WARN_S, f"{skew_s} s ahead of the back-office")
