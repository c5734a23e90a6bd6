"""Commands of a PBOC / FMCOS processor card, one function each; no decision is taken here.

Source of every layout: FMCOS2.0 general manual (Fudan) chapters 6 to 9 and its special manual for
issuing; checked against the logs named in docs/evidence.md.
"""
