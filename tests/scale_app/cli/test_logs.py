"""The till's log takes what a library's thread would otherwise write over the screen."""

import subprocess
import sys
from pathlib import Path

CHILD = """
import sys, threading
from pathlib import Path
from scale_app.cli.logs import log_to
log_to(Path(sys.argv[1]))
def fails() -> None:
    raise BrokenPipeError("the box is gone")
thread = threading.Thread(target=fails, name="a library's reader")
thread.start()
thread.join()
"""


def test_a_thread_that_dies_is_in_the_log_and_not_on_the_screen(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("", "")
    log = (tmp_path / "till.log").read_text()
    assert "a library's reader ended: the box is gone" in log
    assert "BrokenPipeError" in log
