"""Making an entry: one row from a finished run and what its submitter says; a verifier makes it by the same code."""

from __future__ import annotations

import gzip
import hashlib
import re
import tempfile
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mathif import __version__, store, submission
from mathif.counting import counted
from mathif.editions import changed
from mathif.entry.claims import Claims, refuse_paths, refuse_private
from mathif.entry.model import ATTESTATION, SCHEMA, checked, dumped, numbers, schema, seal
from mathif.errors import BoardError
from mathif.json_values import Json, JsonObject
from mathif.records import Generation, Graded, Key, State
from mathif.results import Report, read_report
from mathif.run import Plan, Run
from mathif.run.folder import drawings
from mathif.run.head import Stamp, refuse_other_report
from mathif.run.pipeline import Heard, heard
from mathif.run.registration import registration

METHODS = {
    "level": "95 %, clustered by problem",
    "shares": "Wilson's score interval at the number of replies that the clustered variance implies",
    "differences": "paired by item and sample: Bonett and Price's interval, or Student's",
    "slopes": "log-odds per doubling of the CoT: logistic regression with the cluster jackknife (CV3L), "
    "and conditional logistic regression with the sandwich variance",
}
"""How the intervals of an entry are made."""

COPY_CHARS = 1000
"""Replies of this length are not drawn twice alike at `COPY_TEMPERATURE` and above."""
COPY_TEMPERATURE = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom, as a run or an entry says it.

    Attributes:
        where: begins every error.
        plan: what the user asked for.
        stamp: the tasks with their versions and digests, and the digest of the prompts.
        engine: how the engine describes itself.
        again: what finishes the run where it is not finished.
    """

    where: str
    plan: Plan
    stamp: Stamp
    engine: JsonObject
    again: str = "resume the run"

    @classmethod
    def of(cls, run: Run) -> Asked:
        """Return what the head of a run says."""
        stamp: Stamp = {"tasks": run.head["tasks"], "prompts": run.head["prompts"]}
        return cls(str(run.folder), run.plan, stamp, run.engine, run.resume_line)


def submit(run: Run, claims: Claims, folder: Path) -> tuple[Path, Path]:
    """Write the entry of a finished run to `folder/entries`, its replies to `folder/responses`, and the schema.

    With a `url` among the claims, the replies are written to the run's folder instead, to be put there.

    Returns:
        The files of the entry and of the replies.

    Raises:
        BoardError: if the run is not finished, would be refused, or a field does not fit the schema.
        DataError: if a file of the run is damaged, or its report was not written for it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        packed = Path(scratch) / "replies.jsonl.gz"
        asked, report, tally = _finished(run, packed)
        if claims.url is not None:
            claims = replace(claims, sha256=store.file_digest(packed), bytes=packed.stat().st_size)
        row = entry_row(asked, report, tally, claims)
        refuse_private(row, asked.where)
        refuse_other_report(run.folder, run.head)
        replies = run.folder / packed.name if claims.url else folder / "responses" / f"{row['name']}.jsonl.gz"
        store.make_folder(replies.parent)
        store.write_bytes(replies, packed.read_bytes())
    path = folder / "entries" / f"{row['name']}.json"
    store.make_folder(path.parent)
    store.write_json(path, row)
    store.write_json(folder / "schema.json", schema())
    return path, replies


def _finished(run: Run, replies: Path) -> tuple[Asked, Report, Tally]:
    """Read what an entry is made from, each file once, and write the replies to `replies`.

    Raises:
        BoardError: if the run is one of another kind, or has no report.
        DataError: if one of its files is damaged.
    """
    where, path = run.folder, run.folder / "report.json"
    if run.subject.kind != "run":
        raise BoardError(f"{where}: is a {run.subject.kind}; only a run that asks a task's items is handed in")
    if run.plan.shard is not None:
        raise BoardError(f"{where}: is shard {run.plan.shard} of a run; merge it with the others first")
    if not path.exists():
        raise BoardError(f"{where}: there is no report; finish the run with: {run.resume_line}")
    for file in run.subject.drawn:
        # read to its end, so that a damaged file, which no verifier could draw again, is refused
        deque(drawings(run)(file), maxlen=0)
    tally = Tally()
    for said in heard(_packed(run, replies)):
        tally.hear(said)
    for verdict in run.graded():
        tally.judge(verdict)
    return Asked.of(run), read_report(path), tally


