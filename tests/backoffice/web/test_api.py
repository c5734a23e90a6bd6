"""The office for other programs: the contract is kept, and no request of any kind breaks it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.testclient import TestClient

from backoffice.reports.all import REPORTS
from backoffice.web.app import application
from backoffice.web.openapi import document
from tests.backoffice.web.conftest import Office
from tests.backoffice.world import Scale, cash_sale, new_op

WRITTEN = Path(__file__).parents[3] / "docs" / "openapi.json"
OURS = [ignored_auth, positive_data_acceptance]
"""Checks that know too little: a key is tested below, and a day like 2026-13-45 is a 400."""
KEY = "sy_a-key-that-is-long-enough-for-a-test"


def key_for(office: Office, person: str, key: str = KEY) -> dict[str, str]:
    """The header of a fresh key in that person's name."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    office.world.command("key.make", person=person, label="test", hash=digest, days=30)
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    for code, amount in (("S03-12", 12_345), ("S04-01", 67_890)):
        scale = Scale(office.world, code)
        scale.sign_on()
        scale.upload(scale.paid(new_op(), cash_sale(amount)))
    with TestClient(application(office.site), base_url="http://office.test") as made:
        yield made


def get(client: TestClient, path: str, headers: dict[str, str], status: int = 200) -> Any:
    answer = client.get(f"/api/v1{path}", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def test_the_document_in_the_docs_is_the_one_that_is_served(client: TestClient) -> None:
    served = client.get("/api/v1/openapi.json").json()
    assert served == document()
    assert json.loads(WRITTEN.read_text("utf-8")) == served, (
        "write it anew: python -m tests.backoffice.web.test_api"
    )


def test_the_figures_are_those_of_the_pages(office: Office, client: TestClient) -> None:
    key = key_for(office, "rita")
    today = get(client, "/today", key)
    assert (today["amount"], today["sales"], today["average"]) == (80_235, 2, 40_118)
    told = get(client, "/reports/by-tender?from=2026-11-24&to=2026-11-24", key)
    assert told["total"]["amount"] == 80_235
    assert {one["name"] for one in get(client, "/reports", key)["reports"]} == REPORTS.keys()
    for name in REPORTS:
        assert get(client, f"/reports/{name}?period=year&compare=true", key)["report"] == name


def test_a_card_and_its_statement_say_what_the_books_know(
    office: Office, client: TestClient
) -> None:
    key, card = key_for(office, "desk"), office.world.card(1_000).card
    told = get(client, f"/cards/{card}", key)
    assert (told["balance"], told["life"]) == (1_000, "sold")
    assert "token" not in json.dumps(told)
    statement = get(client, f"/cards/{card}/statement", key)
    assert statement["closing"]["balance"] == 1_000
    assert "There is no such card" in get(client, "/cards/1", key, 404)["error"]
    assert get(client, f"/cards/{card}/statement?from=20261124&to=20200101", key, 400)
    assert get(client, "/today", key, 403)


def test_a_key_of_who_runs_a_store_reads_that_store_alone(
    office: Office, client: TestClient
) -> None:
    key = key_for(office, "li")
    assert get(client, "/today", key)["amount"] == 12_345
    assert get(client, "/reports/by-store", key)["total"]["amount"] == 12_345
    assert {one["store"] for one in get(client, "/tills", key)["tills"]} == {"S03"}
    assert get(client, "/reports/by-store?store=S04", key, 400)
    assert get(client, "/cards/620000000000018", key, 403)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer sy_wrong", "Basic eDp5", f"Bearer {KEY}x", "Bearer " + "x" * 999],
)
def test_without_a_key_in_force_nothing_is_said(
    office: Office, client: TestClient, header: str
) -> None:
    key_for(office, "rita")
    answer = client.get("/api/v1/today", headers={"authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_ends_by_command_by_time_and_with_its_person(
    office: Office, client: TestClient
) -> None:
    first, second = key_for(office, "rita"), key_for(office, "max", f"{KEY}-2")
    office.world.command("key.end", id=1, by="anna")
    get(client, "/today", first, 401)
    office.world.command("person.suspend", name="max", suspended=True)
    get(client, "/today", second, 401)
    office.world.command("person.suspend", name="max", suspended=False)
    get(client, "/today", second)
    office.world.now += 31 * 86_400_000
    get(client, "/today", second, 401)


def test_a_browser_s_session_opens_no_api(office: Office) -> None:
    assert office.browser("anna").get("/api/v1/today").status_code == 401


def test_nothing_is_changed_through_it(office: Office, client: TestClient) -> None:
    key = key_for(office, "anna")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/api/v1/today", headers=key).status_code == 405


def fuzzed(operation: Any, mode: GenerationMode, keys: list[dict[str, str]], card: int) -> set[int]:
    """The statuses that requests made from the document get, valid ones or broken ones."""
    statuses: set[int] = set()

    @settings(
        max_examples=15, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), is_ours=booleans())
    def ask(case: Any, is_ours: bool) -> None:
        if "number" in case.path_parameters and is_ours:
            case.path_parameters["number"] = card
        for key in keys:
            answer = case.call(headers=key, base_url="http://office.test/api/v1")
            statuses.add(answer.status_code)
            if mode is GenerationMode.POSITIVE:
                case.validate_response(answer, excluded_checks=OURS)

    ask()
    return statuses


def test_schemathesis_finds_no_fault(office: Office) -> None:
    """Whatever the document allows, and what it does not: no 5xx, and every answer fits it."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application(office.site)
    card = office.world.card(1_000).card
    assert card is not None
    keys = [key_for(office, name, f"{KEY}-{name}") for name in ("anna", "li")]
    seen = set()
    for found in schema.get_all_operations():
        operation = cast("Any", found).ok()
        seen.add(operation.path)
        valid = fuzzed(operation, GenerationMode.POSITIVE, keys, card)
        assert 200 in valid, operation.path
        assert not {one for one in valid if one >= 500}, operation.path
        if not operation.query and not operation.path_parameters:
            continue
        broken = fuzzed(operation, GenerationMode.NEGATIVE, keys, card)
        assert not {one for one in broken if one >= 500}, operation.path
    assert seen == document()["paths"].keys()


if __name__ == "__main__":
    WRITTEN.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n", "utf-8")
