"""Setting up a scale from the shell: detect, capture, watch, on a pseudo-terminal."""

import json
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.scale_on_pty import ScaleOnPty
from scale_app.__main__ import main
from scale_app.weighing.transcript import reads_of_file


@pytest.fixture
def st_gs(tmp_path: Path) -> Iterator[ScaleOnPty]:
    with ScaleOnPty("st-gs", link=tmp_path / "scale") as scale:
        scale.put(1235)
        yield scale


def test_detect_finds_a_talking_scale_and_a_known_weight_confirms_it(
    st_gs: ScaleOnPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "till.toml"
    file.write_text('[till]\nenrolment = "e"\n')
    words = ["scale", "detect", "--port", str(st_gs.link), "--line", "9600 8N1"]
    assert main([*words, "--weight", "1.235", "--write", str(file)]) == 0
    table = tomllib.loads(file.read_text())
    assert table["till"] == {"enrolment": "e"}
    assert (table["scale"]["protocol"], table["scale"]["port"]) == ("st-gs", str(st_gs.link))
    assert "NOT CONFIRMED" not in capsys.readouterr().err
    assert main([*words, "--weight", "1.235", "--write", str(file)]) == 2
    assert "has a [scale] already" in capsys.readouterr().err


def test_detect_recommends_nothing_when_the_known_weight_is_not_read(
    st_gs: ScaleOnPty, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scale", "detect", "--port", str(st_gs.link), "--line", "9600 8N1"]
    assert main([*words, "--weight", "0.532"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Nothing is recommended" in said.err


@pytest.mark.parametrize("protocol", ["mt-8217", "oem-block"])
def test_detect_asks_a_silent_scale_harmlessly(
    protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScaleOnPty(protocol, link=tmp_path / "scale") as scale:
        scale.put(1235)
        time.sleep(1.0)
        words = ["scale", "detect", "--port", str(scale.link), "--line", "9600 8N1"]
        assert main([*words, "--weight", "1.235"]) == 0
    assert tomllib.loads(capsys.readouterr().out)["scale"]["protocol"] == protocol


def test_a_capture_decodes_to_what_lay_on_the_pan(
    st_gs: ScaleOnPty, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "capture.txt"
    time.sleep(0.8)
    words = ["scale", "capture", "--port", str(st_gs.link), "--out", str(file)]
    assert main([*words, "--seconds", "1"]) == 0
    assert len(reads_of_file(file.read_bytes())) >= 5
    capsys.readouterr()
    assert main(["scale", "decode", "st-gs", str(file)]) == 0
    readings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["weight"] for one in readings if one["fault"] is None} == {"1.235"}
    assert main([*words, "--seconds", "1"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err


def test_watch_prints_readings_as_data(
    st_gs: ScaleOnPty, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["scale", "watch", "--port", str(st_gs.link), "--protocol", "st-gs", "--seconds", "1.5"]
    assert main([*words, "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["weight"], last["stable"], last["fault"]) == ("1.235", True, None)
    assert 0 < last["t"] <= 2
    assert main(words) == 0
    assert "1.235 kg stable gross" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["detect"],
        ["watch", "--protocol", "st-gs"],
        ["capture", "--out", "capture.txt"],
    ],
)
def test_a_missing_port_is_a_sentence(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["scale", *words, "--port", str(tmp_path / "nothing")]) == 1
    assert "no such port" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["watch", "--protocol", "dahua"], "no scale protocol"),
        (["capture", "--out", "x", "--line", "fast"], "write it like 9600 8N1"),
        (["capture", "--out", "x", "--ask", "0"], "not hex"),
        (["detect", "--weight", "much"], "no weight in kg"),
    ],
)
def test_wrong_words_are_a_sentence(
    words: list[str], part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["scale", *words, "--port", "/dev/null"]) == 2
    assert part in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def wait_for_port(pid: int, port: Path) -> None:
    """Until the program has opened the port: earlier it does not yet hear Ctrl-C as its own."""
    deadline = time.monotonic() + 20
    while port not in {fd.resolve() for fd in Path(f"/proc/{pid}/fd").iterdir()}:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("command", ["watch", "capture", "detect"])
def test_ctrl_c_ends_a_command_with_130(command: str, st_gs: ScaleOnPty, tmp_path: Path) -> None:
    words = {
        "watch": ["--protocol", "st-gs"],
        "capture": ["--out", str(tmp_path / "capture.txt")],
        "detect": [],
    }[command]
    program = str(Path(sys.executable).with_name("scale-app"))
    child = subprocess.Popen(
        [program, "scale", command, "--port", str(st_gs.link), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for_port(child.pid, st_gs.link.resolve())
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=10)
    assert child.returncode == 130, said
    assert "Traceback" not in said


def test_profile_prints_the_settings_of_a_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scale", "profile", "st-gs"]) == 0
    assert tomllib.loads(capsys.readouterr().out)["scale"]["protocol"] == "st-gs"
    assert main(["scale", "profile", "dahua"]) == 2


def checked(scale: ScaleOnPty, *words: str) -> int:
    port = ["--port", str(scale.link), "--protocol", "st-gs"]
    return main(["scale", "check", *port, *words])


def test_check_says_whether_a_known_weight_is_read_within_the_permitted_error(
    st_gs: ScaleOnPty, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(st_gs, "--weight", "1.235") == 0
    assert capsys.readouterr().out == (
        "reads 1.235 kg for 1.235 kg: error +0.000 kg, permitted 0.005 kg: RIGHT\n"
    )
    assert checked(st_gs, "--weight", "1.240") == 0
    assert "error -0.005 kg" in capsys.readouterr().out
    assert checked(st_gs, "--weight", "1.2401") == 1
    said = capsys.readouterr()
    assert said.out.endswith("permitted 0.005 kg: WRONG\n")
    assert "Do not sell" in said.err


def test_check_of_an_empty_pan_says_that_no_weight_came(
    st_gs: ScaleOnPty, capsys: pytest.CaptureFixture[str]
) -> None:
    st_gs.take_off()
    assert checked(st_gs, "--weight", "1", "--seconds", "2") == 1
    assert capsys.readouterr().err == "No steady weight in 2 s: empty.\n"


@pytest.mark.parametrize(
    "words", [("--weight", "0"), ("--weight", "16"), ("--weight", "1", "--e-g", "0")]
)
def test_check_wants_a_weight_and_a_plate(st_gs: ScaleOnPty, words: tuple[str, ...]) -> None:
    assert checked(st_gs, *words) == 2
