"""Door: where receipts go. First form: one text file per receipt (printers come later).

`receipts/YYYYMMDD/000123.txt`; the same number printed again becomes a copy beside it, never in
its place.
"""

from collections.abc import Sequence
from pathlib import Path

from scale_app.errors import PrinterFailed


class FilePrinter:
    """Writes receipts under one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def print_rows(self, day: int, number: int, rows: Sequence[str]) -> Path:
        """The file that now holds the receipt.

        Raises:
            PrinterFailed: it could not be written; the sale stands.
        """
        return self._write(f"{day:08d}", f"{number:06d}", rows)

    def print_report(self, day: int, shift: int, rows: Sequence[str]) -> Path:
        """The file that now holds the Z report of a shift.

        Raises:
            PrinterFailed: it could not be written; the shift is closed all the same.
        """
        return self._write(f"{day:08d}", f"z-{shift:04d}", rows)

    def print_slip(self, day: int, name: str, rows: Sequence[str]) -> Path:
        """The file that now holds the slip of a card in doubt.

        Raises:
            PrinterFailed: it could not be written; the journal has the doubt all the same.
        """
        return self._write(f"{day:08d}", f"slip-{name}", rows)

    def print_label(self, day: int, rows: Sequence[str]) -> Path:
        """The file that now holds the label of a package.

        Raises:
            PrinterFailed: it could not be written; the goods have to be weighed again.
        """
        return self._write(f"{day:08d}", "label", rows)

    def _write(self, folder: str, name: str, rows: Sequence[str]) -> Path:
        place, text = self._directory / folder, "\n".join(rows) + "\n"
        try:
            file, copies = place / f"{name}.txt", 0
            while file.exists():
                copies += 1
                file = place / f"{name}-copy{copies}.txt"
            try:
                file.write_text(text, encoding="utf-8")
            except FileNotFoundError:  # the first of the day
                place.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise PrinterFailed(str(error)) from error
        return file
