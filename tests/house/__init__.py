"""The house keeps its own rules: imports, sizes, words in tracked files, documents that run."""
