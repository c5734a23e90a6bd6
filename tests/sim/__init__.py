"""The simulator: whole markets in one thread, with the programs' own code and a world that fails.

Clock, network, disk, power, cards and people come from one seeded source of chance, so a seed is a
history: the same seed, number of sales and commit give the same events, whatever machine runs them.
"""
