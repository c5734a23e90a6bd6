"""What a person at the desk changes in the books: a noun a file, all of them in `table`."""
