"""The weighing package, from bytes to a load that may be sold."""
