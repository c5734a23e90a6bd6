"""The contract of the office's JSON as an OpenAPI 3.1 document: served, and kept in the docs.

The reports' names and what narrows them come from their definitions, so that a new report is in the
document; everything else is written down here.
"""

from typing import Any, Final

from backoffice.accounts import Life
from backoffice.alerts import Alert
from backoffice.reports.all import REPORTS
from backoffice.reports.periods import WORDS

Schema = dict[str, Any]

_WHOLE: Final[Schema] = {"type": "integer"}
_TEXT: Final[Schema] = {"type": "string"}
_YES_NO: Final[Schema] = {"type": "boolean"}
_DAY: Final[Schema] = {"type": "integer", "description": "YYYYMMDD"}
_SUM: Final[Schema] = {"type": "integer", "description": "Whole minor units of the currency"}
_MOMENT: Final[Schema] = {"type": "integer", "description": "Unix milliseconds; 0 = never"}


def _of(**properties: Schema) -> Schema:
    """An object with exactly these, all of them there."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TAKINGS: Final = {"sales": _WHOLE, "amount": _SUM, "sales_before": _WHOLE, "amount_before": _SUM}
_BALANCES: Final = _of(principal=_SUM, bonus=_SUM, balance=_SUM)
_PERIOD: Final = _of(**{"from": _DAY, "to": _DAY})

_SCHEMAS: Final[dict[str, Schema]] = {
    "Error": _of(error={"type": "string", "description": "What happened and what to do"}),
    "Today": _of(
        day=_DAY, day_before=_DAY, currency=_TEXT, exponent=_WHOLE, **_TAKINGS,
        average=_SUM, average_before=_SUM,
        stores=_list(_of(store=_TEXT, name=_TEXT, **_TAKINGS)),
        tenders=_list(_of(tender=_TEXT, **_TAKINGS)),
        hours=_list(_of(hour=_WHOLE, amount=_SUM, amount_before=_SUM)),
    ),
    "Reports": _of(reports=_list(_of(name=_TEXT, title=_TEXT, filters=_list(_TEXT)))),
    "Report": {
        "type": "object",
        "required": ["report", "from", "to", "currency", "exponent", "rows", "total"],
        "properties": {
            "report": {"type": "string", "enum": list(REPORTS)},
            "from": _DAY, "to": _DAY, "currency": _TEXT, "exponent": _WHOLE,
            "rows": _list({"type": "object"}), "total": {"type": "object"},
            "before": _PERIOD, "year_before": _PERIOD,
            "cut": {"type": "boolean", "description": "There are more rows than are given"},
        },
    },
    "Card": _of(
        number=_WHOLE, life={"type": "string", "enum": [one.value for one in Life]},
        balance={"type": ["integer", "null"], "description": "Minor units; null = no purse"},
        bonus=_SUM, level=_WHOLE, valid_from=_DAY, valid_to=_DAY, holder=_TEXT, member=_WHOLE,
        replaces=_WHOLE, replaced_by=_WHOLE, lost_at=_MOMENT, **{"class": _TEXT},
    ),
    "Statement": _of(
        number=_WHOLE, currency=_TEXT, exponent=_WHOLE, opening=_BALANCES, closing=_BALANCES,
        moves=_list(_of(
            day=_DAY, at=_MOMENT, reason=_TEXT, terminal=_TEXT, receipt=_WHOLE,
            principal=_SUM, bonus=_SUM, balance=_SUM,
        )),
        **{"from": _DAY, "to": _DAY},
    ),
    "Tills": _of(
        list_version=_WHOLE,
        tills=_list(_of(
            code=_TEXT, store=_TEXT, stall=_TEXT, suspended=_YES_NO, is_enrolled=_YES_NO,
            is_here=_YES_NO, is_silent=_YES_NO, seen_at=_MOMENT, unsent=_WHOLE, software=_TEXT,
            list_taken=_WHOLE, list_taken_at=_MOMENT, up=_WHOLE, down=_WHOLE,
        )),
    ),
    "Alerts": _of(
        alerts=_list(_of(
            id=_WHOLE, at=_MOMENT, terminal=_TEXT, detail=_TEXT, by=_TEXT, reason=_TEXT,
            word={"type": "string", "examples": [one.value for one in Alert][:3]},
            card={"type": ["integer", "null"],
                  "description": "Whole for who may see cards, else its last four digits"},
            settled_at=_MOMENT, store=_TEXT,
        )),
    ),
}  # fmt: skip


def _parameter(name: str, description: str, schema: Schema, where: str = "query") -> Schema:
    return {
        "name": name, "in": where, "required": where == "path", "description": description,
        "schema": schema,
    }  # fmt: skip


_TRUE_FALSE: Final[Schema] = {"type": "string", "enum": ["true", "false"]}
_DAY_TEXT: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-?\d{2}-?\d{2}$"}
_FROM_TO: Final = [
    _parameter("from", "First business day, 2026-11-24 or 20261124", _DAY_TEXT),
    _parameter("to", "Last business day", _DAY_TEXT),
]
_NUMBER: Final = _parameter(
    "number", "Number on the card", {"type": "integer", "minimum": 1}, "path"
)
_ANSWERS: Final = {
    "400": "A parameter makes no sense",
    "401": "No key, or one that is not in force",
    "403": "The role of the key's person does not allow this",
    "404": "There is no such thing, or not for this person",
    "503": "The books cannot be read now; try again",
}


def _get(summary: str, schema: str, *parameters: Schema) -> Schema:
    said = {
        code: {"description": text, "content": _content("Error")} for code, text in _ANSWERS.items()
    }
    return {
        "get": {
            "summary": summary,
            "operationId": schema[0].lower() + schema[1:],
            "parameters": list(parameters),
            "responses": {"200": {"description": summary, "content": _content(schema)}, **said},
        }
    }


def _content(schema: str) -> Schema:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _filters() -> list[Schema]:
    """Everything that narrows some report; one that does not narrow the asked one is a 400."""
    names = sorted({str(name) for report in REPORTS.values() for name in report.filters})
    return [
        _parameter(name, f"Only of this {name}; see `filters` of /reports", _TEXT) for name in names
    ]


def document() -> Schema:
    """The whole document."""
    report = _parameter(
        "name", "Name of the report", {"type": "string", "enum": list(REPORTS)}, "path"
    )
    period = _parameter("period", "In place of days", {"type": "string", "enum": list(WORDS)})
    compare = _parameter(
        "compare", "Beside earlier days", {"type": "string", "enum": ["true", "false"]}
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Steelyard back-office", "version": "1",
            "description": "Reads the office in a person's name. Make a key with "
            "`backoffice user key NAME --label WHAT-FOR` and send it as a bearer token.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": {
            "/today": _get("Takings so far, beside the same weekday a week ago", "Today"),
            "/reports": _get("The reports there are", "Reports"),
            "/reports/{name}": _get(
                "One report with its total", "Report", report, *_FROM_TO, period, compare,
                *_filters(),
            ),
            "/cards/{number}": _get("One card", "Card", _NUMBER),
            "/cards/{number}/statement": _get(
                "What moved on a card", "Statement", _NUMBER, *_FROM_TO
            ),
            "/tills": _get("The tills and how they are", "Tills"),
            "/alerts": _get(
                "The newest alerts", "Alerts",
                _parameter("all", "Settled ones, too", _TRUE_FALSE),
                _parameter("before", "Only below this id", {"type": "integer", "minimum": 1}),
            ),
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip
