"""Every command of the office explains itself, shows a true example, and answers programs."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from backoffice.__main__ import ANSWER_NOTHING, office
from backoffice.cli.answers import SHELLS, leaves

COMMANDS = {" ".join(path): command for path, command in leaves(office)}
BACKOFFICE = Path(sys.executable).with_name("backoffice")


def example(command: click.Command) -> str:
    text = command.help or ""
    assert "Example: " in text
    return " ".join(text.split("Example: ")[1].split())


def test_the_walk_sees_the_commands() -> None:
    assert len(COMMANDS) > 60
    assert {"card topup", "stock in", "report check", "alerts", "alerts settle"} <= set(COMMANDS)


def first_line(command: click.Command) -> str:
    return (command.help or "").strip().split("\n")[0]


def test_a_command_says_what_it_does_in_a_line() -> None:
    lines = {name: first_line(command) for name, command in COMMANDS.items()}
    bad = {name: line for name, line in lines.items() if not 10 < len(line) < 110}
    assert bad == {}
    assert {name: line for name, line in lines.items() if line[-1] not in ".:;,"} == {}


def wrong_in_example(name: str, command: click.Command) -> str:
    """What the example of a command gets wrong; empty = nothing."""
    words = shlex.split(example(command).split(" > ")[0].split(" | ")[0])
    path = name.split()
    if words[: 1 + len(path)] != ["backoffice", *path]:
        return "another command"
    given = words[1 + len(path) :]
    options = {
        one: option for option in command.params for one in (*option.opts, *option.secondary_opts)
    }
    used = [word for word in given if word.startswith("--")]
    if strange := [word for word in used if word not in options]:
        return f"no option {strange}"
    values = sum(1 for word in used if not getattr(options[word], "is_flag", False))
    needed = [one for one in command.params if one.required]
    arguments = [one for one in needed if isinstance(one, click.Argument)]
    if len(given) - len(used) - values < len(arguments):
        return "an argument is missing"
    missing = [one.opts for one in needed if not isinstance(one, click.Argument)]
    return "".join(f"{opts} is missing" for opts in missing if not set(opts) & set(used))


def test_an_example_names_its_command_and_options_that_exist() -> None:
    found = {name: wrong_in_example(name, command) for name, command in COMMANDS.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_rule_sees_an_example_that_is_wrong() -> None:
    @click.command(help="Does a thing.\n\nExample: backoffice thing --no-such 5")
    @click.option("--by", required=True)
    def thing(by: str) -> None: ...

    assert wrong_in_example("thing", thing) == "no option ['--no-such']"


def test_a_command_answers_programs() -> None:
    answers = {
        name for name, command in COMMANDS.items()
        if sum("--json" in one.opts for one in command.params) == 1
    }  # fmt: skip
    assert set(COMMANDS) - answers == set(ANSWER_NOTHING)


def test_every_option_says_what_it_is() -> None:
    silent = {
        f"{name} {one.opts[0]}"
        for name, command in COMMANDS.items()
        for one in command.params
        if isinstance(one, click.Option) and not one.help and one.opts[0] not in KNOWN_BY_NAME
    }
    assert silent == set()


KNOWN_BY_NAME = {"--json", "--valid-to", "--class", "--kind"}
"""A word of the trade, or the same everywhere."""


def complete(shell: str, words: str) -> list[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD")}
    environment |= {"_BACKOFFICE_COMPLETE": f"{shell}_complete", "COMP_WORDS": words,
                    "COMP_CWORD": str(len(words.split(" ")) - 1)}  # fmt: skip
    done = subprocess.run(
        [str(BACKOFFICE)], env=environment, capture_output=True, text=True, timeout=30, check=True
    )
    return [line.split(",")[-1] for line in done.stdout.split()]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_is_told_how_to_complete(shell: str) -> None:
    done = subprocess.run(
        [str(BACKOFFICE), "completion", shell],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode == 2 and "too old" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    assert "_BACKOFFICE_COMPLETE" in done.stdout


def test_the_words_of_the_office_are_completed() -> None:
    assert complete("bash", "backoffice card top") == ["topup"]
    assert set(complete("bash", "backoffice st")) == {"stall", "stock", "store"}
    assert "--cash" in complete("bash", "backoffice card topup --ca")


def test_bash_takes_the_snippet_and_completes() -> None:
    script = f"""
        PATH={BACKOFFICE.parent}:$PATH
        source <(backoffice completion bash)
        COMP_WORDS=(backoffice member set) COMP_CWORD=2
        _backoffice_completion backoffice
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout.split() == ["set-level"], done.stderr
