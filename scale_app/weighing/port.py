"""The door to the scale: the only importer of pyserial; one reader thread.

Opens a path (`/dev/serial/by-id/..` survives re-plugging) or a URL (`socket://`, `rfc2217://`),
feeds the decoder, stamps readings and hands them to `on_reading` in the reader thread. A lost scale
is a reading, too: `disconnected` once when it goes, `stale` once when it falls silent.

Measured on pyserial 3.5: an unplugged line raises SerialException from `read`, plain OSError from
`in_waiting`, termios.error from flushes; changing `timeout` on an open 7E1 pty raises
termios.error, so it is never changed; closing under a reading thread kills it with TypeError, so
only the reader closes; `read_until` loses bytes on unplug, so bytes are kept in our own buffer.
"""

import errno
import logging
import random
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import serial

from scale_app.weighing.protocols.family import Line, Profile
from scale_app.weighing.reading import DAMAGE, Fault, Reading

TRAFFIC: Final = 5
"""Logging level of the bytes on the line, in hex; below DEBUG."""

READ_TIMEOUT_S: Final = 0.2
WRITE_TIMEOUT_S: Final = 1.0
HALF_FRAME_S: Final = 0.3
_LOOK_S: Final = 0.1
BACK_OFF_S: Final = (0.25, 0.5, 1.0, 2.0)
LOST_LINE: Final = (serial.SerialException, OSError, termios.error, ValueError)
"""All that pyserial raises when a line is missing, unplugged or does not take its settings."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counters:
    """What the port has met since it was started."""

    frames: int = 0
    bad_frame: int = 0
    bad_checksum: int = 0
    incomplete: int = 0
    noise_bytes: int = 0
    connects: int = 0
    reconnects: int = 0
    polls_unanswered: int = 0


def open_device(url: str, line: Line) -> Any:  # noqa: ANN401 -- one class per kind of URL
    """An open line, for this thread only; raises what `LOST_LINE` names.

    A pseudo-terminal (socat, a virtual machine) knows eight bits only and refuses others from the
    second opening on: it is opened with eight, and the decoders check and strip the parity.
    """
    try:
        return _opened(url, line)
    except termios.error as error:
        is_pty = str(Path(url).resolve()).startswith("/dev/pts/")
        if error.args[:1] != (errno.EINVAL,) or not is_pty:
            raise
        return _opened(url, replace(line, bits=8, parity="N"))


def _opened(url: str, line: Line) -> Any:  # noqa: ANN401 -- one class per kind of URL
    local = {} if "://" in url else {"exclusive": True}
    # pyserial's RFC 2217 client refuses a time limit for writing; the server's box has its own.
    limit = None if url.startswith("rfc2217://") else WRITE_TIMEOUT_S
    device = serial.serial_for_url(
        url,
        baudrate=line.baud,
        bytesize=line.bits,
        parity=line.parity,
        stopbits=line.stop,
        timeout=READ_TIMEOUT_S,
        write_timeout=limit,
        **local,
    )
    if local:
        # Bytes that waited for a reader are old; a fresh TCP connection has none.
        with suppress(*LOST_LINE):
            device.reset_input_buffer()
    return device


class ScalePort:
    """One scale on one line; `start` and `stop` once each."""

    def __init__(self, url: str, profile: Profile, on_reading: Callable[[Reading], None]) -> None:
        self._url = url
        self._profile = profile
        self._on_reading = on_reading
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scale-port", daemon=True)
        self._device: Any = None
        self._counters = Counters()
        self._seq = 0
        self._is_lost = False
        self._is_stale = False
        self._heard_at = 0.0

    def start(self) -> None:
        """Begin to read; returns at once, an absent scale is a `disconnected` reading."""
        self._thread.start()

    def stop(self) -> None:
        """End the reader and close the line; within a second, no reading comes afterwards."""
        self._stopping.set()
        # The reader may close the line at the same moment.
        with suppress(OSError, TypeError, AttributeError):
            self._device.cancel_read()
        if self._thread.is_alive():
            self._thread.join(timeout=READ_TIMEOUT_S + WRITE_TIMEOUT_S)

    def counters(self) -> Counters:
        """A snapshot of the counters, from any thread."""
        return self._counters

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            heard_before = self._counters.frames
            try:
                with open_device(self._url, self._profile.line) as device:
                    self._device = device
                    self._connected()
                    self._serve(device)
            except LOST_LINE as error:
                self._lost(error)
            self._device = None
            failures = 0 if self._counters.frames > heard_before else failures + 1
            self._pause(_pause_s(failures))

    def _pause(self, seconds: float) -> None:
        """Wait before the next try; a path that appears meanwhile is tried at once."""
        path = None if "://" in self._url else Path(self._url)
        was_there = path is None or path.exists()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping.wait(min(left, _LOOK_S)):
                return
            if path and not was_there and path.exists():
                return

    def _connected(self) -> None:
        _log.info("scale: %s is open at %s", self._url, self._profile.line.text())
        self._count(connects=1, reconnects=1 if self._is_lost else 0)
        self._is_lost = False
        self._is_stale = False
        self._heard_at = time.monotonic()

    def _lost(self, error: Exception) -> None:
        if self._is_lost or self._stopping.is_set():
            return
        self._is_lost = True
        _log.warning("scale: %s is not there: %s", self._url, error)
        self._give(Reading(fault=Fault.DISCONNECTED, note=type(error).__name__))

    def _serve(self, device: Any) -> None:  # noqa: ANN401
        """Read until stopped or the line fails."""
        session = _Session(self._profile)
        while not self._stopping.is_set():
            request = session.due(time.monotonic())
            if request:
                self._write(device, request)
            chunk = device.read(1)
            if chunk:
                chunk += device.read(device.in_waiting)
            self._take(device, session, chunk)

    def _take(self, device: Any, session: "_Session", chunk: bytes) -> None:  # noqa: ANN401
        now = time.monotonic()
        if chunk:
            _log.log(TRAFFIC, "R %s", chunk.hex(" "))
        noise = session.decoder.noise
        for reading in session.readings(chunk, now):
            self._hear(reading, now)
        owed = session.decoder.replies()
        if owed:
            self._write(device, owed)
        missed = session.missed()
        self._count(noise_bytes=session.decoder.noise - noise, polls_unanswered=missed)
        self._judge_age(now)

    def _write(self, device: Any, request: bytes) -> None:  # noqa: ANN401
        _log.log(TRAFFIC, "W %s", request.hex(" "))
        device.write(request)

    def _hear(self, reading: Reading, now: float) -> None:
        if reading.fault in DAMAGE:
            self._count(**{reading.fault.value: 1})
        else:
            self._count(frames=1)
            self._heard_at = now
            self._is_stale = False
        self._give(reading)

    def _judge_age(self, now: float) -> None:
        """Say once that the scale has fallen silent."""
        if not self._is_stale and now - self._heard_at > self._profile.fresh_s:
            self._is_stale = True
            _log.warning("scale: %s is silent", self._url)
            self._give(Reading(fault=Fault.STALE))

    def _give(self, reading: Reading) -> None:
        self._seq += 1
        if not self._stopping.is_set():
            self._on_reading(reading.stamped(time.monotonic(), self._seq))

    def _count(self, **more: int) -> None:
        if any(more.values()):
            old = self._counters
            self._counters = replace(
                old, **{name: getattr(old, name) + count for name, count in more.items()}
            )


class _Session:
    """One connection: decoder, half frame, and the one request in flight."""

    def __init__(self, profile: Profile) -> None:
        self.decoder = profile.decoder()
        self._family = profile.family
        self._poll = profile.poll
        byte_s = 10 / profile.line.baud
        self._patience_s = max(3 * byte_s * profile.family.longest, HALF_FRAME_S)
        self._byte_at = 0.0
        self._asked_at: float | None = None
        self._next_at = 0.0
        self._missed = 0

    def due(self, now: float) -> bytes:
        """The request to send now; nothing while one is in flight or too early."""
        if not self._poll:
            return b""
        if self._asked_at is not None:
            if now - self._asked_at < self._family.answer_s:
                return b""
            self._missed += 1
            self._asked_at = None
        if now < self._next_at:
            return b""
        self._asked_at = now
        self._next_at = now + self._family.poll_every_s
        return self._poll

    def readings(self, chunk: bytes, now: float) -> list[Reading]:
        """The readings of these bytes; a half frame that waits too long is given up."""
        if chunk:
            self._byte_at = now
            readings = self.decoder.feed(chunk)
        elif self.decoder.waiting and now - self._byte_at >= self._patience_s:
            readings = self.decoder.expire()
        else:
            return []
        if readings:
            self._asked_at = None
        return readings

    def missed(self) -> int:
        """Requests that got no answer since the last call."""
        missed, self._missed = self._missed, 0
        return missed


def _pause_s(failures: int) -> float:
    """Back-off before the next try, spread by a fifth so that tills do not march together."""
    step = BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1] if failures else BACK_OFF_S[0]
    return step * random.uniform(0.8, 1.2)  # noqa: S311 -- jitter, not a secret
