"""How often the intervals of a comparison hold nothing where nothing changed, and how often a kind is named by chance.

`python benchmarks/compare_coverage.py --runs 400`: two runs of one model, 60 problems × 4 samples, in a world where
difficulty drives both length and failure and longer thinking is diluted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mathif.compare.changes import arm_changes
from mathif.records import Graded, Profile
from mathif.report.marked import by_arm, read
from mathif.results import METRICS
from mathif.stats import Estimate
from mathif.wording.comparison import changed
from tests.worlds import World

SAMPLES = 4
WORLD = World(problems=60, samples=2 * SAMPLES, difficulty=1.0, length=-0.3)


def earlier(row: Graded) -> Graded:
    """Return the row as a sample of the second run: the problem and its difficulty are the same, the reply is new."""
    sample = row.sample - SAMPLES
    return replace(row, sample=sample, key=f"{row.key.rpartition('#')[0]}#{sample}")


def main() -> None:
    """Print for each change the share of intervals that hold zero."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    runs = parser.parse_args().runs
    known, held, named = Counter[str](), Counter[str](), 0
    for seed in range(runs):
        rows = WORLD.rows(seed, ("constrained", "plain"))
        first = by_arm(read(row for row in rows if row.sample < SAMPLES))
        second = by_arm(read(earlier(row) for row in rows if row.sample >= SAMPLES))
        found = arm_changes("constrained", first, second, Profile.MATHIF)
        steps: dict[str, Estimate] = {metric.key: metric.change(found.overall) for metric in METRICS}
        steps |= {"dilution": found.dilution.change}
        if found.lift:
            steps["lift"] = found.lift.hacc
        for name, step in steps.items():
            if step.low is not None:
                known[name] += 1
                held[name] += step.sign() == 0
        named += any(changed(row) for row in found.by_kind.values())
    for name, count in known.items():
        print(f"{name:10} {100 * held[name] / count:5.1f} % of {count}")
    print(f"a kind is named in {100 * named / runs:.1f} % of {runs} comparisons")


if __name__ == "__main__":
    main()
