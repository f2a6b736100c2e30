"""What a probe says of reminders inside the thinking, in worlds of which it is known what a reminder does.

    python benchmarks/reminders.py [--runs 60]

Each problem is thought about twice; at five places of each thinking a reminder, or neutral text as long, is put in, and
the model goes on until it breaks the instruction or ends. A world is the chance of that in the next eight tokens, by
how many tokens ago the instruction last stood and how far into the thinking the text is. Thinkings are of very
different lengths and problems of different strictness. No text is written: places are drawn, and the report's own
formulas and sentences applied to them.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tabulate import tabulate

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mathif.results import Refresh
from mathif.stats import Array, hazard_growth, hazard_ratio, odds_growth
from mathif.wording.probe import of_reminders

PROBLEMS, SAMPLES = (25, 60), 2
PLACES = (0, 0.25, 0.5, 0.75, 1)
STEP, USUAL = 8, 256
"""Tokens that are one chance to slip, and those of a thinking of the usual length."""

Law = Callable[[Array, Array, bool], Array]
"""From tokens since the instruction last stood, tokens since the thinking began, and whether the model was reminded."""

LAWS: Mapping[str, Law] = {
    "more chances": lambda since, at, told: 0.03 + 0 * since,
    "more chances, a reminder halves them anywhere": lambda since, at, told: (0.015 if told else 0.03) + 0 * since,
    "the hold weakens in proportion": lambda since, at, told: 0.045 * since / USUAL,
    "the hold weakens with the root": lambda since, at, told: 0.036 * np.sqrt(since / USUAL),
    "the hold is lost after 150 tokens": lambda since, at, told: np.where(since < 150, 0.0045, 0.048),
    "half of each": lambda since, at, told: 0.015 + 0.024 * since / USUAL,
    "it weakens, and no reminder is heeded": lambda since, at, told: 0.045 * at / USUAL,
    "the reminder is resisted": lambda since, at, told: (0.03 if told else 0.0165) + 0 * since,
}
SAID = {
    "not bring back": "weaker, not brought back",
    "fits weaker control": "weaker control",
    ": weaker control fits": "weaker control",
    "fits more chances": "more chances",
    "fits neither": "neither",
    "is not shown to change": "the same",
    "not told": "not told",
}
"""What a sentence says, by words of it; the first that it holds counts."""


class Texts(NamedTuple):
    """Texts that follow an insertion: columns as `hazard_growth` takes them."""

    place: Array
    broken: Array
    neutral: Array
    part: Array
    item: Array


def texts(law: Law, problems: int, seed: int) -> tuple[Texts, Texts]:
    """Return what follows the insertions, in the thinking and in the reply."""
    rng = np.random.default_rng([problems, seed])
    rows: tuple[list[tuple[float, ...]], list[tuple[float, ...]]] = ([], [])
    for problem in range(problems):
        strict = 2 ** rng.normal(0, 0.6)
        for length in np.maximum(20, USUAL * 2 ** rng.normal(0, 1, SAMPLES)):
            for part in PLACES:
                for told in (True, False):
                    rest = max(4.0, length * (1 - part + 0.3 * 2 ** rng.normal(0, 0.5)))
                    for side, begins, size in ((0, 0.0, rest), (1, rest, max(8, 100 * 2 ** rng.normal(0, 0.5)))):
                        ahead = begins + np.arange(1, size, STEP)
                        at = part * length + ahead
                        risk = np.clip(strict * law(ahead if told else at, at, told), 0, 0.95)
                        hits = np.flatnonzero(rng.random(len(ahead)) < risk)
                        place = 1 + STEP * hits[0] if len(hits) else size
                        rows[side].append((place, float(len(hits) > 0), float(not told), part, problem))
    thinking, reply = (Texts(*map(np.array, zip(*side, strict=True))) for side in rows)
    return thinking, reply


def said(thinking: Texts, reply: Texts) -> Iterator[tuple[str, str]]:
    """Yield for each sentence what it is about and what it says."""
    owners = thinking.item
    calm = thinking.neutral == 1
    loss = hazard_ratio(*(column[calm] for column in (thinking.place, thinking.broken, thinking.part, owners, owners)))
    found = {
        "reply": Refresh(points=(), growth=hazard_growth(*reply, reply.item), odds=odds_growth(*reply[1:], reply.item)),
        "thinking": Refresh(points=(), growth=hazard_growth(*thinking, owners), loss=loss),
    }
    for sentence in of_reminders(found):
        about = "odds" if "any constraint" in sentence else "reply" if "in the reply" in sentence else "thinking"
        yield about, next((name for words, name in SAID.items() if words in sentence), "cannot be told")


def main() -> None:
    """Print for each world and number of problems how often each thing is said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=60)
    runs = parser.parse_args().runs
    rows = []
    for name, law in LAWS.items():
        for problems in PROBLEMS:
            counts: dict[str, Counter[str]] = {"thinking": Counter(), "reply": Counter(), "odds": Counter()}
            for seed in range(runs):
                for about, what in said(*texts(law, problems, seed)):
                    counts[about][what] += 1
            told = (", ".join(f"{what} {count}" for what, count in one.most_common()) for one in counts.values())
            rows.append([name, problems, *told])
    print(tabulate(rows, ["world", "problems", *counts], tablefmt="pipe"))


if __name__ == "__main__":
    main()
