"""Making an entry: from a finished run, and what its submitter says, to one row; the same code serves who checks it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mathif import __version__, store, submission
from mathif.entry.claims import Claims, refuse_paths, refuse_private
from mathif.entry.model import ATTESTATION, SCHEMA, checked, dumped, numbers, schema, seal
from mathif.errors import BoardError
from mathif.grading import graders_digest
from mathif.reasoning import split
from mathif.records import Generation, Key, State
from mathif.results import Report, read_report
from mathif.run import Run

METHODS = {
    "level": "95 %, clustered by problem",
    "shares": "Wilson's score interval at the number of replies that the clustered variance implies",
    "differences": "paired by item and sample: Bonett and Price's interval, or Student's",
    "slopes": "log-odds per doubling of the CoT: logistic and conditional logistic regression, sandwich variance",
}
"""How the intervals of an entry are made."""

COPY_CHARS = 1000
"""Replies of this length are not drawn twice alike at `COPY_TEMPERATURE` and above."""
COPY_TEMPERATURE = 0.5


def submit(run: Run, claims: Claims, folder: Path) -> tuple[Path, Path]:
    """Write the entry of a finished run to `folder/entries`, its replies to `folder/responses`, and the schema.

    With a `url` among the claims, the replies are written to the run's folder instead, to be put there.

    Returns:
        The files of the entry and of the replies.

    Raises:
        BoardError: if the run is not finished, would be refused, or a field does not fit the schema.
    """
    row = entry_row(run, replace(claims, url=None))
    replies = run.folder / "replies.jsonl.gz"
    if claims.url is None:
        replies = folder / "responses" / f"{row['name']}.jsonl.gz"
        replies.parent.mkdir(parents=True, exist_ok=True)
    write_replies(run, replies)
    if claims.url is not None:
        known = replace(claims, sha256=file_sha256(replies), bytes=replies.stat().st_size)
        row = entry_row(run, known)
    refuse_private(row, str(run.folder))
    path = folder / "entries" / f"{row['name']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    store.write_json(path, row)
    store.write_json(folder / "schema.json", schema())
    return path, replies


def entry_row(run: Run, claims: Claims) -> dict[str, Any]:
    """Return the entry of a graded and reported run as plain JSON, its fields checked.

    Raises:
        BoardError: if the run is one that the board refuses.
    """
    where, path = str(run.folder), run.folder / "report.json"
    if "probe" in run.head:
        raise BoardError(f"{where}: is a probe; only a run that asks a task's items is handed in")
    if not path.exists():
        raise BoardError(f"{where}: there is no report; finish the run with: {run.resume_line}")
    report = read_report(path)
    tally = Tally()
    for generation in run.generations():
        tally.add(generation)
    _refuse(run, report, tally, where)
    row = _row(run, claims, report, tally)
    row["name"] = _slug(row)
    row = dumped(checked({**row, "digest": "0" * 64}, where))
    submission.refuse_active(row, where)
    refuse_paths(row, where)
    return {**row, "digest": seal(row)}


def _row(run: Run, claims: Claims, report: Report, tally: Tally) -> dict[str, Any]:
    plan, engine = run.plan, run.head["engine"]
    return {
        "schema_version": SCHEMA,
        "mathif": __version__,
        "tasks": run.head["tasks"],
        "prompts": run.head["prompts"],
        "graders": report.graders,
        "model": claims.model.model_dump(exclude_none=True),
        "submitter": claims.submitter,
        "relation": claims.relation,
        "inference": {
            "engine": engine,
            "chat_template": engine.get("chat_template_sha256"),
            "sampling": plan.to_json()["sampling"],
            "samples": plan.samples,
            "limit": plan.limit,
            "arms": list(plan.arms),
            "reasoning": {"mode": claims.reasoning, **tally.read},
            "hardware": claims.hardware,
        },
        "replies": {
            "count": len(tally.rows),
            "digest": store.digest(sorted(tally.rows)),
            "url": claims.url,
            "sha256": claims.sha256,
            "bytes": claims.bytes,
        },
        "verdicts": _verdicts(run),
        "tokens": dict(sorted(tally.tokens.items())),
        "profiles": numbers(report.profiles),
        "methods": METHODS,
        "attestation": ATTESTATION,
    }


def _verdicts(run: Run) -> str:
    """Return the SHA-256 over the outcomes of every verdict, in the order of their keys."""
    rows = sorted(
        [
            row["key"],
            row["answer"]["outcome"],
            {profile: [verdict["outcome"] for verdict in judged] for profile, judged in row["constraints"].items()},
        ]
        for row in store.read_rows(run.folder / "verdicts.jsonl")
    )
    return store.digest(rows)


def _slug(row: Mapping[str, Any]) -> str:
    """Return the entry's name: model and tasks, and the first digits of the replies' digest, so that none is taken."""
    words = "-".join([row["model"]["id"], *(task["name"] for task in row["tasks"])]).lower()
    head = re.sub(r"[^a-z0-9.]+", "-", words).strip("-.")[:80] or "entry"
    return f"{head}-{row['replies']['digest'][:8]}"


def _refuse(run: Run, report: Report, tally: Tally, where: str) -> None:
    """Refuse a run that the board does not show.

    Raises:
        BoardError: if replies are missing, graded by other graders, beyond any grader, or copies of one another, or
            if the engine says that it worked with other settings.
    """
    if not report.complete:
        raise BoardError(f"{where}: {report.errors} replies are missing; finish the run with: {run.resume_line}")
    if report.graders != graders_digest():
        raise BoardError(
            f"{where}: graded by other graders than this mathif's; run: mathif grade {where} && mathif report {where}"
        )
    ungraded = {
        f"{profile}/{arm}": figures.outcomes.ungraded
        for profile, block in report.profiles.items()
        for arm, figures in block.arms.items()
        if figures.outcomes.ungraded
    }
    if ungraded:
        place, count = next(iter(ungraded.items()))
        raise BoardError(f"{where}: {count} replies have UNGRADED verdicts ({place}); grade the run again")
    sampling = run.plan.to_json()["sampling"]
    for name in ("temperature", "top_p", "max_tokens"):
        said = run.head["engine"].get(name)
        if isinstance(said, int | float) and sampling[name] is not None and said != sampling[name]:
            raise BoardError(
                f"{where}: /inference/sampling/{name}: found {sampling[name]}, but the engine worked with {said}"
            )
    if run.plan.sampling.temperature > 0:
        tally.copies.refuse(run.plan.sampling.temperature, where)


def where_read(generation: Generation) -> str:
    """Return where the thinking of a reply was read: split off by the `server`, between `tags`, or `none` there."""
    reply = split(generation)
    if reply.state is State.ABSENT:
        return "none"
    if (generation.reasoning or "").strip() or not reply.thinking:
        return "server"
    return "tags"


class Copies:
    """Replies to the same prompt that are the same to the letter, as draws at a temperature hardly ever are."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[bytes, str]] = defaultdict(dict)
        self._several: set[str] = set()
        self._copied: dict[str, tuple[str, str]] = {}
        self._long: tuple[str, str] | None = None

    def add(self, generation: Generation) -> None:
        """Remember one reply."""
        prompt = generation.key.rpartition("#")[0]
        text = store.canonical([generation.reasoning, generation.text])
        mark = hashlib.sha256(text.encode()).digest()[:16]
        seen = self._seen[prompt]
        if seen:
            self._several.add(prompt)
        if mark in seen:
            pair = seen[mark], generation.key
            self._copied.setdefault(prompt, pair)
            if len(text) >= COPY_CHARS and self._long is None:
                self._long = pair
        seen.setdefault(mark, generation.key)

    def refuse(self, temperature: float, where: str) -> None:
        """Refuse copies: a long one at a high temperature, or any for more than half of the prompts.

        Raises:
            BoardError: naming two replies that are the same.
        """
        pair = self._long if temperature >= COPY_TEMPERATURE else None
        if pair is None and 2 * len(self._copied) > len(self._several):
            pair = next(iter(self._copied.values()))
        if pair is not None:
            raise BoardError(
                f"{where}: {pair[0]} and {pair[1]} are the same reply, and {len(self._copied)} of "
                f"{len(self._several)} prompts have such; samples at temperature {temperature} differ"
            )


