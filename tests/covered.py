"""`python -m tests.covered`: every branch of the pure machines, the ledger and the journal is run.

Only the tests beside these modules, and those tills of `tests/scale_app/terminal` that use a part
of the journal, so that it takes seconds. Exit 1 names the lines that nothing runs.
"""

import sys

import coverage
import pytest

MODULES = (
    "backoffice/ledger.py",
    "backoffice/operations.py",
    "broker/ranges.py",
    "scale_app/journal/*",
    "scale_app/tender_machine.py",
)
TESTS = (
    "tests/backoffice/test_ledger.py",
    "tests/backoffice/test_operations.py",
    "tests/broker/test_ranges.py",
    "tests/scale_app/test_tender_machine.py",
    "tests/scale_app/journal/test_database.py",
    "tests/scale_app/journal/test_damage.py",
    "tests/scale_app/journal/test_evidence.py",
    "tests/scale_app/journal/test_let_go.py",
    "tests/scale_app/journal/test_past.py",
    "tests/scale_app/journal/test_rescue.py",
    "tests/scale_app/journal/test_signatures.py",
    "tests/scale_app/journal/test_signing_key.py",
    "tests/scale_app/journal/test_store.py",
    "tests/scale_app/journal/test_trail.py",
    "tests/scale_app/terminal/test_comparing.py",
    "tests/scale_app/terminal/test_damaged.py",
    "tests/scale_app/terminal/test_new_epoch.py",
    "tests/scale_app/terminal/test_offline.py",
    "tests/scale_app/terminal/test_park.py",
    "tests/scale_app/terminal/test_purse.py",
    "tests/scale_app/terminal/test_recovery.py",
    "tests/scale_app/terminal/test_silence.py",
    "tests/scale_app/terminal/test_undo.py",
    "tests/scale_app/terminal/test_void.py",
)


def main() -> int:
    """Runs the tests and prints what they left out; 0 when it is nothing."""
    measured = coverage.Coverage(branch=True, include=list(MODULES), data_file=None)
    measured.start()
    failed = pytest.main(["-q", *TESTS])
    measured.stop()
    share = measured.report(show_missing=True, skip_covered=True)
    return int(failed != 0 or share < 100)


if __name__ == "__main__":
    sys.exit(main())
