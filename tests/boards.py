"""Boards made up for tests: rows like those of real entries, as many as wanted."""

from itertools import pairwise
from random import Random
from typing import Any

from mathif.board import gather
from mathif.board.model import Board, BoardBin, BoardKind, BoardRow, FloorMark, ModelCard
from mathif.board.rows import Contender, above_floor
from mathif.evidence import ShownReply
from mathif.records import Profile
from mathif.stats import Difference, Share, Slope

KINDS = [f"group{number % 7}:kind_{number:02d}" for number in range(60)]
WORDS = ("we add both sides", "then divide by two", "so the answer is boxed", "and every rule was kept")


def figure(rng: Random, value: float, n: int) -> Share:
    half = rng.uniform(0.02, 0.06)
    return Share(value, max(0.0, value - half), min(1.0, value + half), n, n // 4)


def row(number: int, shown: str | None = None, **changed: Any) -> Contender:
    """A row with everything that a row can have."""
    rng = Random(number)
    hacc = rng.uniform(0.1, 0.7)
    scores: dict[str, Share] = {"hacc": figure(rng, hacc, 900)}
    scores |= {
        metric: figure(rng, min(1.0, hacc * rng.uniform(0.6, 1.4)), 900) for metric in ("sacc", "acc", "acc_plain")
    }
    edges = [0, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]
    lengths = [
        BoardBin(
            low=low,
            high=high,
            n=rng.randint(20, 200),
            hacc=figure(rng, hacc * rng.uniform(0.5, 1.2), 90),
            acc=figure(rng, hacc * rng.uniform(0.5, 1.2), 90),
        )
        for low, high in pairwise(edges)
    ]
    kinds = [
        BoardKind(kind=kind, obeyed=figure(rng, rng.uniform(0, 1), 30), floor=rng.choice([0.0, 0.3, 1.0]))
        for kind in KINDS
    ]
    replies = [
        ShownReply(f"core/item-{place}", "right, 1 of 2 obeyed", " ".join(rng.choices(WORDS, k=20)))
        for place in range(3)
    ]
    model = ModelCard(
        id=shown or f"lab-{number % 9}/model-{number}",
        organisation=f"Lab {number % 9}",
        parameters_b=rng.choice([0.135, 1.5, 4, 8, 32, 70, None]),
        open=rng.choice([True, False]),
        licence="Apache-2.0",
        link=f"https://example.org/model-{number}",
    )
    floor = FloorMark(0.12, 0.31)
    made: dict[str, Any] = {
        "rank": None,
        "name": f"model-{number}-core",
        "badge": ("regraded", "self-reported", "reproduced")[number % 3],
        "model": model,
        "reasoning": rng.choice([True, False, None]),
        "task": "core 1",
        "profile": Profile.MATHIF,
        "submitter": "someone",
        "samples": 4,
        "limit": None,
        "settings": {"engine": "vllm 0.20", "temperature": "1.0", "top-p": "0.95", "seed": "0"},
        **scores,
        "joint": figure(rng, hacc * 0.8, 900),
        "lift": Difference(hacc * 0.6, hacc * 0.5, hacc * 0.7, 900, 225),
        "dilution": Slope(rng.uniform(-0.5, 0.1), -0.6, 0.2, 900, 225),
        "above_floor": above_floor(scores["hacc"], floor.hacc),
        "sacc_above_floor": above_floor(scores["sacc"], floor.sacc),
        "floor": floor,
        "open": rng.uniform(0, 0.3),
        "tokens": rng.uniform(200, 9000),
        "lengths": tuple(lengths),
        "kinds": tuple(kinds),
        "replies": tuple(replies),
    }
    return Contender(BoardRow(**{**made, **changed}))


def board(count: int, *more: Contender) -> Board:
    """A board with `count` full rows on task core, and `more`."""
    return gather([*map(row, range(count)), *more])
