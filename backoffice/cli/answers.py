"""What every command can do besides its work: answer a program, and complete at the prompt.

A command that changes something and prints no data of its own gets `--json`: it then prints what
the books answered, and nothing else. `completion` prints the snippet that a shell wants.
"""

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click
from click.shell_completion import get_completion_class

from backoffice.cli.desk import Office, give_json
from backoffice.errors import UsageFault

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "backoffice"
_NEVER_TOLD = ("token", "batch")
"""What a result holds for our own programs alone."""


def leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that lead to it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    if command.invoke_without_command:
        yield path, command
    for name in sorted(command.commands):
        yield from leaves(command.commands[name], (*path, name))


def answer_programs(office: click.Group, but: frozenset[str]) -> None:
    """Gives `--json` to all commands that have none, except those named."""
    for path, command in leaves(office):
        has_it = any("--json" in option.opts for option in command.params)
        if not has_it and path[0] not in but and command.callback is not None:
            flag = click.Option(["--json", "json_answer"], is_flag=True, help="Data for programs.")
            command.params.append(flag)
            command.callback = _answering(command.callback)


def _answering(run: Callable[..., Any]) -> Callable[..., Any]:
    def answered(*given: Any, json_answer: bool, **said: Any) -> Any:  # noqa: ANN401  click's way
        if not json_answer:
            return run(*given, **said)
        office: Office = click.get_current_context().obj
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                run(*given, **said)
        except SystemExit:
            give_json(_told(office))
            raise
        give_json(_told(office))
        return None

    answered.__module__, answered.__name__ = run.__module__, run.__name__
    return answered


def _told(office: Office) -> dict[str, Any]:
    """What the books answered last; empty for what only wrote files."""
    last = office.answers[-1] if office.answers else {}
    return {name: value for name, value in last.items() if name not in _NEVER_TOLD}


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes a shell complete the words of this program.

    Example: backoffice completion bash > /etc/bash_completion.d/backoffice
    """
    found = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if found is None:
        raise UsageFault("This shell is not known: {shell}.", shell=shell)
    made = found(root, {}, PROGRAM, f"_{PROGRAM.upper()}_COMPLETE")
    try:
        sys.stdout.write(made.source())
    except RuntimeError as error:
        raise UsageFault("This shell is too old: {why}", why=str(error)) from error
