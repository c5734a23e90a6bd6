"""The program of the chain: takes each sale once, keeps the books, answers the scales, reports."""
