"""Finished runs of the tiny task and entries made from them, for the tests of entries and of their verification."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mathif import run as runs
from mathif.entry import Claims, seal
from mathif.entry.model import Model
from mathif.records import Finish, Generation, Rendered, Sampling, Span
from mathif.run import Plan, Run, silent

Place = tuple[str | int, ...]
ENGINE = {"engine": "test", "version": "1", "model": "org/model-1b", **Sampling().told()}
CLAIMS = Claims(Model(id="org/model-1b", parameters_b=1.5, open=True), "someone")


def planned(**change: Any) -> Plan:
    values: dict[str, Any] = {"model": "mock:witness", "tasks": ("tiny",), "arms": ("plain", "constrained")}
    return Plan(**{**values, **change})


def finished(folder: Path, registered: Path | None = None, **change: Any) -> Run:
    """A run of the mock in the plan, generated, graded and reported."""
    run = Run.create(planned(**change), folder, registered)
    runs.generate(run, silent, lambda text: None)
    return reported(run)


def reported(run: Run) -> Run:
    runs.grade(run, silent)
    runs.report(run)
    return run


def recorded(plan: Plan, engine: Mapping[str, Any], replies: Iterable[Generation], folder: Path) -> Run:
    """A new run that holds these replies, as the engine that so describes itself would have left it."""
    run = Run.create(plan, folder)
    run.update_head(engine=dict(engine))
    with run.records.appending() as rows:
        for reply in replies:
            rows.append(reply.to_json())
    runs.draw(run)
    return run


def thinking_run(folder: Path, engine: Mapping[str, Any] = ENGINE, **change: Any) -> Run:
    """A run whose replies think, in every way that thinking is read, and end in every way that replies end."""
    plan = planned(samples=2, sampling=Sampling(seed=7), **change)
    mock = Run.create(plan, folder.with_name(folder.name + "-mock"))
    runs.generate(mock, silent, lambda text: None)
    said = [_varied(place, reply) for place, reply in enumerate(mock.replies.values())]
    return reported(recorded(plan, engine, said, folder))


def _varied(place: int, reply: Generation) -> Generation:
    thought = f"Let me see, this is the thought number {place}. " + "Hm. " * place
    thinking_tokens = 30 + 9 * place
    text, reasoning, finish = f"<think>{thought}</think>{reply.text}", None, Finish.STOP
    if place % 5 == 1:
        text, reasoning = reply.text, thought
    elif place % 5 == 2:
        text, thinking_tokens = f"{reply.text}{' ' * place}", 0
    elif place % 5 == 3:
        text, finish = f"<think>{thought}", Finish.LENGTH
    told = Generation(reply.key, text, finish, reasoning, 9, 40 + 9 * place, thinking_tokens)
    if place % 5 == 0:
        told = replace(told, rendered=Rendered.of(f"{place} assistant\n"), forced=(Span(0, len("<think>")),))
    return replace(told, summarized=True) if place % 10 == 1 else told


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, row: Mapping[str, Any], *, sealed: bool = True) -> None:
    """Write an entry, with the digest that belongs to it if `sealed`, as a forger would."""
    path.write_text(json.dumps({**row, "digest": seal(row)} if sealed else row), encoding="utf-8")


def read_replies(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def write_replies(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


def leaves(value: Any, place: Place = ()) -> list[Place]:
    """The places of every value that holds no other."""
    if isinstance(value, dict) and value:
        return [found for name, part in value.items() for found in leaves(part, (*place, name))]
    if isinstance(value, list) and value:
        return [found for number, part in enumerate(value) for found in leaves(part, (*place, number))]
    return [place]


def at(value: Any, place: Place) -> Any:
    for part in place:
        value = value[part]
    return value


def changed(row: dict[str, Any], place: Place, new: Any) -> dict[str, Any]:
    """A copy of `row` with another value at `place`."""
    copy: dict[str, Any] = json.loads(json.dumps(row))
    at(copy, place[:-1])[place[-1]] = new
    return copy
