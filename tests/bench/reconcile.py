"""One planted difference among the sales of a shift: found and repaired, how fast, how many bytes.

A real journal file and real books; the frames are sealed as on the wire and handed over in one
process. Beside it, in the same run, SHA-256 over the same bodies.
"""

import tempfile
import time
from hashlib import sha256
from pathlib import Path

from tests.reconciled import Reconciled

SALES = 100_000
GOAL_S, GOAL_BYTES = 5.0, 20_000


def run(*, quick: bool) -> int:
    """Prints the table; 1 when the difference was not found exactly or a goal was missed."""
    sales = SALES // 10 if quick else SALES
    with tempfile.TemporaryDirectory() as folder:
        print(f"{sales} sales go into a journal and the books ...", flush=True)
        books = Reconciled(Path(folder), sales)
        planted = sales * 7 // 9
        books.plant(f"DELETE FROM entry WHERE seq = {planted}")
        found = books.compare()
        bodies = books.journal.compared.bodies(1, 1, sales)
        begun = time.perf_counter()
        for body in bodies:
            sha256(body).digest()
        bare = time.perf_counter() - begun
        books.close()
    print(f"{'seconds':>9}{'bytes':>8}{'questions':>11}{'x SHA-256':>11}")
    ratio = found.seconds / bare
    print(f"{found.seconds:>9.2f}{found.wire_bytes:>8}{found.questions:>11}{ratio:>11.1f}")
    exact = (found.repaired, found.differing) == ((planted,), ())
    print(f"found exactly: {exact}; goals: {GOAL_S:.0f} s, {GOAL_BYTES} bytes")
    return int(not exact or found.seconds > GOAL_S or found.wire_bytes > GOAL_BYTES)
