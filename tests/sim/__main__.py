"""`./steelyard sim`: runs markets that fail, looks them through, and says what held.

--seed N --sales M       one market of at least M sales
--seeds A..B --jobs J    many, on J processors
--mutant NAME            with a planted bug; it must be found
--mutants                all of them; --list only names them
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.sim.evidence import Found
from tests.sim.mutants import MUTANTS
from tests.sim.run import Outcome, added_up, caught, run_seed, run_seeds
from tests.sim.world import Wish

MOST_SEEDS = 1_000
MUTANT_SALES = 100
PROGRESS_S = 1.0


def commit() -> str:
    """The commit that a failing seed has to be replayed on."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"


class Progress:
    """A line on stderr, now and then."""

    def __init__(self, what: str) -> None:
        self._what, self._began = what, time.monotonic()
        self._told = self._began

    def __call__(self, whole: int, done: int) -> None:
        now = time.monotonic()
        if now - self._told < PROGRESS_S:
            return
        self._told = now
        end = "\r" if sys.stderr.isatty() else "\n"
        text = f"sim: {done} of {whole} {self._what}, {now - self._began:.0f} s"
        print(text, end=end, file=sys.stderr, flush=True)


def table(found: list[Found]) -> str:
    """The invariants counted."""
    rows = [f"{'':8} {'looked at':>12} {'broken':>7}  promise"]
    rows += [
        f"{one.name:8} {one.checked:>12,} {len(one.broken):>7}  {one.promise}" for one in found
    ]
    return "\n".join(rows)


def told_of(outcome: Outcome, *, sales: int, mutant: str) -> str:
    """What broke, and how to see it again."""
    rows = [f"seed {outcome.seed} breaks {', '.join(one.name for one in outcome.broken)}"]
    for one in outcome.broken:
        rows += [f"  {one.name}: {text}" for text in one.broken[:3]]
    options = outcome.like.get("options", {})
    rows.append("  options: " + " ".join(f"{name}={value}" for name, value in options.items()))
    extra = f" --mutant {mutant}" if mutant else ""
    rows.append(
        f"  replay: ./steelyard sim --seed {outcome.seed} --sales {sales}{extra}"
        f"  (commit {commit()}, events {outcome.like.get('fingerprint', '?')})"
    )
    return "\n".join(rows)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="steelyard sim", description="Simulates whole markets that fail, and checks them."
    )
    made.add_argument("--seed", type=int, default=1, help="the market's seed (default 1)")
    made.add_argument("--sales", type=int, default=0, help="sales in each market (default 200)")
    made.add_argument("--seeds", help="a range of seeds, both ends in: 1..1000")
    made.add_argument("--jobs", type=int, default=1, help="processors for --seeds (default 1)")
    made.add_argument("--mutant", choices=sorted(MUTANTS), metavar="NAME", help="plants a bug")
    made.add_argument("--mutants", action="store_true", help="every planted bug must be found")
    made.add_argument("--list", action="store_true", help="names the planted bugs")
    made.add_argument("--json", action="store_true", help="the result as JSON, on stdout")
    return made


def seeds_of(text: str) -> range:
    """`1..1000` as a range.

    Raises:
        ValueError: no such text.
    """
    first, dots, last = text.partition("..")
    found = range(int(first), int(last if dots else first) + 1)
    if not found:
        raise ValueError(text)
    return found


def hunt(names: list[str], *, sales: int, as_json: bool) -> int:
    """Every planted bug, and the first seed that finds it; 1 when one was missed."""
    rows, progress = [], Progress("planted bugs")
    for done, name in enumerate(names):
        progress(len(names), done)
        outcome = caught(name, sales=sales, seeds=range(1, MOST_SEEDS + 1))
        broken = [one.name for one in outcome.broken] if outcome else []
        rows.append({"mutant": name, "seed": outcome.seed if outcome else None, "broken": broken})
        if not as_json:
            seen = f"seed {outcome.seed}, {' '.join(broken)}" if outcome else "NOT FOUND"
            print(f"{name:22} {seen:42} {MUTANTS[name].story}", flush=True)
    missed = [row["mutant"] for row in rows if row["seed"] is None]
    if as_json:
        print(json.dumps({"commit": commit(), "sales": sales, "mutants": rows}, indent=2))
    elif missed:
        print(f"not found in {MOST_SEEDS} seeds: {', '.join(map(str, missed))}", file=sys.stderr)
    return 1 if missed else 0


