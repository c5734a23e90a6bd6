"""Pieces of the screen, each a pure function to rows and a thin widget around it."""
