"""How often a 95 % interval holds the truth: every number of a report, in a world whose truth is known.

    python benchmarks/coverage.py [--runs 1000] [--problems 100] [--samples 4]

The truth is the same number in a world of the same kind with 100 times as many problems. Printed for each number: the
share of runs whose interval holds it (95 % is right), the mean width, and the share of runs in which there was none.
Last: how often a false dilution is found where difficulty alone drives both length and failure.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tabulate import tabulate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mathif.records import Profile
from mathif.report import summarize
from mathif.schemas import to_json
from tests.worlds import World, posed

ARMS, RUNGS = ("constrained", "plain"), (1, 2)
SKIPPED = {"by_length", "by_source", "by_tier", "floor", "loose", "loose_gain", "first_violation", "claims"}
"""Bins with edges of their own, groups like others, and numbers without any chance in this world."""


def numbers(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every estimate of a report with its path."""
    if isinstance(node, dict) and "value" in node:
        yield path, node
    elif isinstance(node, dict):
        for name, child in node.items():
            if name not in SKIPPED:
                yield from numbers(child, (*path, name))


def profile(world: World, seed: int) -> dict[str, Any]:
    """Return the figures of one simulated run."""
    figures = summarize(world.rows(seed, ARMS, RUNGS)).profiles[Profile.MATHIF]
    return to_json(figures)


Profiles = Callable[[int, int], dict[str, Any]]
"""Return the figures of one simulated run, from its seed and by how much it is larger than the others."""


def coverage(profiles: Profiles, runs: int) -> list[list[str]]:
    """Return a row for each number of the report: path, coverage, width, share of runs without it.

    The band of a curve holds where it holds the straight line of the true slope at each of its places.
    """
    truth = dict(numbers(profiles(0, 100)))
    held: dict[tuple[str, ...], list[bool]] = defaultdict(list)
    widths: dict[tuple[str, ...], float] = defaultdict(float)
    for seed in range(1, runs + 1):
        for path, found in numbers(profiles(seed, 1)):
            if "at" in found:
                slope = truth[(*path[:-1], "within")]["value"]
                band = list(zip(found["at"], found["low"], found["high"], strict=True))
                if band:
                    held[path].append(all(low <= slope * at <= high for at, low, high in band))
                    widths[path] += max(high - low for _, low, high in band)
                continue
            true = truth.get(path, {}).get("value")
            if found["low"] is not None and true is not None:
                held[path].append(found["low"] <= true <= found["high"])
                widths[path] += found["high"] - found["low"]
    return [
        [" ".join(path), *(f"{100 * sum(row) / len(row):.1f}", f"{widths[path] / len(row):.3f}", f"{runs - len(row)}")]
        for path, row in held.items()
    ]


def of_versions(seed: int, times: int) -> dict[str, Any]:
    """Return what steps and surface do in a world in which length, moved by steps, lowers obedience."""
    rows = posed(seed, surfaces=("familiar", "unfamiliar"), length=-0.3, strange=-0.1, problems=60 * times)
    return {"versions": to_json(summarize(rows).profiles[Profile.MATHIF].effects["constrained"].versions)}


def false_dilution(world: World, runs: int) -> list[list[str]]:
    """Return how often each slope of HAcc excludes 0 where length does nothing."""
    found: dict[str, int] = defaultdict(int)
    for seed in range(1, runs + 1):
        slopes = profile(world, seed)["length"]["arms"]["constrained"]["hacc"]
        for way in ("raw", "adjusted", "within", "mundlak"):
            found[way] += slopes[way]["value"] is not None and not slopes[way]["low"] <= 0 <= slopes[way]["high"]
    return [[way, f"{100 * count / runs:.1f}"] for way, count in found.items()]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("runs", 1000), ("problems", 100), ("samples", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    world = World(
        problems=given.problems, samples=given.samples, difficulty=1.0, length=-0.3, profiles=(Profile.MATHIF,)
    )
    print(f"{given.problems} problems x {given.samples} samples, {given.runs} runs")
    head = ["number", "held, %", "width", "none"]

    def of_world(seed: int, times: int) -> dict[str, Any]:
        return profile(replace(world, problems=times * world.problems), seed)

    print(tabulate(coverage(of_world, given.runs), head, disable_numparse=True))
    print("\nVersions of 60 problems: 3 step counts x 2 tellings x 2 samples")
    print(tabulate(coverage(of_versions, given.runs), head, disable_numparse=True))
    print("\nFalse dilution, % of runs (difficulty drives length and failure, length does nothing)")
    print(tabulate(false_dilution(replace(world, length=0.0), given.runs), ["slope", "found"], disable_numparse=True))


if __name__ == "__main__":
    main()
