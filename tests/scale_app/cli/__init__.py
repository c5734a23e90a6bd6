"""The command line of the till."""
