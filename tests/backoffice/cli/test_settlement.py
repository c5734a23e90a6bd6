"""`settlement` and `reconcile` as a person calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backoffice.cli.desk import Office
from backoffice.cli.settlement import reconcile, settlement
from backoffice.config import State, read_config
from backoffice.words import translator
from broker.messages import Kind, TenderSum, ZReport
from tests.backoffice.world import DAY, Scale, World, cash_sale, new_op


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(read_config(None), State(tmp_path), translator("en"))


def z_of(world: World, shift: int, total: int, receipt: int) -> ZReport:
    tenders = [TenderSum(1, 1, total)]
    return ZReport(shift, DAY, 7, world.now, 1, 1, total, 0, tenders, receipt, receipt)


def test_reconcile_lists_each_z_and_fails_when_one_differs(
    world: World, scale: Scale, office: Office
) -> None:
    scale.upload(scale.paid(new_op(), cash_sale(840)))
    scale.upload(scale.entry(Kind.Z, new_op(), z_of(world, 1, 840, 1)))
    run = CliRunner().invoke(reconcile, ["--json"], obj=office)
    assert (run.exit_code, [row["verdict"] for row in json.loads(run.stdout)]) == (0, ["agrees"])
    scale.upload(scale.paid(new_op(), cash_sale(500)))
    scale.upload(scale.entry(Kind.Z, new_op(), z_of(world, 2, 600, 2)))
    run = CliRunner().invoke(reconcile, [], obj=office)
    assert run.exit_code == 1
    assert "differs" in run.stdout
    assert "total: scale 600, books 500" in run.stdout


def test_settlement_tells_stalls_and_issuers(world: World, scale: Scale, office: Office) -> None:
    scale.upload(scale.paid(new_op(), cash_sale(840)))
    scale.pay(world.card(), 1_000)
    words = ["--from", str(DAY), "--to", str(DAY), "--json"]
    told = json.loads(CliRunner().invoke(settlement, words, obj=office).stdout)
    assert [(row["stall"], row["kind"], row["amount"]) for row in told["stalls"]["rows"]] == [
        ("Zhang", 1, 840),
        ("Zhang", 2, 1_000),
    ]
    assert [(row["issuer"], row["amount"]) for row in told["issuers"]["rows"]] == [
        ("own cards", 1_000)
    ]
    text = CliRunner().invoke(settlement, words[:-1], obj=office).stdout
    assert "Settlement by issuer" in text
