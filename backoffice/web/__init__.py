"""The office in a browser: pages that read the books, and forms that ask the one writer.

The pages open the books read-only, and every change goes through the same commands as the command
line's. What a page shows is held to the person's role and stores in `guard` and `page`, once.
"""