def many(seeds: range, *, sales: int, jobs: int, mutant: str) -> list[Outcome]:
    """All seeds of a range."""
    progress, outcomes = Progress("seeds"), []
    wishes = [Wish(seed, sales) for seed in seeds]
    for outcome in run_seeds(wishes, jobs=jobs, mutant=mutant):
        outcomes.append(outcome)
        progress(len(seeds), len(outcomes))
    return sorted(outcomes, key=lambda one: one.seed)


def until_found(first: int, *, sales: int, mutant: str) -> list[Outcome]:
    """A planted bug from that seed on, until it is found."""
    progress = Progress("seeds")
    for seed in range(first, first + MOST_SEEDS):
        progress(MOST_SEEDS, seed - first)
        outcome = run_seed(Wish(seed, sales), mutant)
        if outcome.broken:
            break
    return [outcome]


def main(words: list[str] | None = None) -> int:
    """0 when every invariant held; 1 when one broke, with its seed; 2 for a wrong command line."""
    made = parser()
    said = made.parse_args(words)
    if said.list:
        print("\n".join(f"{one.name:22} {one.story}" for one in MUTANTS.values()))
        return 0
    if said.mutants:
        return hunt(list(MUTANTS), sales=said.sales or MUTANT_SALES, as_json=said.json)
    began, sales, mutant = time.monotonic(), said.sales or 200, said.mutant or ""
    if said.seeds:
        try:
            seeds = seeds_of(said.seeds)
        except ValueError:
            made.error(f"--seeds {said.seeds}: write 1..1000")
        outcomes = many(seeds, sales=sales, jobs=said.jobs, mutant=mutant)
    elif mutant:
        outcomes = until_found(said.seed, sales=sales, mutant=mutant)
    else:
        outcomes = [run_seed(Wish(said.seed, sales), told=Progress("sales"))]
    return shown(outcomes, sales=sales, mutant=mutant, took_s=time.monotonic() - began,
                 as_json=said.json)  # fmt: skip


def shown(outcomes: list[Outcome], *, sales: int, mutant: str, took_s: float, as_json: bool) -> int:
    """Prints the result; 1 when something broke."""
    found = added_up(outcomes)
    broken = [one for one in outcomes if one.broken]
    done = sum(one.sales for one in outcomes)
    if as_json:
        rows = [
            {"name": f.name, "promise": f.promise, "looked_at": f.checked, "broken": list(f.broken)}
            for f in found
        ]  # fmt: skip
        whole = {
            "commit": commit(), "seeds": len(outcomes), "sales": done, "seconds": round(took_s, 1),
            "holds": not broken, "invariants": rows, "runs": [one.like for one in broken] or
            [one.like for one in outcomes[:1]],
        }  # fmt: skip
        print(json.dumps(whole, indent=2))
        return 1 if broken else 0
    print(table(found))
    like = outcomes[0].like
    if len(outcomes) == 1 and like:
        print(f"options  {' '.join(f'{k}={v}' for k, v in like['options'].items())}")
        print(f"events   {like['events']:,}, fingerprint {like['fingerprint']}, "
              f"{like['simulated_s']:,} simulated seconds, frames {like['frames']}")  # fmt: skip
    print(f"{done:,} sales in {len(outcomes):,} markets, {took_s:.1f} s, commit {commit()}")
    for one in broken[:5]:
        print(told_of(one, sales=sales, mutant=mutant))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
