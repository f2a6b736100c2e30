"""How often the 95 % intervals of the pooled slopes hold the truth where a run has few problems.

    python benchmarks/few_problems.py [--runs 600]

Length grows with the difficulty of a problem, and failure too; length itself does nothing. The truth is the same slope
over 6,000 problems. A clustered error rests on as many values as there are problems, so that few of them are what it
is tried by.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from tabulate import tabulate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mathif.stats import Slope, slope, within_between

DESIGNS = ((10, 24), (12, 8), (20, 4), (40, 4), (100, 4))
"""Problems, and samples of each."""


def slopes(problems: int, samples: int, seed: int) -> Mapping[str, Slope]:
    """Return the slopes of one simulated run."""
    rng = np.random.default_rng(seed)
    owners = np.repeat(np.arange(problems), samples)
    hard, ease = rng.normal(size=problems)[owners], rng.normal(0, 0.5, size=problems)[owners]
    length = 0.8 * hard + rng.normal(0, 0.8, size=len(owners))
    obeyed = (rng.random(len(owners)) < 1 / (1 + np.exp(-(0.4 - 0.5 * hard + ease)))).astype(float)
    apart = within_between(obeyed, length, owners, owners)
    return {"raw": slope(obeyed, length, owners), "mundlak": apart.within, **apart._asdict()}


def main() -> None:
    """Print for each design the share of intervals that hold the truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=600)
    runs = parser.parse_args().runs
    rows = []
    for problems, samples in DESIGNS:
        truth = {name: found.value for name, found in slopes(6000, samples, 0).items()}
        held: dict[str, list[bool]] = {name: [] for name in ("raw", "mundlak", "between", "gap")}
        for seed in range(1, runs + 1):
            found = slopes(problems, samples, seed)
            for name, ends in held.items():
                low, high, true = found[name].low, found[name].high, truth[name]
                if low is not None and high is not None and true is not None:
                    ends.append(low <= true <= high)
        rows.append([problems, samples, *(f"{100 * sum(ends) / len(ends):.1f}" for ends in held.values())])
    print(tabulate(rows, ["problems", "samples", *held], disable_numparse=True))


if __name__ == "__main__":
    main()
