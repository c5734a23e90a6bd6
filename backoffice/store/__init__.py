"""Door: the books on disk, and the only importer of sqlite-utils in the back-office.

One writer, WAL, `synchronous=FULL`, STRICT tables. `Store` opens the file; its parts speak of one
thing each: `directory` (organisation, stores, terminals, price lists), `journal` (entries as they
came), `operations`, `cards`, `ledger`, `sales`, `notes` (alerts, quarantine, counters).
"""

from backoffice.store.books import Store, open_read_only, open_store
from backoffice.store.statements import is_file_trouble

__all__ = ["Store", "is_file_trouble", "open_read_only", "open_store"]
