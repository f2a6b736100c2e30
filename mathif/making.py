"""Making: a task folder out of somebody's own problems, their constraints dealt as those of the bundled sets are.

A problem is a question with its answer; where it comes from is read here, and what it takes to be an item of a task is
proved before anything is written: the answer passes its own grader, no two constraints clash, a reply obeys them all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from mathif import store
from mathif.answers import extract, grade_answer
from mathif.build import RUNGS, Head, Made, layout_of, write_set
from mathif.constraints import KINDS
from mathif.constraints.drawing import Deck, draw_constraints, suits
from mathif.constraints.witness import null_reply
from mathif.counting import counted
from mathif.errors import DataError, UsageError
from mathif.items import Item, Task
from mathif.problems import FAMILIES, draw_problems
from mathif.problems.dice import Dice
from mathif.records import Problem, Profile
from mathif.tasks import NAME, Recipe, content_digest, head, hub_rows
from mathif.validate import validate

FAMILIES_OF = "families:"
SPLIT = "test"
"""The part of a data set of the hub whose problems are taken where the user says nothing."""
TABLES = (".csv", ".tsv", ".jsonl")
"""How the names of files with problems end."""
FAMILY_PROBLEMS = 50
"""Problems of a task that is made from families where the user says nothing."""

_QUESTIONS = ("question", "problem", "prompt", "query")
_ANSWERS = ("answer", "final_answer", "gold", "target", "solution")
_KEYS = ("key", "id")
_MARK = "####"
"""What GSM8K (arXiv 2110.14168) writes between a worked solution and its answer."""
_SHOWN = 3


class _Columns(NamedTuple):
    """The columns of a source that hold the question and the answer; "" for those of a usual name."""

    question: str = ""
    answer: str = ""


class _Row(NamedTuple):
    where: str
    values: Mapping[str, Any]


def make_task(
    source: str | Path,
    out: str | Path | None = None,
    *,
    name: str | None = None,
    kinds: Sequence[str] = (),
    rungs: Sequence[int] = (0, 1, 2, 3),
    seed: int = 0,
    limit: int | None = None,
    question: str = "",
    answer: str = "",
    split: str = SPLIT,
) -> Made:
    """Make a task of your own problems: the whole of `mathif tasks make`.

    Args:
        source: a `.csv`, `.tsv` or `.jsonl` file, `families:NAME,NAME…`, or a data set of the Hugging Face hub, with a
            configuration of it behind a colon (`openai/gsm8k:main`).
        out: folder to write, empty or written by the same command before; None for one that is named as the task.
        name: of the task; None for that of the folder, or else of the source.
        kinds: of constraints to deal, each as often as another; none for those of `core`, as often as there.
        rungs: numbers of constraints with which each problem is asked; each rung holds the smaller ones.
        seed: of the draw; the same seed deals the same constraints.
        limit: only the first so many problems; of families, so many.
        question: column that holds the question; "" for one of the usual names.
        answer: column that holds the answer; likewise.
        split: of a data set of the hub.

    Raises:
        UsageError: for an unknown source, kind or rung, or a folder that holds something else.
        DataError: if a row is not a problem, or no constraints suit it; nothing is written then.
    """
    source, folder = str(source), Path(out) if out else None
    weights = _weights(kinds, rungs)
    title = name or (folder.resolve().name if folder else _named(source))
    if not NAME.fullmatch(title):
        raise UsageError(f"--name: found {title!r}, expected letters, digits, `-`, `_` and `.`; give another one")
    _refuse_idle_settings(source, {"--question": question, "--answer": answer}, split, kinds, rungs)
    problems = _problems(source, title, limit, _Columns(question, answer), split, seed)
    _refuse_idle(kinds, problems, seed)
    items = list(_items(problems, rungs, Dice("constraints", seed, title), Deck(weights)))
    layout = layout_of("core")
    _prove(Task(title, "", "", layout, tuple(items), "", dict.fromkeys(Profile, frozenset())))
    told = Head(
        name=title,
        version=f"1-{seed}",
        title=f"{counted(len(problems), 'problem')} of {Path(source).name}, with {_listed(rungs)} constraints",
        command=_command(source, title, kinds, rungs, seed, limit, question, answer, split),
        canary=["canary", title, seed, content_digest(layout, items)],
    )
    recipe: Recipe = {"kinds": weights, "notes": f"Made from {Path(source).name}; the problems are its own."}
    written = folder or Path(title)
    return Made(written, write_set(written, told, recipe, items, layout))


def _command(source: str, *settings: Any) -> str:
    """Return the command that makes the task again, in the folder of its source."""
    flags = ("name", "kinds", "rungs", "seed", "limit", "question", "answer", "split")
    given = {flag: value for flag, value in zip(flags, settings, strict=True) if value not in (None, "", (), [])}
    words = (
        f"--{flag} {value if isinstance(value, str | int) else ','.join(map(str, value))}"
        for flag, value in given.items()
    )
    return " ".join(["mathif tasks make", source if source.startswith(FAMILIES_OF) else Path(source).name, *words])


def _named(source: str) -> str:
    """Return the name of a task that is made from `source`."""
    return "families" if source.startswith(FAMILIES_OF) else Path(source.partition(":")[0]).stem


def _listed(rungs: Iterable[int]) -> str:
    *first, last = map(str, rungs)
    return f"{', '.join(first)} and {last}" if first else last


def _weights(kinds: Sequence[str], rungs: Sequence[int]) -> dict[str, float]:
    """Return how often each kind is to be dealt."""
    for kind in kinds:
        if kind not in KINDS:
            raise UsageError(f"--kinds: {KINDS.unknown(kind)}")
    weights: dict[str, float] = dict.fromkeys(kinds, 1.0) or head("core")["kinds"]
    if not rungs or min(rungs) < 0 or len(set(rungs)) < len(rungs):
        raise UsageError(f"--rungs: found {list(rungs)}, expected numbers of constraints, each once, as 0,1,2,3")
    if max(rungs) > len(weights):
        raise UsageError(f"--rungs: {max(rungs)} constraints need {max(rungs)} kinds, and --kinds names {len(weights)}")
    return weights


def _problems(source: str, name: str, limit: int | None, columns: _Columns, split: str, seed: int) -> list[Problem]:
    """Return the problems of a source, each right by its own grader.

    Raises:
        UsageError: if there is no such source.
        DataError: naming the first rows that are not problems.
    """
    if source.startswith(FAMILIES_OF):
        return _of_families(source.removeprefix(FAMILIES_OF).split(","), limit or FAMILY_PROBLEMS, seed)
    rows = list(islice(_rows(source, split), limit))
    if not rows:
        raise DataError(f"{source}: holds no problem")
    question = _column(rows[0], columns.question, _QUESTIONS, "--question")
    answer = _column(rows[0], columns.answer, _ANSWERS, "--answer")
    problems: list[Problem] = []
    faults: list[str] = []
    keys: set[str] = set()
    asked: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        try:
            problem = _problem(row, number, name, question, answer)
            if problem.key in keys:
                raise DataError(f"{row.where}: the key {problem.key!r} occurs twice; give each row its own")
            if problem.question in asked:
                raise DataError(f"{row.where}: the question is the same as in {asked[problem.question]}")
        except DataError as error:
            faults.append(str(error))
            continue
        keys.add(problem.key)
        asked[problem.question] = row.where
        problems.append(problem)
    _refuse(faults, source)
    return problems


def _refuse(faults: Sequence[str], source: str, do: str = "") -> None:
    """Refuse a source of which some problems cannot be used, the first of them named; `do` says what helps."""
    if faults:
        told = "; ".join(faults[:_SHOWN])
        raise DataError(f"{source}: {counted(len(faults), 'problem cannot', 'problems cannot')} be used: {told}{do}")


def _of_families(names: Sequence[str], count: int, seed: int) -> list[Problem]:
    for name in names:
        if name not in FAMILIES:
            raise UsageError(f"{FAMILIES_OF}{name}: {FAMILIES.unknown(name)}")
    return draw_problems(seed, count, names=names)


def _rows(source: str, split: str) -> Iterator[_Row]:
    """Yield the rows of a source with what names each in errors."""
    path = Path(source)
    if path.suffix in (".csv", ".tsv") and path.is_file():
        yield from _table(path)
    elif path.suffix == ".jsonl" and path.is_file():
        yield from (_Row(f"{path}:{line}", row) for line, row in enumerate(store.read_rows(path), 1))
    elif path.suffix in TABLES or source.count("/") != 1 or source.startswith((".", "/")):
        there = "cannot be used as it is" if path.exists() else "there is no such file"
        raise UsageError(
            f"{source}: {there}; expected a .csv, .tsv or .jsonl file, a data set of the hub as "
            f"org/name, or {FAMILIES_OF}NAME,NAME"
        )
    else:
        dataset, _, subset = source.partition(":")
        yield from (_Row(f"{source}: row {n}", row) for n, row in enumerate(hub_rows(dataset, subset or None, split)))


def _table(path: Path) -> Iterator[_Row]:
    """Yield the rows of a table; its columns are parted as its head is."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max("\t;,", key=first.count), strict=True)
            for values in reader:
                where = f"{path}:{reader.line_num}"
                if None in values:
                    raise DataError(f"{where}: found more cells than the head has columns; quote a cell with commas")
                yield _Row(where, values)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as a table in UTF-8: {error}") from error


