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


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_in_a_line(name: str) -> None:
    first = (COMMANDS[name].help or "").strip().split("\n")[0]
    assert 10 < len(first) < 110
    assert first[-1] in ".:;,"


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_names_this_command_and_its_options(name: str) -> None:
    command = COMMANDS[name]
    words = shlex.split(example(command).split(" > ")[0].split(" | ")[0])
    path = name.split()
    assert words[: 1 + len(path)] == ["backoffice", *path]
    given = words[1 + len(path) :]
    options = {
        one: option for option in command.params for one in (*option.opts, *option.secondary_opts)
    }
    used = [word for word in given if word.startswith("--")]
    assert [word for word in used if word not in options] == []
    values = sum(1 for word in used if not getattr(options[word], "is_flag", False))
    needed = [one for one in command.params if one.required]
    arguments = [one for one in needed if isinstance(one, click.Argument)]
    assert len(given) - len(used) - values >= len(arguments)
    missing = [one.opts for one in needed if not isinstance(one, click.Argument)]
    assert [opts for opts in missing if not set(opts) & set(used)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_answers_programs(name: str) -> None:
    flags = [one for one in COMMANDS[name].params if "--json" in one.opts]
    assert len(flags) == (name not in ANSWER_NOTHING)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name: str) -> None:
    options = [one for one in COMMANDS[name].params if isinstance(one, click.Option)]
    silent = [one.opts[0] for one in options if not one.help and one.opts[0] not in KNOWN_BY_NAME]
    assert silent == []


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
    assert set(complete("bash", "backoffice st")) == {"stock"}
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
