"""The server: one thread, one loop, one writer.

Each turn takes what has arrived (at most 500 frames), books it in one transaction, and only when
that is on disk sends answers and receipts and acknowledges. There is no timer: the commit before is
the timer, so batches are small when it is quiet and large when it is not.
"""

import json
import math
import socket
import time
from collections.abc import Callable
from typing import Any

import structlog

from backoffice.alerts import Alert
from backoffice.anchors import DailyAnchor
from backoffice.beside import Beside
from backoffice.command_socket import Callers
from backoffice.commands.table import run_command
from backoffice.errors import Exit, OfficeError, StoreFault, UsageFault
from backoffice.events import alert_event, encoded, sale_event
from backoffice.handlers.busy import busy_answer
from backoffice.handlers.collecting import collect_by_timetable, watch_collecting
from backoffice.handlers.desk import Batch, Desk, Incoming, receipts
from backoffice.handlers.incoming import receive
from backoffice.handlers.standing import collect_due
from backoffice.handlers.watching import look_around
from backoffice.nightly import NightlyAudit
from backoffice.replay import replay
from backoffice.store import is_file_trouble
from backoffice.traffic import Traffic, month_of
from backoffice.words import N_
from broker.client import Arrived, Link
from broker.topics import ALERTS, SALES

MOST_IN_BATCH = 500
IDLE_S = 1.0
RETRY_AFTER_S = 1.0
MOST_HELD = 1000
REPLAY_EVERY_S = 5.0
LOOK_EVERY_S = 60.0
MOST_TOLD = 200

log = structlog.get_logger("steelyard.office")