def entry_row(asked: Asked, report: Report, tally: Tally, claims: Claims) -> dict[str, Json]:
    """Return the entry of a graded and reported run as plain JSON, its fields checked.

    Args:
        asked: what was asked of whom.
        report: what the verdicts were summed up to.
        tally: what was counted while replies and verdicts went by.
        claims: what no reply can prove.

    Raises:
        BoardError: if the run is one that the board refuses.
    """
    _refuse(asked, report, tally)
    row = dumped(checked({**_row(asked, report, tally, claims), "digest": "0" * 64}, asked.where))
    submission.refuse_active(row, asked.where)
    refuse_paths(row, asked.where)
    return {**row, "digest": seal(row)}


def _row(asked: Asked, report: Report, tally: Tally, claims: Claims) -> dict[str, object]:
    plan, engine, replies = asked.plan, asked.engine, store.digest(sorted(tally.rows))
    return {
        "name": _slug([claims.model.id, *(task["name"] for task in asked.stamp["tasks"])], replies),
        "schema_version": SCHEMA,
        "mathif": __version__,
        **asked.stamp,
        "registered": registration(plan, asked.stamp)["digest"] if claims.registered else None,
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
            "system_prompt": plan.system_prompt,
            "arms": list(plan.arms),
            "reasoning": {"mode": claims.reasoning, **tally.read},
            "hardware": claims.hardware,
        },
        "replies": {
            "count": len(tally.rows),
            "digest": replies,
            "url": claims.url,
            "sha256": claims.sha256,
            "bytes": claims.bytes,
        },
        "verdicts": store.digest(sorted(tally.verdicts)),
        "tokens": dict(sorted(tally.tokens.items())),
        "profiles": numbers(report.profiles),
        "methods": METHODS,
        "attestation": ATTESTATION,
    }


def _slug(names: Sequence[str], replies: str) -> str:
    """Return the entry's name: model and tasks, and the first digits of the replies' digest, so that none is taken."""
    # what `SLUG` allows of letters that are not capital, digits and dots; all else becomes one hyphen
    head = re.sub(r"[^a-z0-9.]+", "-", "-".join(names).lower()).strip("-.")[:80] or "entry"
    return f"{head}-{replies[:8]}"


def _refuse(asked: Asked, report: Report, tally: Tally) -> None:
    """Refuse a run that the board does not show.

    Raises:
        BoardError: if replies are missing, graded by other graders, beyond any grader, or copies of one another, or
            if the engine says that it worked with other settings.
    """
    where, sampling = asked.where, asked.plan.sampling
    if not report.complete:
        missing = counted(report.errors, "reply is", "replies are")
        raise BoardError(f"{where}: {missing} missing; finish the run with: {asked.again}")
    _refuse_other_verdicts(where, report)
    for name, wanted in {**sampling.told(), "max_tokens": sampling.max_tokens}.items():
        by_engine = asked.engine.get(name)
        if by_engine is not None and wanted is not None and by_engine != wanted:
            raise BoardError(
                f"{where}: /inference/sampling/{name}: found {wanted}, but the engine worked with {by_engine}"
            )
    if sampling.temperature:
        tally.copies.refuse(sampling.temperature, where)


def _refuse_other_verdicts(where: str, report: Report) -> None:
    """Refuse verdicts of other editions of the rules than this program's, and verdicts that no grader could give."""
    other = changed(report.graders)
    if other or not report.graders:
        raise BoardError(
            f"{where}: graded by other editions of {', '.join(other[:3]) or 'the rules'} than this mathif's; "
            f"run: mathif grade {where} && mathif report {where}"
        )
    ungraded = {
        f"{profile}/{arm}": figures.outcomes.ungraded
        for profile, block in report.profiles.items()
        for arm, figures in block.arms.items()
        if figures.outcomes.ungraded
    }
    if ungraded:
        place, count = next(iter(ungraded.items()))
        replies = counted(count, "reply has", "replies have")
        raise BoardError(f"{where}: {replies} UNGRADED verdicts ({place}); grade the run again")


