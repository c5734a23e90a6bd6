"""A till without a screen, as a process of its own: keys come as lines, views go to its feed.

`python -m tests.scale_app.till_child TILL_TOML STATE`; each line on standard input is a key and,
for hot keys and digits, its character: `item 1`, `enter`. The end of the input ends the till.
"""

import sys
from pathlib import Path

from scale_app.cli.logs import log_to
from scale_app.config import load
from scale_app.events import Key, KeyPressed
from scale_app.terminal.till import Till


def main() -> None:
    """Runs until the input ends."""
    settings = load(Path(sys.argv[1]), Path(sys.argv[2]))
    settings.state_directory.mkdir(parents=True, exist_ok=True)
    log_to(settings.state_directory, traces_cards=settings.reader.trace)
    till = Till(settings)
    till.start(lambda _view: None)
    for line in sys.stdin:
        key, _, text = line.strip().partition(" ")
        till.press(KeyPressed(Key(key), text))
    till.stop()


if __name__ == "__main__":
    main()
