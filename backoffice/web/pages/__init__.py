"""The pages: one module a subject, each page a function from a visit to a response."""
