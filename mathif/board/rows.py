"""A row of the board: one model on one task under one profile, with what a reader needs to weigh it.

Rows come from entries and from results that others published; the board treats both alike and says which is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from mathif.entry import Entry
from mathif.evidence import Evidence

Json = dict[str, Any]
Badge = Literal["published-not-regraded", "self-reported", "regraded", "reproduced", "floor", "stale", "refused"]
UNRANKED: frozenset[Badge] = frozenset({"floor", "stale", "refused"})
"""Rows that are shown and not ranked."""

METRICS = ("hacc", "sacc", "acc", "acc_plain", "joint", "lift", "dilution")
"""What a row says of itself, each a figure or null; in the order of the columns."""
ARM = "constrained"
"""The arm whose figures the board shows."""
OFFICIAL = "mathif"
"""The one task that is shown under the rules of MathIF's published code too."""
NOTHING: Mapping[str, None] = dict.fromkeys(METRICS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of one table.

    Attributes:
        name: unique among the rows of its table.
        badge: how far the numbers can be trusted; `floor` for a reference that is no model, `stale` for numbers by
            rules that judge otherwise today, `refused` for an entry that does not hold, which has no numbers.
        model: `id`, `organisation`, `parameters_b`, `open`, `licence` and `link`, each null where unknown.
        reasoning: whether the model thinks before it answers; null where unknown.
        task: tasks with their versions.
        profile: whose rules judged the constraints.
        submitter: who says so.
        samples: replies for each item.
        limit: number of items asked of each task, null for all.
        settings: what else was set, name and value as text.
        figures: for each of `METRICS` its `value`, `low`, `high` and `n`, or null.
        floor: `hacc` and `sacc` of the null reply on the same items, or null.
        open: share of replies that ran out of tokens inside their thinking, or null.
        tokens: mean number of tokens generated for a reply, or null.
        lengths: for bins of CoT length `low`, `high`, `n` and the figures `hacc` and `acc`.
        kinds: for each kind of constraint `kind`, the figure `obeyed` and the share `floor`.
        replies: a few replies: `item`, `verdict` and `text`.
        problems: for each problem how many replies obeyed every constraint, of how many; empty where there are no
            replies. It pairs rows in their ranking and is not written.
    """

    name: str
    badge: Badge
    model: Json
    reasoning: bool | None
    task: str
    profile: str
    submitter: str
    samples: int
    limit: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Json | None]
    floor: Json | None
    open: float | None = None
    tokens: float | None = None
    lengths: tuple[Json, ...] = ()
    kinds: tuple[Json, ...] = ()
    replies: tuple[Json, ...] = ()
    problems: Mapping[str, tuple[float, int]] = field(default_factory=dict)

    def above_floor(self, metric: str) -> Json | None:
        """Return HAcc or SAcc minus that of the null reply, which is a constant of the items; as a figure."""
        own = self.figures[metric]
        if own is None or self.floor is None:
            return None
        return {**own, **{end: own[end] - self.floor[metric] for end in ("value", "low", "high")}}

    def to_json(self) -> Json:
        """Return the row as plain JSON, its figures beside its other fields."""
        row = asdict(self)
        figures = row.pop("figures")
        del row["problems"]
        distances = {"above_floor": self.above_floor("hacc"), "sacc_above_floor": self.above_floor("sacc")}
        return {**row, **figures, **distances}


def of_entry(entry: Entry, badge: Badge, evidence: Evidence) -> Iterator[Row]:
    """Yield the rows of an entry: one, and for the official task another one under upstream's rules."""
    official = any(task.name == OFFICIAL for task in entry.tasks)
    known = entry.model_dump(mode="json")
    for profile in ("mathif", "upstream") if official else ("mathif",):
        row = _of_profile(known, profile, badge)
        yield replace(row, replies=evidence.replies, problems=evidence.problems.get(profile, {}))


def of_refused(entry: Entry, reason: str) -> Iterator[Row]:
    """Yield the rows of an entry that does not hold: what it is, why it is refused, and no number."""
    for row in of_entry(entry, "refused", Evidence()):
        yield replace(
            row,
            figures=NOTHING,
            floor=None,
            open=None,
            tokens=None,
            lengths=(),
            kinds=(),
            settings={"refused": reason, **row.settings},
        )


def _of_profile(entry: Json, profile: str, badge: Badge) -> Row:
    figures, inference = entry["profiles"][profile], entry["inference"]
    arm = figures["arms"][ARM]
    return Row(
        name=entry["name"],
        badge=badge,
        model={
            name: entry["model"][name] for name in ("id", "organisation", "parameters_b", "open", "licence", "link")
        },
        reasoning=_thinks(inference["reasoning"]),
        task=" + ".join(f"{task['name']} {task['version']}" for task in entry["tasks"]),
        profile=profile,
        submitter=entry["submitter"],
        samples=inference["samples"],
        limit=inference["limit"],
        settings=_settings(entry),
        figures=_figures(figures),
        floor={name: arm["floor"][name]["value"] for name in ("hacc", "sacc")},
        open=arm["overall"]["open"] / arm["overall"]["n"] if arm["overall"]["n"] else None,
        tokens=_mean(entry["tokens"].get(ARM, {}).get("completion")),
        lengths=tuple(map(_length, arm["by_length"]["edges"])),
        kinds=tuple(
            {"kind": kind, "obeyed": _figure(row["obeyed"]), "floor": row["floor"]["value"]}
            for kind, row in arm["by_kind"].items()
        ),
    )


def _figures(profile: Json) -> dict[str, Json | None]:
    """Return the figures of a profile's constrained arm, by the names of `METRICS`."""
    overall = profile["arms"][ARM]["overall"]
    plain = profile["arms"].get("plain")
    lift = profile["effects"].get(ARM, {}).get("lift")
    slopes = profile["length"]["arms"].get(ARM)
    return {
        **{name: _figure(overall[name]) for name in ("hacc", "sacc", "acc", "joint")},
        "acc_plain": _figure(plain["overall"]["acc"]) if plain else None,
        "lift": _figure(lift["hacc"]) if lift else None,
        "dilution": _figure(slopes["hacc"]["within"]) if slopes else None,
    }


def _figure(found: Json) -> Json | None:
    """Return what the board keeps of an estimate; null where it has no value."""
    return None if found["value"] is None else {name: found[name] for name in ("value", "low", "high", "n")}


def _length(found: Json) -> Json:
    return {
        **{name: found[name] for name in ("low", "high", "n")},
        "hacc": _figure(found["hacc"]),
        "acc": _figure(found["acc"]),
    }


def _mean(tokens: Json | None) -> float | None:
    return tokens["total"] / tokens["known"] if tokens and tokens["known"] else None


def _thinks(reasoning: Json) -> bool | None:
    """Return whether thinking was found in more than half of the replies; null where there are none."""
    found, replies = reasoning["server"] + reasoning["tags"], sum(reasoning[n] for n in ("server", "tags", "none"))
    return found * 2 > replies if replies else None


def _settings(entry: Json) -> dict[str, str]:
    """Return what was set, as text, in the order in which it is shown."""
    inference, model = entry["inference"], entry["model"]
    sampling = inference["sampling"]
    engine = inference["engine"]
    given = {
        "engine": " ".join(str(engine[name]) for name in ("engine", "version") if engine.get(name)),
        "temperature": sampling["temperature"],
        "top-p": sampling["top_p"],
        "most tokens": sampling["max_tokens"],
        "seed": sampling["seed"],
        "reasoning mode": inference["reasoning"]["mode"],
        "revision": model["revision"],
        "precision": model["precision"],
        "hardware": inference["hardware"],
        "mathif": entry["mathif"],
    }
    return {name: str(value) for name, value in given.items() if value not in (None, "")}
