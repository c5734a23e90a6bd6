"""A chain that never was: a year of sales for trying reports and pages at size.

Everything is booked by the handlers that book what real tills send, entry by entry and in order,
so the books are valid to the last check; only seals and the broker between are left out.
"""