class Server:
    """Joins link, books and command socket."""

    def __init__(
        self,
        desk: Desk,
        callers: Callers,
        clock: Callable[[], int],
        *,
        mono: Callable[[], float] = time.monotonic,
        anchor: DailyAnchor | None = None,
        audit: NightlyAudit | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._beside = beside or Beside()
        self._beside.begin(desk.store)
        self._is_up = False
        self._audit = audit
        self._anchor = anchor
        self._replay_at = 0.0
        self._look_at = 0.0
        self._alerts_told = desk.store.notes.last_alert()
        self._desk = desk
        self._callers = callers
        self._clock = clock
        self._mono = mono
        self._inbox: list[Arrived] = []
        self._traffic = Traffic()
        self._held_until = 0.0
        self._booked = 0
        self._owes_commands = False
        self._stopping = False
        self._link: Link | None = None

    def arrived(self, message: Arrived) -> None:
        """Callback of the link."""
        self._traffic.came(message.topic, len(message.payload))
        self._inbox.append(message)

    def link_changed(self, connected: bool, why: str) -> None:  # noqa: FBT001  the link's callback
        """Callback of the link."""
        self._is_up = connected
        log.info("link", connected=connected, why=why)

    def stop(self) -> None:
        """Ends the loop after the batch in hand."""
        self._stopping = True

    def run(self, link: Link) -> None:
        """Serves until `stop` is called."""
        self._link = link
        while not self._stopping:
            self.turn(link)
        if self._inbox:
            self._book(link)

    def turn(self, link: Link) -> None:
        """One turn of the loop."""
        holding = self._mono() < self._held_until
        wait = 0.1 if holding else 0.0 if self._inbox else IDLE_S
        ready = link.pump(wait, self._callers.sockets())
        if not holding:
            self._gather(link)
            if self._inbox:
                self._book(link)
            elif self._booked:
                # Nothing to do: the log is folded in now, and not inside a batch.
                self._desk.store.checkpoint()
                self._booked = 0
        self._serve_callers(link, ready)
        self._anchor_daily()
        self._replay_waiting(link)
        self._watch(link)
        self._beside.turned(len(self._inbox), is_up=self._is_up)

    def _audit_nightly(self) -> None:
        found = self._audit(self._clock()) if self._audit else None
        if found:
            self._desk.store.notes.alert(Alert.AUDIT_FINDINGS, self._clock(), detail=found)
        if found is not None:
            log.info("audited", found=found)

    def _watch(self, link: Link) -> None:
        """Looks for what did not come, and tells the broker of alerts that are on disk."""
        try:
            if self._mono() >= self._look_at:
                self._look_at = self._mono() + LOOK_EVERY_S
                self._look_around(link)
                self._take_due_prices(link)
            for row in self._desk.store.notes.alerts_after(self._alerts_told, MOST_TOLD):
                link.publish(ALERTS, encoded(alert_event(row)), 1)
                self._alerts_told = row[0]
            self._tell_sales(link)
            self._beside.look(self._desk.store, ticks=self._mono(), now=self._clock())
        except StoreFault as fault:
            log.error("not looked around", why=str(fault))  # noqa: TRY400  the disk, no fault of ours

    def _tell_sales(self, link: Link) -> None:
        """Counts what was booked, and tells the broker of it where that is wanted."""
        before, sales = self._beside.fresh_sales(self._desk.store), self._desk.store.sales
        if not self._beside.tells_sales:
            return
        for parts in sales.after(before, MOST_IN_BATCH * 4):
            link.publish(SALES, encoded(sale_event(*parts)), 1)

    def _send(self, link: Link, batch: Batch) -> None:
        """Frames of what is on disk now."""
        for frame in batch.frames:
            self._traffic.went(frame.topic, len(frame.payload))
            link.publish(frame.topic, frame.payload, frame.qos)

    def _look_around(self, link: Link) -> None:
        batch, now = Batch(), self._clock()
        with self._desk.store.transaction():
            look_around(self._desk, now)
            watch_collecting(self._desk, now)
            asked = collect_by_timetable(self._desk, batch, now, minutes=self._beside.collect_at)
            collect_due(self._desk, batch, now)
            self._beside.watch_backups(self._desk, now)
            self._audit_nightly()
            self._desk.store.traffic.add(month_of(now), self._traffic.take())
        self._keep_commands(batch)
        if asked:
            log.info("collecting", terminals=asked)
        self._send(link, batch)

    def _keep_commands(self, batch: Batch) -> None:
        """Commands that were carried out on the way stand in the second journal, too.

        Until they do, nothing of the batch is answered; what is asked again finds it booked.
        """
        self._owes_commands |= batch.has_commands
        if self._owes_commands and self._desk.second is not None:
            self._desk.second.catch_up(self._desk.store.office.after(self._desk.second.told))
        self._owes_commands = False

    def _take_due_prices(self, link: Link) -> None:
        """Changes of prices whose time has come; looked for every minute."""
        due = self._desk.store.products.waiting()
        if not due or due[0].due_at > self._clock():
            return
        batch = Batch()
        try:
            done = run_command(self._desk, "product.due", {}, batch, now=self._clock())
        except OfficeError as fault:
            log.error("prices not taken", why=str(fault))  # noqa: TRY400  told in a sentence
            return
        finally:
            self._desk.forget()
        log.info("prices taken", taken=done["taken"], failed=done["failed"])
        self._send(link, batch)

    def _replay_waiting(self, link: Link) -> None:
        """Commands of before a restore that wait for the sales that came before them."""
        if self._mono() < self._replay_at:
            return
        batch = Batch()
        try:
            told = replay(self._desk, batch)
        except StoreFault as fault:
            log.error("not replayed", why=str(fault))  # noqa: TRY400  the disk, no fault of ours
            self._replay_at = self._mono() + REPLAY_EVERY_S
            return
        self._send(link, batch)
        if told.done or told.waiting:
            log.info("replayed", done=told.done, waiting=len(told.waiting))
        self._replay_at = self._mono() + REPLAY_EVERY_S if told.waiting else math.inf

    def _anchor_daily(self) -> None:
        if self._anchor is None:
            return
        seals = self._desk.store.seals
        try:
            if self._anchor(self._clock(), lambda: (seals.last().id, seals.last().hash)):
                log.info("anchored", seal=seals.last().id)
        except StoreFault as fault:
            log.error("anchor not written", why=str(fault))  # noqa: TRY400  the disk, no fault of ours

    def _gather(self, link: Link) -> None:
        while 0 < len(self._inbox) < MOST_IN_BATCH:
            before = len(self._inbox)
            link.pump(0)
            if len(self._inbox) == before:
                return

    def _book(self, link: Link) -> None:
        arrived, self._inbox = self._inbox[:MOST_IN_BATCH], self._inbox[MOST_IN_BATCH:]
        batch, now, began = Batch(), self._clock(), self._mono()
        try:
            with self._desk.store.transaction():
                for one in arrived:
                    self._one(one, batch, now)
                told = receipts(self._desk, batch)
            self._keep_commands(batch)
        except StoreFault as fault:
            self._hold(link, arrived, fault)
            return
        self._booked += len(arrived)
        self._beside.booked(self._mono() - began)
        for frame in (*batch.frames, *told):
            self._traffic.went(frame.topic, len(frame.payload))
            link.publish(frame.topic, frame.payload, frame.qos, correlation=frame.correlation)
        for one in arrived:
            link.acknowledge(one)

    def _one(self, one: Arrived, batch: Batch, now: int) -> None:
        """Books one frame; a frame that breaks its handler is set aside and the rest go on."""
        asked = Incoming(one.topic, one.payload, one.reply_to, one.correlation)
        frames = len(batch.frames)
        try:
            with self._desk.store.savepoint():
                receive(self._desk, asked, batch, now)
        except StoreFault:
            raise
        except Exception as error:
            if is_file_trouble(error):
                raise
            del batch.frames[frames:]
            log.exception("handler failed", topic=one.topic, length=len(one.payload))
            self._set_aside(asked, error, now)

    def _set_aside(self, asked: Incoming, error: Exception, now: int) -> None:
        detail = f"{type(error).__name__}: {error}"
        self._desk.store.notes.quarantine(
            asked.payload, now, topic=asked.topic, reason="broken-handler", detail=detail
        )
        self._desk.store.notes.alert(Alert.BROKEN_HANDLER, now, detail=detail)

    def _hold(self, link: Link, arrived: list[Arrived], fault: StoreFault) -> None:
        """The books cannot be written: nothing is acknowledged, questions are told to wait."""
        log.error("books not written", why=str(fault), frames=len(arrived))
        now = self._clock()
        for one in arrived:
            asked = Incoming(one.topic, one.payload, one.reply_to, one.correlation)
            frame = busy_answer(self._desk, asked, now)
            if frame is not None:
                self._traffic.went(frame.topic, len(frame.payload))
                link.publish(frame.topic, frame.payload, 0, correlation=frame.correlation)
        kept = [one for one in arrived if one.qos > 0]
        self._inbox = (kept + self._inbox)[:MOST_HELD]
        self._held_until = self._mono() + RETRY_AFTER_S

    def _serve_callers(self, link: Link, ready: list[socket.socket]) -> None:
        for caller, line in self._callers.ready(ready):
            batch = Batch()
            self._callers.answer(caller, self._command(line, batch))
            self._send(link, batch)

    def _command(self, line: bytes, batch: Batch) -> dict[str, Any]:
        try:
            name, said = parse_request(line)
            result = run_command(self._desk, name, said, batch, now=self._clock())
        except OfficeError as error:
            self._desk.forget()
            return {
                "ok": False, "error": str(error), "exit": int(error.exit_code),
                "sentence": error.sentence, "params": error.params,
            }  # fmt: skip
        except Exception:
            self._desk.forget()
            log.exception("command failed")
            text = N_("The command failed inside the server; its log says where.")
            return {"ok": False, "error": text, "exit": int(Exit.UNAVAILABLE)}
        self._desk.forget()
        log.info("command", name=name)
        return {"ok": True, "result": result}


def parse_request(line: bytes) -> tuple[str, dict[str, Any]]:
    """Name and arguments in one line from the socket.

    Raises:
        UsageFault: not such a line.
    """
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageFault("The request is not a line of JSON.") from error
    if not isinstance(request, dict) or not isinstance(request.get("with", {}), dict):
        raise UsageFault('The request is not {"do": ..., "with": {...}}.')
    return str(request.get("do")), request.get("with", {})
