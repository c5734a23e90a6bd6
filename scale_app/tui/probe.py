"""The terminal under the screen: is it one, is it still there, how wide are its box characters.

Box characters have "ambiguous" width: terminals set to CJK-wide draw them two cells wide and the
big digits would fall apart (textualize/rich issues 4197, 4199). One is printed, the cursor's place
is asked for (ECMA-48 DSR 6) and the line wiped. No answer in time means the plain font.
"""

import os
import re
import select
import sys
import termios
import tty

from textual.app import App

from scale_app.errors import NoTerminal
from scale_app.tui.glyphs import ASCII, LINE, Font
from scale_app.words import N_, translator

ANSWER_TIMEOUT_S = 0.15
HANG_UP_LOOK_S = 0.5
_ASK = "\r┏\x1b[6n"
_PLACE = re.compile(rb"\x1b\[\d+;(\d+)R")


def needs_terminal(language: str) -> None:
    """Stops before a screen is drawn into a file or pipe; Textual draws on standard error.

    Raises:
        NoTerminal: standard input or standard error is not a terminal.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        t = translator(language)
        raise NoTerminal(t(N_("The screen needs a terminal: start it in a window, not in a pipe.")))


def leave_with_terminal(app: App[None]) -> None:
    """Ends `app` when its terminal goes away, also where no hang-up signal comes.

    Without this Textual 8.2 reads the end of the file for ever, at 80 % of a core, and the till
    keeps its state directory locked (tried with a closed pseudo-terminal).
    """
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        return
    keyboard = select.poll()
    keyboard.register(sys.__stdin__.fileno(), 0)
    app.set_interval(HANG_UP_LOOK_S, lambda: app.exit() if keyboard.poll(0) else None)


def font_of_terminal() -> Font:
    """LINE when box characters are one cell wide, else ASCII; touches the terminal briefly."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return LINE
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        sys.stdout.write(_ASK)
        sys.stdout.flush()
        answer = _answer(keyboard)
    except (OSError, UnicodeEncodeError):
        return ASCII
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()
    place = _PLACE.search(answer)
    return LINE if place is not None and int(place.group(1)) == 2 else ASCII


def _answer(keyboard: int) -> bytes:
    """What the terminal sent until its answer is whole or the time is up."""
    got = b""
    while b"R" not in got and select.select([keyboard], [], [], ANSWER_TIMEOUT_S)[0]:
        piece = os.read(keyboard, 64)
        if not piece:
            break
        got += piece
    return got
