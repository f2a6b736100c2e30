"""Search the best fixed text for a task: what one reply scores that is given to every item and knows none of them.

Usage: python benchmarks/constant.py TASK [--seconds 180] [--seed 0] [--start FILE …] [--aim singles] [--write]

The search may read the task. It climbs from several starts: a step makes the text obey a few constraints that it does
not obey yet, or all of one kind, each by the kind's own edit with the arguments of some item, or takes lines away,
moves them, doubles them or changes their letter case, and is kept when the text scores no worse. Cooling lets it go
down a little, early.
`--write` stores the text beside the task, where `mock:constant` finds it; the digest of the task is of its items only.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from mathif import tasks
from mathif.constraints import Constraint, judge
from mathif.constraints.witness import null_reply
from mathif.items import Task

LONGEST = 12_000
"""Characters; a longer text has no place in a reply."""


class Score(NamedTuple):
    """What a text scores, as shares of the items and of the constraints."""

    hacc: float
    sacc: float
    singles: float


class Aim:
    """The items of a task as sets of distinct constraints, so that each is judged once for a text."""

    def __init__(self, task: Task) -> None:
        index: dict[Constraint, int] = {}
        self.items = [
            tuple(index.setdefault(one, len(index)) for one in item.constraints)
            for item in task.items
            if item.constraints
        ]
        self.constraints = list(index)

    def obeyed(self, text: str) -> list[bool]:
        """Tell for each constraint whether `text` obeys it."""
        return [judge(constraint, text).passed for constraint in self.constraints]

    def score(self, obeyed: Sequence[bool]) -> Score:
        """Return the score over the items."""
        shares = [[obeyed[one] for one in item] for item in self.items]
        singles = [share for share in shares if len(share) == 1]
        return Score(
            sum(map(all, shares)) / len(shares),
            sum(sum(share) / len(share) for share in shares) / len(shares),
            sum(map(all, singles)) / max(1, len(singles)),
        )


def obey(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Make the text obey one to three more of the constraints of some item, or of the kind of one."""
    missed = [one for item in rng.sample(aim.items, min(20, len(aim.items))) for one in item if not obeyed[one]]
    for one in rng.sample(missed, min(len(missed), rng.choice((1, 1, 1, 2, 3)))):
        text = aim.constraints[one].comply(text)
    return text


def flood(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Make the text obey every constraint of a kind in turn: what asks for *at least* adds up."""
    kind = rng.choice(aim.constraints).kind
    for one in rng.sample(aim.constraints, len(aim.constraints)):
        if one.kind == kind and len(text) <= LONGEST:
            text = one.comply(text)
    return text


def drop(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Take away one line or a few that follow each other."""
    lines = text.split("\n")
    start = rng.randrange(len(lines))
    del lines[start : start + rng.choice((1, 1, 1, 2, 3, 8))]
    return "\n".join(lines)


def move(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Put a line elsewhere."""
    lines = text.split("\n")
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def double(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Write a line once more."""
    lines = text.split("\n")
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return "\n".join(lines)


def space(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Add an empty line, or take one away."""
    lines = text.split("\n")
    blank = [place for place, line in enumerate(lines) if not line.strip()]
    if blank and rng.random() < 0.5:
        del lines[rng.choice(blank)]
    else:
        lines.insert(rng.randrange(len(lines) + 1), "")
    return "\n".join(lines)


def turn(rng: Random, aim: Aim, text: str, obeyed: Sequence[bool]) -> str:
    """Change the case of the whole text, drop a character of some kind, or frame it."""
    kind = rng.randrange(4)
    if kind == 0:
        return text.upper()
    if kind == 1:
        return text.lower()
    if kind == 2:
        return text.replace(rng.choice(',?*#-|"0123456789'), "")
    return f"$\\boxed{{7}}$\n\n{text}\n\n$\\boxed{{7}}$"


MOVES = (obey, obey, obey, obey, flood, drop, drop, drop, move, double, space, turn)


def climb(rng: Random, aim: Aim, text: str, value: Callable[[Score], float], until: float) -> tuple[str, Score, int]:
    """Return the best text found from `text` until a time, its score, and how many candidates were tried."""
    obeyed = aim.obeyed(text)
    current, best, tried = (text, aim.score(obeyed)), (text, aim.score(obeyed)), 0
    began = time.monotonic()
    while (now := time.monotonic()) < until:
        heat = 0.004 * (1 - (now - began) / (until - began))
        changed = rng.choice(MOVES)(rng, aim, current[0], obeyed)
        if not changed.strip() or len(changed) > LONGEST or changed == current[0]:
            continue
        tried += 1
        found = aim.obeyed(changed)
        score = aim.score(found)
        gain = value(score) - value(current[1])
        if gain >= 0 or rng.random() < math.exp(gain / max(heat, 1e-9)):
            current, obeyed = (changed, score), found
        if value(score) > value(best[1]):
            best = (changed, score)
    return *best, tried


def main() -> None:
    """Search, print what was found, and store it where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, nargs="*", default=[])
    parser.add_argument("--aim", choices=("hacc", "sacc", "singles"), default="hacc")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()

    task = tasks.load(asked.task)
    aim = Aim(task)
    rng = Random(asked.seed)
    values: dict[str, Callable[[Score], float]] = {
        "hacc": lambda score: score.hacc + 0.3 * score.sacc,
        "sacc": lambda score: score.sacc,
        "singles": lambda score: score.singles + 0.1 * score.sacc,
    }
    value = values[asked.aim]
    starts = [path.read_text(encoding="utf-8") for path in asked.start] or [null_reply("7"), null_reply("0.5")]
    began = time.monotonic()
    pool: list[tuple[str, Score]] = []
    tried = 0
    for number, start in enumerate(starts):
        until = began + 0.5 * asked.seconds * (number + 1) / len(starts)
        text, score, more = climb(rng, aim, start, value, until)
        pool.append((text, score))
        tried += more
    text, score = max(pool, key=lambda one: value(one[1]))
    text, score, more = climb(rng, aim, text, value, began + asked.seconds)
    tried += more

    print(f"{task.name} {task.version}: {tried} candidates in {time.monotonic() - began:.0f} s, {len(text)} characters")
    print(f"HAcc {score.hacc:.1%}  SAcc {score.sacc:.1%}  singles {score.singles:.1%}")
    kinds: dict[str, list[bool]] = defaultdict(list)
    obeyed = aim.obeyed(text)
    for item in aim.items:
        for one in item:
            kinds[aim.constraints[one].kind].append(obeyed[one])
    for kind, found in sorted(kinds.items(), key=lambda one: -sum(one[1]) / len(one[1])):
        print(f"  {kind:48} {sum(found):3} of {len(found)}")
    if asked.write:
        (tasks.FOLDER / asked.task / "constant.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
