"""What can go wrong in the program on the scale.

    ScaleAppError
    +-- BadSettings       till.toml or the enrolment directory cannot be used; the sentence says why
    |   +-- NoTerminal      a screen was asked for where there is no terminal
    +-- StateInUse        another program holds this state directory
    +-- JournalError
    |   +-- JournalFull     no room left on the disk; nothing was written
    |   +-- JournalBroken   the file is damaged, or its chain does not hold
    |   +-- JournalNewer    the file was made by a newer program
    |   +-- JournalRefused  a step that the journal's state does not allow
    +-- KeyDamaged        the file of the till's signing key cannot be used
    +-- PricesRefused     a price list with a bad signature, unreadable, or older than ours
    +-- PrinterFailed     the receipt could not be printed; the sale stands

Each has a `code` (a stable word); `str()` of BadSettings is a sentence for the person who set the
till up, the others are drawn through the catalogue.
"""


class ScaleAppError(Exception):
    """Root of this tree; `code` is a stable word."""

    code = "scale-app"


class BadSettings(ScaleAppError):
    """The settings cannot be used; `str()` says which file, which place and what to do."""

    code = "bad-settings"


class NoTerminal(BadSettings):
    """A screen was asked for where there is no terminal; `str()` is the sentence."""

    code = "no-terminal"


class StateInUse(ScaleAppError):
    """Another program holds the lock of this state directory."""

    code = "state-in-use"


class JournalError(ScaleAppError):
    """The journal could not do what was asked; nothing was half done."""

    code = "journal"


class JournalFull(JournalError):
    """No room on the disk; the transaction was undone."""

    code = "disk-full"


class JournalBroken(JournalError):
    """The journal's file or chain is damaged; `str()` says where."""

    code = "journal-broken"


class JournalDamaged(JournalBroken):
    """What stands in the journal is not what was written; a new one can be begun."""

    code = "journal-damaged"


class JournalNewer(JournalBroken):
    """The journal has a schema that this program does not know yet."""

    code = "journal-newer"


class JournalRefused(JournalError):
    """A step the tender's state does not allow; our own bug, stopped before it costs money."""

    code = "journal-refused"


class KeyDamaged(ScaleAppError):
    """The signing key's file is unreadable or holds no key; the next start makes a new one."""

    code = "key-damaged"


class PricesRefused(ScaleAppError):
    """A price list that must not be sold by."""

    code = "prices-refused"


class PrinterFailed(ScaleAppError):
    """The receipt could not be written; the sale stands and can be printed again."""

    code = "printer-failed"
