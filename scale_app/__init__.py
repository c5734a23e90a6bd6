"""The program on the scale: weighs, prices, reads the card, takes the money, keeps its journal."""

__version__ = "0.1.0"
