"""`scale-app scale watch`: what the scale says, on one line that is written anew, until Ctrl-C."""

import argparse
import json
import queue
import sys
import time

from scale_app.cli.exits import Exit
from scale_app.cli.scale import settings_of
from scale_app.weighing import catalogue
from scale_app.weighing.port import Counters, ScalePort
from scale_app.weighing.raw_line import check
from scale_app.weighing.reading import Reading
from scale_app.weighing.report import fields

WIDTH = 78


def run(words: argparse.Namespace) -> Exit:
    """Shows readings as they come; with `--json` one object a line, with its time.

    Raises:
        BadProfile: unknown protocol, key or value.
        LineFault: no such port, or no permission; a scale that is lost later is a reading.
    """
    profile = catalogue.profile(words.protocol, settings_of(words.profile))
    check(words.port)
    heard: queue.SimpleQueue[Reading] = queue.SimpleQueue()
    port = ScalePort(words.port, profile, heard.put)
    began = time.monotonic()
    port.start()
    try:
        while words.seconds is None or time.monotonic() - began < words.seconds:
            try:
                reading = heard.get(timeout=0.2)
            except queue.Empty:
                continue
            _print(reading, began, port.counters(), as_json=words.json)
    finally:
        port.stop()
        if not words.json:
            sys.stdout.write("\n")
    return Exit.OK


def _print(reading: Reading, began: float, counters: Counters, *, as_json: bool) -> None:
    seconds = round(reading.t_mono - began, 3)
    if as_json:
        text = json.dumps({"t": seconds, **fields(reading)}, ensure_ascii=False) + "\n"
    elif sys.stdout.isatty():
        text = f"\r{_in_words(reading, counters):{WIDTH}.{WIDTH}}"
    else:
        text = _in_words(reading, counters) + "\n"
    sys.stdout.write(text)
    sys.stdout.flush()


def _in_words(reading: Reading, counters: Counters) -> str:
    """`  1.235 kg stable gross | 12 frames, 0 damaged`; dashes for a fault."""
    bad = counters.bad_frame + counters.bad_checksum + counters.incomplete
    tail = f"| {counters.frames} frames, {bad} damaged, {counters.noise_bytes} bytes of noise"
    if reading.fault is not None:
        return f"    ----- {reading.fault.value.replace('_', ' ')} {tail}"
    if reading.weight is None:
        return f"    ----- {reading.note} {tail}"
    settled = {True: "stable", False: "moving", None: ""}[reading.stable]
    mode = reading.mode.value if reading.mode.value != "unknown" else ""
    tare = "" if reading.tare is None else f"tare {reading.tare:f}"
    parts = [f"{reading.weight:>9f} {reading.unit}", settled, mode, tare, tail]
    return " ".join(part for part in parts if part)