@dataclass
class Tally:
    """What is counted while the replies of a run go by once.

    Attributes:
        rows: key and SHA-256 of every reply.
        read: for how many replies the thinking was read where.
        tokens: for each arm the tokens of the prompts, of the replies, and of the thinking.
        copies: replies that are the same as another to the same prompt.
    """

    rows: list[list[str]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: {"server": 0, "tags": 0, "none": 0})
    tokens: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    copies: Copies = field(default_factory=Copies)

    def add(self, generation: Generation) -> None:
        """Count one reply."""
        row = generation.to_json()
        self.rows.append([row.pop("key"), store.digest(row)])
        self.read[where_read(generation)] += 1
        self.copies.add(generation)
        arm = self.tokens.setdefault(Key.parse(generation.key).arm, {})
        for kind in ("prompt", "completion", "reasoning"):
            count = row[f"{kind}_tokens"]
            seen = arm.setdefault(kind, {"total": 0, "known": 0})
            seen["total"] += count or 0
            seen["known"] += count is not None


def write_replies(run: Run, path: Path) -> None:
    """Write the replies of a run as gzipped JSON lines, sorted by key; the same replies give the same bytes.

    Raises:
        BoardError: if a reply is one that no reader takes.
    """
    source = run.folder / "generations.jsonl"
    places: list[tuple[str, int]] = []
    with source.open("rb") as rows:
        at = 0
        for line in rows:
            places.append((json.loads(line)["key"], at))
            at += len(line)
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
            for _, place in sorted(places):
                rows.seek(place)
                packed.write(rows.readline())
    for _ in submission.read_replies(path):
        pass


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