def _column(row: _Row, named: str, usual: Sequence[str], flag: str) -> str:
    column = next((name for name in ([named] if named else usual) if name in row.values), None)
    if column is None:
        expected = repr(named) if named else f"one of {', '.join(usual)}"
        raise UsageError(
            f"{row.where}: found the columns {', '.join(map(str, row.values))}, expected {expected}; {flag} names it"
        )
    return column


def _problem(row: _Row, number: int, name: str, question: str, answer: str) -> Problem:
    """Return a row as a problem.

    Raises:
        DataError: if a part is missing, or the answer does not pass its own grader.
    """
    values = row.values
    asked, gold = _text(row, question), _gold(_text(row, answer))
    key = next((str(values[column]) for column in _KEYS if values.get(column) not in (None, "")), f"{name}-{number}")
    if not NAME.fullmatch(key):
        raise DataError(f"{row.where}: found the key {key!r:.80}, expected letters, digits, `-`, `_` and `.`")
    told = grade_answer(null_reply(gold), gold)
    if not told.passed:
        raise DataError(f"{row.where}: the answer {gold!r:.80} does not pass its own grader: {told.reason}")
    return Problem(key, asked, gold, str(values.get("source") or name), _tier(row))


def _text(row: _Row, column: str) -> str:
    value = row.values.get(column)
    if isinstance(value, list) and len(value) == 1:
        [value] = value
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"{row.where}: {column}: found {value!r:.80}, expected a text")
    return value.strip()


