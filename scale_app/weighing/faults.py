"""Faults of a line that a person has to mend; each is a sentence."""


class LineFault(Exception):
    """The line cannot be opened or broke; `args[0]` says what and what to do."""
