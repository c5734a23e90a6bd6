"""`./steelyard bench NAME`: runs one benchmark and prints its table."""

import argparse
import importlib
import sys

BENCHES = {
    "cards": "a tap on M1 and a purchase from a purse through pcscd, beside their bare parts",
    "reconcile": "one difference among 100,000 sales, found and repaired",
    "reports": "each report of a month and a year on a million lines, its page, and files",
    "restart": "kill -9 until till, office and broker work again",
    "sale": "a stored-value sale over the wire, from 1, 2, 4 and 8 tills",
    "screen": "the till's first frame, memory and key to frame",
    "weighing": "decoders, bytes in to priced line, garbage, goods down to a price, on screen",
}


def main() -> int:
    """Runs the named benchmark; 0 when it ran, 1 when a sale was lost in it or a goal missed."""
    parser = argparse.ArgumentParser(prog="steelyard bench")
    parser.add_argument("name", choices=sorted(BENCHES), help="; ".join(BENCHES.values()))
    parser.add_argument("--quick", action="store_true", help="a tenth of the sales")
    parser.add_argument("--lines", type=int, default=0, help="of reports: lines of sales in books")
    words = parser.parse_args()
    bench = importlib.import_module(f"tests.bench.{words.name}")
    size = {"lines": words.lines} if words.lines else {}
    code: int = bench.run(quick=words.quick, **size)
    return code


if __name__ == "__main__":
    sys.exit(main())
