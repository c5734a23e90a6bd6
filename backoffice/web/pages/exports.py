"""Reports as files: CSV, workbook and JSON of exactly what a page shows, every row of it.

A file that takes long is made by a job that its page follows; what is short is made at once in a
temporary file, so a browser that goes away leaves nothing open.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlencode

from starlette.responses import FileResponse, Response, StreamingResponse

from backoffice.errors import Refused
from backoffice.reports.answer import Answer, answered, headed, streamed
from backoffice.reports.question import Question
from backoffice.reports.render import as_json, csv_lines
from backoffice.reports.report import Names, Report, Row
from backoffice.reports.xlsx import write_xlsx
from backoffice.store import Store, open_read_only
from backoffice.store.directory import ORG
from backoffice.web.jobs import Job, Told, TooManyJobs, Work, new_job
from backoffice.web.pages.reports import asked_by, my_names, report_named, words_of
from backoffice.web.visit import Visit
from backoffice.words import N_, Translate

LONG: Final = {"csv": 150_000, "xlsx": 20_000, "json": 50_000}
"""More rows than this take more than two seconds: a job."""
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_CHUNK: Final = 65_536
_TELL_EVERY: Final = 2000


def export(visit: Visit) -> Response:
    """A report as a file; asks before it begins one that takes long."""
    shown, form = report_named(visit), visit.request.path_params["form"]
    if shown is None or form not in TYPES:
        return visit.show("refused.html", 404, sentence=visit._(N_("There is no such report.")))
    question = asked_by(visit, shown)
    rows = _count(visit.store, shown, question)
    name = f"{shown.name}-{question.period.first}-{question.period.last}.{form}"
    query = urlencode(words_of(visit))
    if rows > LONG[form]:
        if visit.request.method == "GET":
            return visit.show(
                "export.html", report=shown, rows=rows, query=query, form=form,
                back=f"/reports/{shown.name}?{query}",
            )  # fmt: skip
        return _begun(visit, shown, question, name=name, rows=rows)
    out = tempfile.TemporaryFile()  # noqa: SIM115  closed when it was sent
    _written(visit.store, out, _Wish(shown, question, form, my_names(visit)))
    size = out.tell()
    out.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="{name}"', "content-length": str(size),
    }  # fmt: skip
    return StreamingResponse(_chunks(out), media_type=TYPES[form], headers=headers)


def _count(store: Store, shown: Report, question: Question) -> int:
    """Rows at most: counted for lists only, the others are short."""
    if not shown.is_list:
        return 0
    period = question.period
    [(count, _)] = store.report(
        "check_counted", org=ORG, first=period.first, last=period.last
    )[1]  # fmt: skip
    return int(count)


def _chunks(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while chunk := out.read(_CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to stand in the file, and in whose words."""

    shown: Report
    question: Question
    form: str
    names: Names

    @property
    def translate(self) -> Translate:
        """Words in the reader's language."""
        return self.names._


def _written(store: Store, out: IO[bytes], wish: _Wish, told: Told = lambda _done: None) -> int:
    """Writes a file and gives back how many rows it has."""
    shown, question, form, names = wish.shown, wish.question, wish.form, wish.names
    if form == "json":
        whole = answered(store, shown, names, question, compare=True)
        out.write(json.dumps(as_json(whole), ensure_ascii=False).encode())
        return len(whole.rows)
    answer, rows = _rows(store, shown, question, names)
    if form == "xlsx":
        return write_xlsx(out, answer, wish.translate, rows=rows, told=told)
    count = -1
    for count, line in enumerate(csv_lines(answer, wish.translate, rows)):
        out.write(line.encode())
        if count % _TELL_EVERY == 0:
            told(count)
    return count


def _rows(
    store: Store, shown: Report, question: Question, names: Names
) -> tuple[Answer, Iterable[Row]]:
    if shown.is_list:
        return headed(store, shown, question), streamed(store, shown, names, question)
    answer = answered(store, shown, names, question, compare=True)
    return answer, answer.rows


def _begun(visit: Visit, shown: Report, question: Question, *, name: str, rows: int) -> Response:
    job = new_job(visit.me.name, name, shown.title, most=rows, now=visit.site.ticks())
    wish = _Wish(shown, question, name.rpartition(".")[2], my_names(visit))
    try:
        visit.site.jobs.start(job, _work(visit.site.books, wish), visit.site.ticks())
    except TooManyJobs:
        raise Refused(N_("Three files are being made for you; wait for one of them.")) from None
    return visit.go(f"/reports/jobs/{job.id}")


def _work(books: Path, wish: _Wish) -> Work:
    """Makes the file with a connection of its own: the visit is over when it runs."""

    def work(path: Path, told: Told) -> int:
        store = open_read_only(books)
        try:
            with path.open("wb") as out:
                return _written(store, out, wish, told)
        finally:
            store.close()

    return work


def _mine(visit: Visit) -> Job | None:
    return visit.site.jobs.find(visit.request.path_params["id"], visit.me.name)


def job(visit: Visit) -> Response:
    """How far a file is; with ?part=1 only the changing part of the page."""
    found = _mine(visit)
    if found is None:
        return visit.show(
            "refused.html", 404, sentence=visit._(N_("There is no such file any more."))
        )
    template = "job_part.html" if visit.asked("part") else "job.html"
    return visit.show(template, job=found)


def fetch(visit: Visit) -> Response:
    """The file of a job that is done."""
    found = _mine(visit)
    if found is None or found.path is None:
        return visit.show(
            "refused.html", 404, sentence=visit._(N_("There is no such file any more."))
        )
    kind = TYPES[found.filename.rpartition(".")[2]]
    return FileResponse(found.path, filename=found.filename, media_type=kind)
