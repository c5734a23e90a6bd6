"""The supervisor with small real children: restarts, order of stopping, nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.children import ChildFailed, Post
from fixtures.supervisor import Supervisor

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")


def post(name: str, directory: Path, words: tuple[str, ...] = SLEEPER) -> Post:
    log = directory / f"{name}.log"
    return Post(name, words, log, is_up=lambda _pid: b"up" in log.read_bytes(), start_wait_s=5)


def until(is_so: Callable[[], bool], wait_s: float = 5.0) -> bool:
    end = time.monotonic() + wait_s
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    it = Supervisor(tmp_path / "processes.json")
    yield it
    it.stop()


def roll(directory: Path) -> dict[str, int]:
    rows = json.loads((directory / "processes.json").read_text())
    return {row["name"]: row["pid"] for row in rows}


def test_a_child_that_dies_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.launch(post("one", tmp_path))
    first = roll(tmp_path)["one"]
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.watch()
        return roll(tmp_path)["one"] not in (0, first)

    assert until(is_back)
    assert json.loads((tmp_path / "processes.json").read_text())[0]["restarts"] == 1


def test_a_child_that_keeps_dying_is_not_started_in_a_mad_rush(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    words = (
        sys.executable,
        "-S",
        "-c",
        f"open({str(count)!r}, 'a').write('x')\nimport time; time.sleep(.1)",
    )
    log = tmp_path / "hasty.log"
    supervisor.launch(Post("hasty", words, log, is_up=lambda _pid: count.exists(), start_wait_s=5))
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        supervisor.watch()
        time.sleep(0.02)
    assert 3 <= len(count.read_text()) <= 6


def test_a_child_that_ends_at_once_is_told_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    words = (sys.executable, "-c", "import sys; sys.exit('no scale here')")
    with pytest.raises(ChildFailed, match="broken ended at once: no scale here"):
        supervisor.launch(post("broken", tmp_path, words))


def test_stop_ends_the_last_started_first(tmp_path: Path) -> None:
    log = tmp_path / "order"
    program = f"""
import signal, sys, time
def end(*_):
    open({str(log)!r}, "a").write(sys.argv[1])
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""
    words = (sys.executable, "-c", program)
    it = Supervisor(tmp_path / "processes.json")
    it.launch(post("a", tmp_path, (*words, "a")))
    it.launch(post("b", tmp_path, (*words, "b")))
    it.stop()
    assert log.read_text() == "ba"
    assert not (tmp_path / "processes.json").exists()


def test_a_supervisor_killed_the_hard_way_takes_its_children_with_it(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from fixtures.children import Post\n"
        "from fixtures.supervisor import Supervisor\n"
        f"log = Path({str(tmp_path / 'one.log')!r})\n"
        f"it = Supervisor(Path({str(tmp_path / 'processes.json')!r}))\n"
        f"it.launch(Post('one', {SLEEPER!r}, log, lambda _pid: b'up' in log.read_bytes()))\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        assert until((tmp_path / "processes.json").exists)
        child = roll(tmp_path)["one"]
        assert is_running(child)
        parent.kill()
    assert until(lambda: not is_running(child))
