"""The till's journal: what was promised and paid, on this disk before the screen says so.

`schema` the tables, `database` the file and its transactions, `entries` the numbered chain,
`store` the verbs that the till uses. Only the core thread (or one command line) holds it.
"""