def _gold(text: str) -> str:
    """Return the answer of a worked solution: what stands behind its mark, or in its last box; else all of it."""
    if _MARK in text:
        return text.rpartition(_MARK)[2].strip()
    boxed = extract(text) if "\\boxed" in text else None
    return boxed.text if boxed else text


def _tier(row: _Row) -> int | None:
    value = row.values.get("tier")
    if value in (None, ""):
        return None
    if str(value) not in ("1", "2", "3", "4", "5"):
        raise DataError(f"{row.where}: tier: found {value!r:.80}, expected a number from 1 to 5")
    return int(str(value))


def _refuse_idle_settings(
    source: str, columns: Mapping[str, str], split: str, kinds: Sequence[str], rungs: Sequence[int]
) -> None:
    """Refuse settings that such a source, or such rungs, have no use for.

    Raises:
        UsageError: naming the first.
    """
    if kinds and not max(rungs):
        raise UsageError("--kinds: no problem is asked with a constraint by --rungs 0; leave out one of the two")
    made = source.startswith(FAMILIES_OF)
    for flag, column in columns.items():
        if column and made:
            raise UsageError(f"{flag} {column}: problems of families have no columns; leave it out")
    if split != SPLIT and (made or Path(source).suffix in TABLES):
        raise UsageError(f"--split {split}: only a data set of the hub has splits; leave it out")


def _refuse_idle(kinds: Sequence[str], problems: Sequence[Problem], seed: int) -> None:
    """Refuse kinds that were named and would be dealt to no problem.

    Raises:
        DataError: naming the first.
    """
    for kind in kinds:
        if not any(suits(Dice("suits", seed, kind), problem, kind) for problem in problems):
            raise DataError(
                f"--kinds: {kind} can be asked of none of {counted(len(problems), 'problem')}: "
                "it does not suit them, or a reply of nothing but the answer obeys it; leave it out"
            )


def _items(problems: Iterable[Problem], rungs: Sequence[int], dice: Dice, deck: Deck) -> Iterator[Item]:
    """Yield an item for each rung of each problem; the constraints of a rung are the first of those of the next.

    Raises:
        DataError: naming the problems to which too few constraints suit.
    """
    faults = []
    for problem in problems:
        try:
            drawn = draw_constraints(dice, problem, max(rungs), deck) if max(rungs) else ()
        except DataError:
            faults.append(f"{problem.key}: no set of {counted(max(rungs), 'constraint')} suits it")
            continue
        for count in sorted(rungs):
            suffix = f".{(*RUNGS, *map(str, range(4, count + 1)))[count - 1]}" if count else ""
            held = drawn[:count]
            yield Item(problem.key + suffix, problem, held, tuple(demand.text() for demand in held))
    _refuse(faults, "--kinds", "; leave it out, or allow more kinds")


def _prove(task: Task) -> None:
    """Refuse a task of which the proofs of `mathif validate` do not hold.

    Raises:
        DataError: naming the first defects.
    """
    defects = validate(task, lambda items, total, what: items).defects
    _refuse([f"{defect.item}: {defect.reason}" for defect in defects], task.name)
