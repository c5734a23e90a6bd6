"""`backoffice explore`: a copy of the books in Datasette, an optional extra."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from backoffice.cli.desk import Office, reading, say
from backoffice.errors import Exit, Unavailable


@click.command()
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Here."
)
@click.option("--copy", type=click.Path(path_type=Path), help="Only write the copy to this file.")
@click.pass_obj
def explore(office: Office, port: int, copy: Path | None) -> None:
    """Open a copy of the books, without secrets and people, in Datasette on this machine.

    The copy is made anew each time and deleted afterwards; the books are not touched. Datasette is
    an optional extra: pip install 'steelyard[explore]'.

    Example: backoffice explore --port 8001
    """
    from backoffice.reading_copy import reading_copy

    reading(office)
    if copy is not None:
        reading_copy(office.state.books, copy)
        say(office._("The copy is {path}.").format(path=copy))
        return
    if importlib.util.find_spec("datasette") is None:
        raise Unavailable(
            "Datasette is not installed; it is an extra: pip install 'steelyard[explore]'."
        )
    with tempfile.TemporaryDirectory(dir=office.state.folder, prefix="explore-") as made:
        folder = Path(made)
        say(office._("Copying the books ..."))
        reading_copy(office.state.books, folder / "books.db")
        (folder / "words.json").write_text(json.dumps(_words()), "utf-8")
        say(office._("The copy is at {where}").format(where=f"http://127.0.0.1:{port}/books"))
        done = subprocess.run(_command(folder, port), check=False)
    if done.returncode not in (0, -2, Exit.INTERRUPTED):
        raise Unavailable("Datasette ended with code {code}.", code=done.returncode)


def _words() -> dict[str, object]:
    about = "A copy of the books. Sums are whole minor units, times Unix milliseconds."
    return {"title": "Steelyard", "description": about}


def _command(folder: Path, port: int) -> list[str]:
    return [
        sys.executable, "-m", "datasette", "serve", "--immutable", str(folder / "books.db"),
        "--metadata", str(folder / "words.json"), "--host", "127.0.0.1", "--port", str(port),
        "--setting", "allow_download", "off", "--setting", "sql_time_limit_ms", "5000",
    ]  # fmt: skip
