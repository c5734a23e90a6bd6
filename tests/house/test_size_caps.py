"""No function over 60 lines, no module over 400: a file is read top to bottom, once."""

import ast
from collections.abc import Iterator

from tests.house.tree import ROOT, python_files

FUNCTION_LINES = 60
MODULE_LINES = 400


def functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(word.lineno for word in node.decorator_list)])
            yield node.name, (node.end_lineno or first) - first + 1


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        f"{path}: {name} has {lines} lines"
        for path in python_files()
        for name, lines in functions((ROOT / path).read_text())
        if lines > FUNCTION_LINES
    ]
    assert too_long == []


def test_no_module_is_longer_than_a_sitting() -> None:
    lines_of = {path: len((ROOT / path).read_text().splitlines()) for path in python_files()}
    assert {path: lines for path, lines in lines_of.items() if lines > MODULE_LINES} == {}


def test_the_rule_sees_a_function_that_is_too_long() -> None:
    source = "def long():\n" + "    pass\n" * FUNCTION_LINES
    assert list(functions(source)) == [("long", FUNCTION_LINES + 1)]
