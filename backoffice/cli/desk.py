"""What every command needs: settings, state folder, words, and a way to the books.

A change goes to the running server; without one the command takes the writer's lock and runs the
same function itself (decision 21).
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from backoffice.config import OfficeConfig, State
from backoffice.errors import Busy, Exit, OfficeError, OlderBooks
from backoffice.words import N_, Translate

WAIT_FOR_LOCK_S = 5.0


@dataclass(frozen=True, slots=True)
class Office:
    """The object that click hands to every command."""

    config: OfficeConfig
    state: State
    _: Translate
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What the books answered to each change of this run."""


def now_ms() -> int:
    """The clock on the wall, Unix milliseconds."""
    return time.time_ns() // 1_000_000


def say(text: str) -> None:
    """Talk, on stderr."""
    click.echo(text, err=True)


def give_json(value: Any) -> None:  # noqa: ANN401  whatever JSON can carry
    """Data, on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def change(office: Office, name: str, said: dict[str, Any]) -> dict[str, Any]:
    """Runs a changing command in the server, or here when there is no server.

    Raises:
        OfficeError: with a sentence; nothing was changed.
    """
    from backoffice.command_socket import call
    from backoffice.lock import WriterLock

    until = time.monotonic() + WAIT_FOR_LOCK_S
    while True:
        if office.state.socket.exists():
            result = call(office.state.socket, name, said)
            if result is not None:
                office.answers.append(result)
                return result
        try:
            with WriterLock(office.state.lock):
                office.answers.append(_here(office, name, said))
                return office.answers[-1]
        except Busy:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _here(office: Office, name: str, said: dict[str, Any]) -> dict[str, Any]:
    from backoffice.commands.table import run_command
    from backoffice.handlers.desk import Batch

    desk = open_desk(office)
    try:
        return run_command(desk, name, said, Batch(), now=now_ms())
    finally:
        desk.store.close()


def open_desk(office: Office, books: Path | None = None) -> Any:  # noqa: ANN401  a Desk; its module loads only when needed
    """The books for writing, with the office's secrets; the caller holds the lock."""
    from backoffice import secrets_file
    from backoffice.commands.member import scrub_second
    from backoffice.commands.table import keep_inside
    from backoffice.handlers.desk import Batch, Desk
    from backoffice.replay import replay
    from backoffice.second_journal import SecondJournal
    from backoffice.store import open_store

    judge = _Judge(office)
    second = SecondJournal(office.config.journal or office.state.operations)
    desk = Desk(
        store=open_store(books or office.state.books),
        mac_master=secrets_file.mac_master(office.state),
        signing_key=secrets_file.signing_key(office.state),
        new_token=secrets_file.random_token,
        judge_tac=judge,
        load_word=judge.word,
        carry=keep_inside,
        second=second,
    )
    # A restored backup first gets back what was done here since: serials of cards given out, too.
    replayed = replay(desk, Batch())
    for one, why in replayed.waiting:
        sentence = office._("{command} of the second journal waits: {why}.")
        say(sentence.format(command=one.command, why=why))
    if books is None or books == office.state.books:
        second.catch_up(desk.store.office.after(0))
        scrub_second(desk)  # a power cut between the books and the journal
    return desk


class _Judge:
    """Judges proofs of purses; the modules for card keys load with the first one."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._judge: Any = None

    def __call__(self, serial: bytes, told: Any) -> Any:  # noqa: ANN401  a PurseRecord, a Verdict
        return self._tac()(serial, told)

    def word(self, request: dict[str, Any], moment: bytes) -> bytes | None:
        """MAC2 for a load over the wire."""
        mac2: bytes | None = self._tac().word(request, moment)
        return mac2

    def _tac(self) -> Any:  # noqa: ANN401  a TacJudge; its module loads only when needed
        if self._judge is None:
            from backoffice import secrets_file
            from backoffice.tac import TacJudge

            state = self._office.state
            self._judge = TacJudge(
                state.token,
                lambda: secrets_file.token_pin(state),
                self._office.config.keyring_module,
            )
        return self._judge


def reading(office: Office, books: Path | None = None) -> Any:  # noqa: ANN401  a Store; its module loads only when needed
    """The books for reading only."""
    from backoffice.lock import WriterLock
    from backoffice.store import open_read_only, open_store

    path = books or office.state.books
    try:
        return open_read_only(path)
    except OlderBooks as older:
        try:
            with WriterLock(office.state.lock):
                open_store(path).close()
        except Busy:
            raise older from None
        return open_read_only(path)


def guarded(run: Callable[[], None], words: Callable[[], Translate]) -> int:
    """Runs the program and turns our errors into one sentence and an exit code."""
    try:
        run()
    except OfficeError as error:
        say(f"backoffice: {error.told(words())}")
        return int(error.exit_code)
    except KeyboardInterrupt:
        say(f"backoffice: {words()(N_('stopped.'))}")
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if os.environ.get("STEELYARD_TRACE"):
            raise
        what = f"{type(error).__name__}: {error}"
        said = words()(
            N_("a fault of this program ({what}); run it with STEELYARD_TRACE=1 to see.")
        )
        say(f"backoffice: {said.format(what=what)}")
        return int(Exit.UNAVAILABLE)
    return 0
