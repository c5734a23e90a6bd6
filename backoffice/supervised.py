"""Door: the supervisor that started us (systemd), told over its socket that we live.

sd_notify by hand: one datagram of `NAME=value` lines to $NOTIFY_SOCKET (systemd's sd_notify(3)). A
loop that no longer turns no longer says WATCHDOG=1, and is restarted after WatchdogSec. Without a
supervisor nothing is said to nobody.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Mapping


class Supervised:
    """Says READY once, WATCHDOG twice in each interval, STATUS with it."""

    def __init__(self, address: str, interval_s: float, ticks: Callable[[], float]) -> None:
        """`interval_s` 0 = nobody waits for a sign of life."""
        self._address = address
        self._every_s, self._ticks = interval_s / 2, ticks
        self._next = 0.0
        self._status = ""

    def ready(self) -> None:
        """We serve from now on."""
        self._say(f"READY=1\nMAINPID={os.getpid()}")

    def alive(self, status: str = "") -> None:
        """The loop has turned; `status` is shown by `systemctl status`."""
        if not self._address:
            return
        if self._every_s and self._ticks() >= self._next:
            self._next = self._ticks() + self._every_s
            self._say("WATCHDOG=1")
        if status and status != self._status:
            self._status = status
            self._say(f"STATUS={status}")

    def stopping(self) -> None:
        """We were told to stop and finish what is in hand."""
        self._say("STOPPING=1")

    def _say(self, text: str) -> None:
        if not self._address:
            return
        name = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        # A supervisor that is gone is no reason to stop serving.
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line,
        ):
            line.sendto(text.encode(), name)


def supervised_by(environment: Mapping[str, str], ticks: Callable[[], float]) -> Supervised:
    """What the environment says of a supervisor; its words are meant for this process alone."""
    address = environment.get("NOTIFY_SOCKET", "")
    micros = environment.get("WATCHDOG_USEC", "")
    is_for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    interval_s = int(micros) / 1_000_000 if micros.isdecimal() and is_for_us else 0.0
    return Supervised(address, interval_s, ticks)
