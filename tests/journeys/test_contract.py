"""An outsider with mosquitto_rr and openssl acts out sales from `docs/contract.md` alone."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningOffice

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
BLOCK = re.compile(r"```sh\n# contract: ([^\n]*)\n(.*?)```", re.DOTALL)


def blocks() -> dict[str, str]:
    """The page's commands by their first words."""
    return {name.strip(): text for name, text in BLOCK.findall(PAGE.read_text("utf-8"))}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path_factory.mktemp("contract"), terminals=3) as running:
        yield running


def act(office: RunningOffice, terminal: str, script: str, **env: str) -> str:
    """Standard output of the page's commands run as `terminal`."""
    where = {"DIR": str(office.enrolment(terminal)), "PORT": str(office.port), **env}
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_acts_out_sales_with_stock_tools(office: RunningOffice) -> None:
    card = office.card("50.00")
    said = act(office, "T1", "\n".join(blocks().values()), CARD=str(card)).splitlines()
    balance, same, *rest = said
    assert json.loads(balance)[7][:3] == [1, 0, 5000]
    assert same.startswith("the same answer, one booking: ")
    answer = json.loads(same.partition(": ")[2])
    assert (answer[5], answer[7][0]) == (0, 4160)
    bodies = [json.loads(line) for line in rest if line.startswith("[")]
    receipts = [body for body in bodies if body[1] == 110]
    assert [body[4] for body in receipts] == [2, 3, 5]
    assert [body[7] for body in receipts] == [0, 0, 5]
    assert [body[5] for body in bodies if body[1] == 100] == [0, 15]
    office.command("report", "check")
    office.command("audit")
    sums = office.json("report", "by-tender", "--from", "2020-01-01", "--to", "2099-12-31")
    assert '"total": 1680' in json.dumps(sums) or '"amount": 1680' in json.dumps(sums), sums


def test_another_scales_certificate_gets_nothing_through(office: RunningOffice) -> None:
    card = office.card("50.00")
    stranger = office.enrolment("T2")
    script = "\n".join(
        [
            blocks()["tools"],
            # T3's name and MAC key, but T2's certificate.
            (
                f'TLS="--cafile {stranger}/ca.pem --cert {stranger}/terminal.pem'
                f' --key {stranger}/terminal.key"'
            ),
            'ask "[1,21,\\"$T\\",\\"$(uid)\\",$(now),[$CARD]]" && echo through || echo nothing',
        ]
    )
    assert act(office, "T3", script, CARD=str(card)).strip() == "nothing"


def test_a_wrong_trailer_gets_a_refusal_and_books_nothing(office: RunningOffice) -> None:
    card = office.card("50.00")
    script = "\n".join(
        [
            blocks()["tools"],
            blocks()["sign on"],
            "KEY=$(printf '00%.0s' $(seq 32))",
            (
                'DAY=20261124; SALE="[1,$DAY,1,7,1,null,0,840,'
                '[[1,1235,0,680,0,680,0,0,840]],[],[[2,840,$CARD]]]"'
            ),
            (
                'send "u/$T/a" "d/$T/a" "[1,1,\\"$T\\",$EPOCH,$((SEQ+1)),\\"$HEAD\\",$(now),'
                '\\"$(uid)\\",1,$SALE]" 0 | head -n 1'
            ),
        ]
    )
    refusal = json.loads(act(office, "T3", script, CARD=str(card)))
    assert refusal[2:6] == [0, "AAAAAAAAAAAAAAAAAAAAAA==", 0, 22]
    script = "\n".join([blocks()["tools"], 'ask "[1,21,\\"$T\\",\\"$(uid)\\",$(now),[$CARD]]"'])
    assert json.loads(act(office, "T2", script, CARD=str(card)))[7][2] == 5000
