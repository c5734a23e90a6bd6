"""kill -9 until it works again: till, office and broker of an open demo, one at a time.

Ready is what somebody in the market would call ready: a till that can sell, an office that answers
a command, a broker over which the till is online. A supervisor starts the dead one again, as
systemd does in the field; its pause (up to 0.2 s) counts. Beside it, in the same run, the bare
interpreter with the libraries that the till needs.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from backoffice.command_socket import call
from fixtures.places import Places
from fixtures.roll import pid_of
from fixtures.stall import Stall
from tests.journeys.open_market import OpenMarket, market_directory

KILLS = 30
GOAL_S = 3.0
LONGEST_S = 30.0
BETWEEN_S = 3.0
"""A program that dies again and again at once is started again later; that is not measured."""
BARE = "import msgspec, paho.mqtt.client, serial, sqlite3, textual.app"
SELLING = ("selling", "paid", "refused")

Ready = Callable[[], bool]


def run(*, quick: bool) -> int:
    """Prints the table; 1 when something was not ready again within the goal."""
    kills = KILLS // 10 if quick else KILLS
    with market_directory() as directory:
        market = OpenMarket(directory)
        market.open()
        stall = Stall(market.places)
        try:
            took = {
                name: _killed(market.places, name, ready, kills)
                for name, ready in _watched(market.places, stall).items()
            }
        finally:
            stall.close()
            market.close()
    bare = statistics.median(_bare_start() for _ in range(5))
    print(f"{'':<8}{'p50 s':>8}{'max s':>8}{'x bare start':>14}   ({kills} kills each)")
    for name, seconds in took.items():
        middle = statistics.median(seconds)
        print(f"{name:<8}{middle:>8.2f}{max(seconds):>8.2f}{middle / bare:>14.1f}")
    print(f"bare start {bare:.2f} s; goal: {GOAL_S:.0f} s")
    return int(any(max(seconds) > GOAL_S for seconds in took.values()))


def _watched(places: Places, stall: Stall) -> dict[str, Ready]:
    door = places.office / "office.sock"
    return {
        "till": lambda: stall.feed.view.get("stage") in SELLING,
        "office": lambda: _answers(door),
        "broker": lambda: stall.feed.view.get("links", {}).get("net") == "ok",
    }


def _answers(door: Path) -> bool:
    try:
        return call(door, "ping", {}) is not None
    except Exception:  # noqa: BLE001  whatever it is, it does not answer
        return False


def _killed(places: Places, name: str, ready: Ready, kills: int) -> list[float]:
    """Seconds from each kill until it is ready, in another process than before."""
    took = []
    for _ in range(kills):
        time.sleep(BETWEEN_S)
        old = pid_of(places, name)
        begun = time.perf_counter()
        os.kill(old, signal.SIGKILL)
        while pid_of(places, name) in (0, old) or not ready():
            if time.perf_counter() - begun > LONGEST_S:
                break
            time.sleep(0.005)
        took.append(time.perf_counter() - begun)
    return took


def _bare_start() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    return time.perf_counter() - begun
