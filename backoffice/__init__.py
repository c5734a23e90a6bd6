"""The program of the chain: accepts each sale once, keeps the books, answers the scales, reports."""
