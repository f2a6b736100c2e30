"""Building task sets: problems from the families, constraints from the deck, written as a task folder.

The same seed gives the same bytes on any machine, so a set need not be published to be shared, and a fresh seed is a
set that nobody trained on. The bundled sets are seed 0. A task names its edition, the layout of its prompts, and the
kinds and the families that it is dealt from, so that a new one re-deals nothing; a change of what they draw or how they
judge changes what a seed gives, and so the edition. What an earlier edition dealt cannot be dealt again, and is kept as
it was (`tasks/core/1-A`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mathif import store
from mathif.constraints import KINDS, Group, Target
from mathif.constraints.drawing import Deck, crossed, draw_constraints
from mathif.errors import UsageError
from mathif.items import Item, Layout
from mathif.problems.building import draw_ladder, draw_problems
from mathif.problems.dice import Dice
from mathif.records import Problem, Surface
from mathif.tasks import (
    FOLDER,
    Recipe,
    constraint_rows,
    content_digest,
    edition,
    folder_of,
    load,
    problem_row,
    read_problems,
)
from mathif.tasks import head as head_of

BUNDLED_SEED = 0
RUNGS = ("single", "double", "triple")
LADDER_PROBLEMS = 40
_BUILT = "# Built by: "
_SEALED = "# Seal of the lines below, of problems.jsonl and of items.jsonl, which tells a change by hand: "
BOUND_TO_QUESTION = frozenset({"combination:repeat_prompt", "conditional:parity_ending"})
"""Kinds whose arguments or demands depend on the problem, beside those on the form of the answer."""


class MakeUp(NamedTuple):
    """What a set of one task consists of.

    Attributes:
        problems: how its problems are made.
        target: the part of the reply that its constraints are about.
    """

    problems: Callable[[int, int | None, Surface | None, Collection[str]], list[Problem]]
    target: Target = Target.FINAL


def _core(seed: int, steps: int | None, surface: Surface | None, families: Collection[str]) -> list[Problem]:
    return draw_problems(seed, 150, steps, surface, names=families)


def _control(seed: int, steps: int | None, surface: Surface | None, families: Collection[str]) -> list[Problem]:
    return draw_problems(seed, 60, steps, surface, task="control", names=families)


def _knowledge(seed: int, steps: int | None, surface: Surface | None, families: Collection[str]) -> list[Problem]:
    if steps is not None or surface is not None:
        raise UsageError("tasks build knowledge: --steps and --surface are for sets that are made from families")
    return read_problems(FOLDER / "knowledge" / "problems.jsonl")


MAKE_UPS: Mapping[str, MakeUp] = {
    "core": MakeUp(_core),
    "knowledge": MakeUp(_knowledge),
    "thinking": MakeUp(_core, Target.THINKING),
    "control": MakeUp(_control),
}


class Made(NamedTuple):
    """A task that was written: its folder, and how many items it has."""

    folder: Path
    items: int


def build_task(
    task: str,
    out: str | Path | None = None,
    *,
    seed: int | None = None,
    version: str | None = None,
    steps: int | None = None,
    surface: str | None = None,
) -> Made:
    """Write a fresh set like a bundled task, an earlier edition of it, or a ladder: the whole of `mathif tasks build`.

    Args:
        task: name of the bundled task, or `ladder`.
        out: folder to write; None for `TASK-SEED` or `TASK-VERSION`.
        seed: of a fresh set.
        version: of an earlier edition, in place of a seed.
        steps: reasoning steps of every problem; None for each family's own.
        surface: how every problem is told, `familiar` or `unfamiliar`; None for both in turn.

    Raises:
        UsageError: for settings that do not go together, or a folder that holds something else.
    """
    folder = Path(out or f"{task}-{version or seed}")
    if task == "ladder":
        if seed is None or (version, steps, surface) != (None, None, None):
            raise UsageError("tasks build ladder: give --seed, and nothing else; it has every step count")
        return Made(folder, build_ladder(seed, folder))
    if version and (seed, steps, surface) == (None, None, None):
        return Made(folder, keep(task, version, folder))
    if seed is not None and version is None:
        return Made(folder, build(task, seed, steps, surface, folder))
    raise UsageError("tasks build: give --seed for a fresh set, or --version alone for an earlier edition")


def build(task: str, seed: int, steps: int | None, surface: str | None, folder: Path) -> int:
    """Write a set of `task` to `folder`.

    Args:
        task: a name of `MAKE_UPS`.
        seed: of the set.
        steps: complexity: step count of every problem, or None for each family's own.
        surface: novelty: how every problem is told, or None for both in turn.
        folder: the task folder to write, empty or written by the same call before.

    Returns:
        The number of items.

    Raises:
        UsageError: if no family can be built so, or the folder holds something else.
    """
    recipe = head_of(task)
    problems = MAKE_UPS[task].problems(seed, steps, Surface(surface) if surface else None, recipe.get("families", []))
    chosen = {"steps": steps, "surface": surface}
    settings = "".join(f" --{name} {value}" for name, value in chosen.items() if value)
    if settings:
        problems = [replace(problem, root=f"{task}-{seed}/{problem.key}") for problem in problems]
    bundled = seed == BUNDLED_SEED and not settings
    number = edition_of(task)
    varied = [f"steps{steps}" if steps else "", surface or ""]
    return write_set(
        folder,
        Head(
            name=task if bundled else "-".join(filter(None, [task, str(seed), *varied])),
            version=f"{number}-A" if bundled else f"{number}-{seed}",
            title=recipe["title"],
            command=f"mathif tasks build {task} --seed {seed}{settings}",
            canary=["canary", task, number, seed],
        ),
        recipe,
        list(_items(problems, Dice("constraints", seed, task), Deck(recipe["kinds"], MAKE_UPS[task].target))),
        layout_of(task),
        renews=folder.resolve() == folder_of(task).resolve(),
    )


def edition_of(task: str) -> str:
    """Return the edition of a bundled set: what its version begins with."""
    return head_of(task)["version"].partition("-")[0]


def layout_of(task: str) -> Layout:
    """Return how the prompts of a bundled task are put together."""
    return Layout(**head_of(task)["layout"])


def build_ladder(seed: int, folder: Path) -> int:
    """Write a ladder to `folder`: problems at 1, 2, 4, 8, 16 and 32 steps, their constraints the same at each.

    Each of `LADDER_PROBLEMS` problems is asked bare and with one constraint. The steps are no choice of the model's, so
    they are a randomised dose of length.

    Args:
        seed: of the set.
        folder: the task folder to write, empty or written by the same call before.

    Returns:
        The number of items.
    """
    core = head_of("core")
    kinds = {kind: weight for kind, weight in core["kinds"].items() if KINDS[kind].group is not Group.ANSWER}
    kinds = {kind: weight for kind, weight in kinds.items() if kind not in BOUND_TO_QUESTION}
    dice, deck = Dice("constraints", seed, "ladder"), Deck(kinds)
    items: list[Item] = []
    for versions in draw_ladder(seed, LADDER_PROBLEMS):
        drawn = draw_constraints(dice, versions[-1], 1, deck)
        sentences = tuple(demand.text() for demand in drawn)
        for problem in versions:
            items += [Item(problem.key, problem, (), ()), Item(f"{problem.key}.single", problem, drawn, sentences)]
    head = Head(
        name=f"ladder-{seed}",
        version=f"{edition_of('core')}-{seed}",
        title=f"{LADDER_PROBLEMS} problems at 1, 2, 4, 8, 16 and 32 steps, each bare and with one constraint",
        command=f"mathif tasks build ladder --seed {seed}",
        canary=["canary", "ladder", edition_of("core"), seed],
    )
    recipe: Recipe = {"kinds": kinds, "notes": "A problem of few steps is the beginning of the one of more."}
    return write_set(folder, head, recipe, items, layout_of("core"))


class Head(NamedTuple):
    """What heads the `task.toml` of a built set.

    Attributes:
        name: of the task.
        version: of its data.
        title: one line for a reader.
        command: what builds it again.
        canary: what its canary is the digest of.
    """

    name: str
    version: str
    title: str
    command: str
    canary: list[str | int]


def write_set(
    folder: Path, told: Head, recipe: Recipe, items: Sequence[Item], layout: Layout, *, renews: bool = False
) -> int:
    """Write a task folder and return the number of its items; `recipe` names the kinds and families it is dealt from.

    Args:
        folder: empty, or as the same command wrote it before.
        told: what heads its `task.toml`.
        recipe: what its items are dealt from.
        items: its items.
        layout: how its prompts are put together.
        renews: whether the folder is the bundled task itself, of which recipe and layout were read.

    Raises:
        UsageError: if the folder holds something else already, or was changed by hand.
        DataError: if the disk refuses.
    """
    files = {
        "problems.jsonl": _rows(map(problem_row, dict.fromkeys(item.problem for item in items))),
        "items.jsonl": _rows(
            {"key": i.key, "problem": i.problem.key, "constraints": constraint_rows(i)} for i in items
        ),
    }
    head = _head(told, recipe, layout, content_digest(layout, items))
    built = f"{_BUILT}{told.command}"
    files["task.toml"] = f"{built}\n{_seal(head, files)}\n{head}"
    _make_folder(folder, built)
    if not renews:
        _refuse_changed(folder, files)
    for name, text in files.items():
        store.write_text(folder / name, text)
    return len(items)


def _head(told: Head, recipe: Recipe, layout: Layout, digest: str) -> str:
    """Return a `task.toml` from its third line on."""
    families = recipe.get("families", [])
    head = {
        "name": told.name,
        "version": told.version,
        "title": told.title,
        "notes": recipe["notes"],
        "format": "items",
        "digest": digest,
        "canary": f"mathif canary {store.digest(told.canary)[:32]}",
    }
    lines = [f"{name} = {store.canonical(value)}" for name, value in head.items()]
    lines += [f"families = {store.canonical(families)}"] if families else []
    packages = KINDS.origins(recipe["kinds"])
    lines += ["", "[layout]", *(f"{name} = {store.canonical(value)}" for name, value in layout.parts().items())]
    lines += ["", "[kinds]", *(f"{store.canonical(kind)} = {weight}" for kind, weight in recipe["kinds"].items())]
    if packages:
        lines += [
            "",
            "[packages]",
            *(f"{store.canonical(kind)} = {store.canonical(of)}" for kind, of in packages.items()),
        ]
    return "\n".join(lines) + "\n"


def _seal(head: str, files: Mapping[str, str]) -> str:
    """Return the second line of a `task.toml`, by which a change by hand is found out."""
    return f"{_SEALED}{store.digest([head, files['problems.jsonl'], files['items.jsonl']])}"


def _refuse_changed(folder: Path, files: Mapping[str, str]) -> None:
    """Refuse a task folder that is not as it was written, where to write `files` would take a change back.

    Raises:
        UsageError: naming the files that would be others, and what of `task.toml`.
    """
    there = {name: _text(folder / name) for name in files if (folder / name).exists()}
    _, seal, head = [*there.get("task.toml", "").split("\n", 2), "", "", ""][:3]
    others = [name for name, text in there.items() if text != files[name]]
    if not others or (len(there) == len(files) and seal == _seal(head, there)):
        return
    fields = ", ".join(_differing(there["task.toml"], files["task.toml"])) if "task.toml" in others else ""
    named = [f"{name} ({fields})" if fields and name == "task.toml" else name for name in others]
    raise UsageError(
        f"{folder}: is not as this command wrote it, and what was changed there would be lost, as {', '.join(named)} "
        "would be written over; choose another --out, or remove the folder to have it made again"
    )


def _differing(found: str, written: str) -> list[str]:
    """Return the fields in which two `task.toml` differ, none where one cannot be read."""
    try:
        one, other = tomllib.loads(found), tomllib.loads(written)
    except tomllib.TOMLDecodeError:
        return []
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def keep(task: str, version: str, folder: Path) -> int:
    """Write to `folder` what an earlier edition of the bundled set of `task` was, and return the number of items.

    Raises:
        UsageError: if that edition is not kept, or the folder holds something else.
    """
    kept = edition(task, version)
    if kept == task:
        known = sorted(path.parent.name for path in (FOLDER / task).glob("*/task.toml"))
        raise UsageError(f"tasks build {task}: --version: found {version!r}, expected one of {', '.join(known)}")
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((FOLDER / kept).iterdir())}
    _make_folder(folder, _first_line(FOLDER / kept))
    _refuse_changed(folder, files)
    for name, text in files.items():
        store.write_text(folder / name, text)
    return len(load(str(folder)).items)


def _make_folder(folder: Path, built: str) -> None:
    """Make the folder of a task; one that is there must be empty, or hold the task with the first line `built`.

    Raises:
        UsageError: if it holds something else.
    """
    if _first_line(folder) != built:
        store.refuse_taken(folder, "choose another --out, or empty it first")
    store.make_folder(folder)


def _first_line(folder: Path) -> str:
    """Return the line of a task folder's `task.toml` that says what built it, "" where there is none."""
    path = folder / "task.toml"
    return _text(path).partition("\n")[0] if path.is_file() else ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _items(problems: list[Problem], dice: Dice, deck: Deck) -> Iterator[Item]:
    """Yield for each problem the item without constraints, then one on each rung, each holding the one before."""
    for problem in problems:
        yield Item(problem.key, problem, (), ())
        for name, drawn in zip(RUNGS, crossed(dice, problem, deck), strict=True):
            yield Item(f"{problem.key}.{name}", problem, drawn, tuple(demand.text() for demand in drawn))


def _rows(rows: Iterable[Mapping[str, object]]) -> str:
    return "".join(map(store.line, rows))
