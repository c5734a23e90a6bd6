"""`scale-app scale decode` and `protocols`, as the shell sees them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scale_app.__main__ import main
from scale_app.weighing.catalogue import FAMILIES
from tests.scale_app.weighing.captures import FOLDER

KEYS = [
    "weight", "unit", "stable", "mode", "tare", "zero", "fault", "unit_price", "amount", "note",
]  # fmt: skip


def decoded(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert main(["scale", "decode", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["scale", "decode", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_each_reading_is_one_object_with_exactly_the_public_keys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    weight, motion, half = decoded(
        capsys, "mt-8217", "--hex", "02 30 31 2e 32 33 35 0D 02 3f 01 0d 02 30"
    )
    assert list(weight) == KEYS
    assert weight == dict.fromkeys(KEYS) | {
        "weight": "1.235", "unit": "kg", "stable": True, "mode": "gross",
    }  # fmt: skip
    assert (motion["weight"], motion["fault"], motion["stable"]) == (None, "motion", False)
    assert (half["weight"], half["fault"]) == (None, "incomplete")


def test_a_bar_separates_reads_and_a_read_may_end_in_the_middle_of_a_frame(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = decoded(capsys, "mt-8217", "--hex", "0230312e3233350d")
    assert decoded(capsys, "mt-8217", "--hex", "02 30 | 31 2e 32 || 33 35 | 0d") == whole


def test_keys_are_given_one_by_one_or_together_before_or_after_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "frame.bin"
    file.write_bytes(b"\x0201.62\r")
    keys = ("--profile", "unit=lb", "bit5=net")
    expected = [dict.fromkeys(KEYS) | {"weight": "1.62", "unit": "lb", "stable": True}]
    expected[0]["mode"] = "gross"
    assert decoded(capsys, *keys, "--", "mt-8217", str(file)) == expected
    assert decoded(capsys, "mt-8217", *keys, str(file)) == expected
    assert decoded(capsys, "mt-8217", str(file), "--profile", "unit=lb") == expected
    assert decoded(capsys, "mt-8217", "--profile=unit=lb", str(file)) == expected
    assert (
        decoded(capsys, "mt-8217", "--profile=unit=lb", "--profile=bit5=net", str(file)) == expected
    )
    assert decoded(capsys, "mt-8217", str(file), "--profile=unit=lb") == expected


def test_a_capture_is_told_from_raw_bytes_by_its_content(
    capsys: pytest.CaptureFixture[str],
) -> None:
    readings = decoded(capsys, "st-gs", str(FOLDER / "aandd-gh.txt"))
    assert [one["weight"] for one in readings] == ["71.82", "-183.96", None, None]


@pytest.mark.parametrize(
    ("protocol", "noise"),
    [
        ("st-gs", b"SX,GS,+  12.34kg\r\n"),
        ("mt-8217", b"01.234\r"),
        ("yaohua-a12", b"wx001.234kg"),
        ("digi-b", b"ST,GS,+  12.34kg\r\n"),
    ],
)
def test_bytes_that_hold_no_frame_at_all_are_one_bad_frame(
    capsys: pytest.CaptureFixture[str], protocol: str, noise: bytes
) -> None:
    (said,) = decoded(capsys, protocol, "--hex", noise.hex())
    assert (said["weight"], said["fault"]) == (None, "bad_frame")
    assert str(said["note"]).startswith(f"{len(noise)} bytes")


@pytest.mark.parametrize("quiet", ["", "06", "05 06 0d 0a", "00", "06 | 04"])
def test_no_bytes_or_only_those_of_a_handshake_are_no_reading(
    capsys: pytest.CaptureFixture[str], quiet: str
) -> None:
    for name in ("dialog-06", "oem-block", "st-gs"):
        assert decoded(capsys, name, "--hex", quiet) == []


@pytest.mark.parametrize(
    "text", ["02 30 31 2E 32 33 35 0D\n", "0230312e3233350d", "02 30|31 2e 32\n33 35 0d\n\n"]
)
def test_a_file_may_hold_the_bytes_in_hex(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "frame.hex"
    file.write_text(text, encoding="ascii")
    (said,) = decoded(capsys, "mt-8217", str(file))
    assert said["weight"] == "1.235"


def test_bytes_that_are_no_frames_print_no_weight_and_are_no_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, family in FAMILIES.items():
        keys = [f"{key}={family.keys[key][0]}" for key in family.required]
        profile = ("--profile", *keys) if keys else ()
        readings = decoded(capsys, name, "--hex", "00 ff 80 | 7f 0d 0a 1b", *profile)
        assert all(one["weight"] is None for one in readings)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("dahua", "--hex", "02"), "no scale protocol 'dahua'"),
        (("st-gs", "--hex", "0"), "not hex"),
        (("st-gs", "--hex", "zz"), "not hex"),
        (("st-gs", "--hex", "02", "--profile", "speed=9"), "no key 'speed'"),
        (("st-gs", "--hex", "02", "--profile", "form"), "KEY=VALUE"),
        (("st-gs", "--hex", "02", "--profile", "form=11"), "choose one of"),
        (("st-gs",), "one of the two"),
        (("st-gs", "file.bin", "--hex", "02"), "one of the two"),
        (("st-gs", "no-such-file.bin"), "no-such-file.bin: No such file"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], part: str
) -> None:
    assert part in refused(capsys, *words)


def test_a_required_key_that_is_missing_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, family in FAMILIES.items():
        for key in family.required:
            assert f"needs the key '{key}'" in refused(capsys, name, "--hex", "02")


def test_the_installed_command_needs_no_settings_and_reads_stdin(tmp_path: Path) -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("scale-app")), "scale", "decode", "mt-8217", "-"],
        input=b"\x0201.235\r",
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert json.loads(ran.stdout)["weight"] == "1.235"
    assert list(tmp_path.iterdir()) == []


def test_protocols_lists_every_family_with_its_line_keys_and_rules(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scale", "protocols", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert list(rows) == list(FAMILIES)
    assert rows["mt-8217"]["line"] == "9600 7E1"
    assert rows["mt-8217"]["poll"] == "57"
    assert rows["mt-8217"]["keys"]["strip_parity"] == {
        "values": ["even", "odd", "no"], "default": None, "required": False,
    }  # fmt: skip
    assert main(["scale", "protocols"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in FAMILIES)
