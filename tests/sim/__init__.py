"""The simulator: whole markets in one thread, with the programs' own code and a world that fails.

Clock, network, disk, power, cards and people come from one seeded source of chance, so a seed is a
history: the same seed, number of sales and commit give the same events, whatever machine runs them.

What the invariants look away from, and why it cannot be otherwise:

- **A disk was swapped for an old copy.** The copy gives receipt numbers again, so a number on a
  screen names no one sale (I18, the scale's loads). What ended on the lost disk alone nobody else
  can tell: its approvals stay open, with their money, for a person (I3, I5, I7). The office may
  have sales that no Z of the till can count (I11), and two lives under one number: `report check`
  calls that a gap or a broken chain, and the alarms of copies are true (I19, alarm).
- **The office was put back to a backup.** An approval that was lost with its disk comes back as a
  payment without one, and the alarm `stand-in` says so. Nothing else is excused.
- **Frames are forged.** The alarm `message-refused` is true.
- **Clocks jump.** Nobody can say how old a till believes its list to be (I13).
"""
