"""Print how many rewards a second: `python benchmarks/rewards.py [--chars N] [--seconds S] [--processes N]`."""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor

from tabulate import tabulate

from mathif.constraints.witness import null_reply, witness
from mathif.rewards import Label, score
from mathif.tasks import load


def replies(chars: int) -> list[tuple[str, str]]:
    """Return labels of `core` with obedient replies, padded to about `chars` characters with thinking and prose."""
    filler = "Let us look at the next case and count what is left over in it. "
    found = []
    for item in load("core").items:
        if item.constraints:
            text = witness(item.constraints, null_reply(item.problem.answer)) or ""
            thinking = filler * max(0, (chars - len(text)) // len(filler))
            found.append((Label(item).to_text(), f"<think>{thinking}</think>\n{text}"))
    return found


def rewards_in(chars: int, seconds: float) -> int:
    """Return how many rewards one process computes in `seconds`."""
    rows = replies(chars)
    for label, text in rows[:50]:
        score(label, text)  # the graders load when first used
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        label, text = rows[done % len(rows)]
        score(label, text)
        done += 1
    return done


def main() -> None:
    """Print rewards a second, for one process and for all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chars", type=int, default=4000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    rows = []
    for processes in sorted({1, given.processes}):
        with ProcessPoolExecutor(processes) as pool:
            counts = list(pool.map(rewards_in, [given.chars] * processes, [given.seconds] * processes))
        rows.append((processes, sum(counts), f"{sum(counts) / given.seconds:,.0f}"))
    print(tabulate(rows, headers=("processes", "rewards", "a second"), tablefmt="github"))


if __name__ == "__main__":
    main()