def where_read(said: Heard) -> str:
    """Return where the thinking of a reply was read: split off by the `server`, between `tags`, or `none` there."""
    generation, reply = said
    if reply.state is State.ABSENT:
        return "none"
    if (generation.reasoning or "").strip() or not reply.thinking:
        return "server"
    return "tags"


class Copies:
    """Replies to the same prompt that are the same, as draws at a temperature hardly ever are.

    Short ones are the same to the letter; of long ones letters and digits count alone, so that no blank makes another.
    """

    def __init__(self) -> None:
        self._seen: dict[str, dict[bytes, str]] = defaultdict(dict)
        self._several: set[str] = set()
        self._copied: dict[str, tuple[str, str]] = {}
        self._long: tuple[str, str] | None = None

    def add(self, generation: Generation) -> None:
        """Remember one reply."""
        prompt = generation.key.rpartition("#")[0]
        text = store.canonical([generation.reasoning, generation.text])
        if len(text) >= COPY_CHARS:
            told = "".join(filter(str.isalnum, f"{generation.reasoning or ''}{generation.text}".casefold()))
        else:
            told = text
        mark = hashlib.sha256(told.encode()).digest()[:16]
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
            prompts = counted(len(self._several), "prompt")
            having = counted(len(self._copied), f"of {prompts} has", f"of {prompts} have")
            raise BoardError(
                f"{where}: {pair[0]} and {pair[1]} are the same reply, and {having} such; samples at temperature "
                f"{temperature} differ"
            )


@dataclass
class Tally:
    """What is counted while the replies and the verdicts of a run are read once.

    Attributes:
        rows: key and SHA-256 of every reply.
        verdicts: key and outcomes of every verdict.
        read: for how many replies the thinking was read where.
        tokens: for each arm the tokens of the prompts, of the replies, and of the thinking.
        copies: replies that are the same as another to the same prompt.
    """

    rows: list[list[str]] = field(default_factory=list)
    verdicts: list[tuple[str, str, Mapping[str, list[str]]]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: {"server": 0, "tags": 0, "none": 0})
    tokens: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    copies: Copies = field(default_factory=Copies)

    def judge(self, verdict: Graded) -> None:
        """Count one verdict."""
        outcomes = {
            profile.value: [judged.outcome.value for judged in row] for profile, row in verdict.constraints.items()
        }
        self.verdicts.append((verdict.key, verdict.answer.outcome.value, outcomes))

    def hear(self, said: Heard) -> None:
        """Count one reply."""
        generation = said.generation
        said_ = {name: value for name, value in generation.to_json().items() if name != "key"}
        self.rows.append([generation.key, store.digest(said_)])
        self.read[where_read(said)] += 1
        self.copies.add(generation)
        arm = self.tokens.setdefault(Key.parse(generation.key).arm, {})
        for kind, count in (
            ("prompt", generation.prompt_tokens),
            ("completion", generation.completion_tokens),
            ("reasoning", generation.reasoning_tokens),
        ):
            seen = arm.setdefault(kind, {"total": 0, "known": 0})
            seen["total"] += count or 0
            seen["known"] += count is not None


def _packed(run: Run, path: Path) -> Iterator[Generation]:
    """Yield the replies of a run sorted by key, and write them as gzipped JSON lines on their way.

    The same replies give the same bytes. Each holds the marks that it was read by, where the user named any, so that
    whoever reads it splits it alike.

    Raises:
        BoardError: naming a reply that no reader of the board takes.
    """
    total = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        for number, key in enumerate(sorted(run.replies), 1):
            body, where = run.records.body(key), f"{run.records.path}: {key}"
            total += len(body)
            submission.refuse_too_large(number, len(body), total, where)
            generation = run.replies.read(submission.reply_row(body, where), where)
            packed.write(store.line(generation.to_json()).encode())
            yield generation
