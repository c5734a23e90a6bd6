"""One family of serial scale protocols a file; each a pure decoder and the facts of its line."""
