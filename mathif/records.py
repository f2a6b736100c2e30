"""The frozen records that flow through a run, and nothing that acts on them.

A record is what one stage hands to the next: `Problem` and `Generation` come in, `Reply` and `Verdict` go out.
They live together, below every other room, so that no room needs another one only to name its input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

from mathif.errors import DataError
from mathif.settings import setting

SCHEMA = 1
"""Version of every record file; a change of meaning or of a field's name raises it."""


class Outcome(StrEnum):
    """What a grader says.

    UNGRADED is a failure of the grader, never of the model, and stays in the denominator. UNMEASURED says that there is
    nothing to judge, because the reply shows no thinking: it is neither pass nor fail, and is in no denominator.
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNGRADED = "ungraded"
    UNMEASURED = "unmeasured"


class Finish(StrEnum):
    """Why a generation ended: the model stopped, the token limit cut it, no reply was given, or the harness failed.

    REFUSED is something else than a reply (a refusal, a call of a tool, an ending without a reason), FILTERED was held
    back by a content filter, and of TOO_LONG the prompt did not fit the context. The three are `WITHHELD`: outcomes of
    the model as it is served, which asking again does not change.
    """

    STOP = "stop"
    LENGTH = "length"
    REFUSED = "refused"
    FILTERED = "filtered"
    TOO_LONG = "too_long"
    ERROR = "error"


WITHHELD = frozenset({Finish.REFUSED, Finish.FILTERED, Finish.TOO_LONG})
"""The endings without a reply of the model's own; they count as wrong and as obeying nothing."""


class State(StrEnum):
    """How the thinking of a reply stands: closed before the final text, cut inside it, or not there at all."""

    CLOSED = "closed"
    OPEN = "open"
    ABSENT = "absent"


class Surface(StrEnum):
    """How a problem is dressed: as schoolbooks do, or in a story, names and notation that no schoolbook has."""

    FAMILIAR = "familiar"
    UNFAMILIAR = "unfamiliar"


class Profile(StrEnum):
    """Which rules judge a constraint: what its sentence asks, or what a benchmark's published code checks."""

    MATHIF = "mathif"
    UPSTREAM = "upstream"


SEEDS = ("per-prompt", "run", "none")
SOURCES = ("settings", "model")


class Span(NamedTuple):
    """Half-open range of characters in a text."""

    start: int
    end: int


class Rendered(NamedTuple):
    """A prompt as the model's chat template wrote it.

    Attributes:
        sha256: of all of it.
        tail: its last characters.
    """

    sha256: str
    tail: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what is kept of a rendered prompt."""
        return cls(hashlib.sha256(text.encode()).hexdigest(), text[-TAIL_CHARS:])


TAIL_CHARS = 100
"""So much of a rendered prompt is kept: what a template puts behind the last turn is shorter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement, with the reason in words and the places in the text that led to it.

    Attributes:
        outcome: PASS, FAIL, UNGRADED or UNMEASURED.
        reason: one short sentence; never empty but for PASS.
        evidence: spans, in order, the first violation first for a FAIL: of the judged part of the reply (its final text
            or its thinking) in a run's records, of the whole text that was passed in where a raw response was judged.
        rung: for an answer, the rung of the ladder that decided (`text`, `number`, `structure`, `symbolic`, …).
    """

    outcome: Outcome
    reason: str = ""
    evidence: tuple[Span, ...] = ()
    rung: str = ""

    @property
    def passed(self) -> bool:
        """Whether the outcome is PASS."""
        return self.outcome is Outcome.PASS

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as plain JSON, empty fields left out."""
        row: dict[str, Any] = {"outcome": self.outcome.value}
        if self.reason:
            row["reason"] = self.reason
        if self.evidence:
            row["evidence"] = [list(span) for span in self.evidence]
        if self.rung:
            row["rung"] = self.rung
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            Outcome(row["outcome"]),
            row.get("reason", ""),
            tuple(Span(*span) for span in row.get("evidence", ())),
            row.get("rung", ""),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its gold answer; it knows nothing of constraints.

    Attributes:
        key: unique within its task; several items may share one problem.
        question: the text as it is shown, without any instruction.
        answer: the gold answer, LaTeX allowed, always a string.
        source: the data set or set of families it comes from.
        tier: difficulty from 1 (grade school) to 5 (olympiad), or None where the source has none.
        aliases: other answers that are just as right.
        topics: the fields of mathematics it needs.
        steps: number of reasoning steps of the reference solution, or None.
        family: the problem family that made it, or "".
        surface: how its family dressed it, a `Surface`, or "".
        root: what it is a version of, the same for all its versions of other steps and surfaces, or "".
        tag: name of the tag that the prompt wants the answer in, in place of a box; "" where it wants a box.
    """

    key: str
    question: str
    answer: str
    source: str
    tier: int | None = None
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    steps: int | None = None
    family: str = ""
    surface: str = ""
    root: str = ""
    tag: str = ""


class Key(NamedTuple):
    """Name of one reply, `task/item@arm#sample`; records are joined by it and never by position."""

    task: str
    item: str
    arm: str
    sample: int

    def __str__(self) -> str:
        return f"{self.task}/{self.item}@{self.arm}#{self.sample}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `task/item@arm#sample`; item keys may hold `#` (`gsm8k_single#0`).

        Raises:
            DataError: if a part is missing or the sample is not a number.
        """
        head, _, sample = text.rpartition("#")
        place, _, arm = head.rpartition("@")
        task, _, item = place.partition("/")
        if not (task and item and arm and sample.isdecimal()):
            raise DataError(f"found key {text!r}, expected 'task/item@arm#sample'")
        return cls(task, item, arm, int(sample))


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back for one prompt, verbatim; never edited.

    Attributes:
        key: `str(Key)` of the prompt.
        text: the raw reply, think tags included where the engine left them in.
        finish: why it ended.
        reasoning: the thinking, where the server split it off itself; None where it did not.
        prompt_tokens: tokens of the prompt by the model's own tokenizer, or None where unknown.
        completion_tokens: tokens of everything generated, thinking included, or None where unknown.
        reasoning_tokens: tokens of the thinking alone, or None where unknown; of a continued reply, of its whole
            thinking, that of the prefill included.
        error: what failed, for `Finish.ERROR`; why there is no reply, for the endings that are `WITHHELD`.
        rendered: what the model was shown in fact, where the engine rendered the prompt to know what a switch of the
            thinking does to it; None where it did not.
        forced: parts of the text that the run put there, and not the model: the mark that opened or closed the
            thinking where a budget asked for it.
        opened: whether the prompt as the model's template wrote it, without a prefill of ours, ends inside the
            thinking, so that the reply begins there.
        tags: opening and closing mark of the thinking, where the user named marks that no known family has.
    """

    key: str
    text: str
    finish: Finish
    reasoning: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    error: str = ""
    opened: bool = False
    tags: tuple[str, str] | None = None
    rendered: Rendered | None = None
    forced: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the generation as plain JSON: every field, but those added later only where they say something."""
        row = asdict(self)
        for name in _ADDED:
            if not row[name]:
                del row[name]
        if self.rendered:
            row["rendered"] = self.rendered._asdict()
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises:
            DataError: if a field is missing, unknown or of the wrong type.
        """
        names = {field.name for field in fields(cls)}
        if row.keys() | _ADDED != names:
            raise DataError(f"fields {sorted(row)}, expected {sorted(names)}")
        try:
            read = cls(**{**row, **_generation_parts(row)})
        except (TypeError, ValueError) as error:
            raise DataError(str(error)) from error
        _refuse_mistyped(read, _GENERATION_TYPES)
        return read


def _generation_parts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Generation` that are not plain JSON values, read."""
    tags, rendered = row.get("tags"), row.get("rendered")
    return {
        "finish": Finish(row["finish"]),
        "tags": marks_read(tags) if tags else None,
        "rendered": Rendered(**rendered) if rendered else None,
        "forced": tuple(Span(*span) for span in row.get("forced", ())),
    }


COUNT_LIMIT = 2**53
"""No count reaches this; beyond it a number of JSON is not exact."""

_GENERATION_TYPES: Mapping[str, Any] = {
    "key": str,
    "text": str,
    "reasoning": str | None,
    "prompt_tokens": int | None,
    "completion_tokens": int | None,
    "reasoning_tokens": int | None,
    "error": str,
    "opened": bool,
}


def _refuse_mistyped(record: Any, types: Mapping[str, Any]) -> None:
    """Refuse a record with a field of the wrong type, or a number that counts nothing.

    Raises:
        DataError: naming the field.
    """
    for name, kind in types.items():
        value = getattr(record, name)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise DataError(f"{record.key!r:.80}: {name} is {value!r:.80}, expected {kind}")
        if isinstance(value, int) and not 0 <= value < COUNT_LIMIT:
            raise DataError(f"{record.key}: {name} is {value!r:.40}, expected a number from 0 to {COUNT_LIMIT - 1}")


_ADDED = frozenset({"opened", "tags", "rendered", "forced"})
"""Fields of a generation that a record may lack."""


def marks_read(value: Any) -> tuple[str, str]:
    """Read an opening and a closing mark of thinking.

    Raises:
        ValueError: unless they are two different texts, neither of them blank.
    """
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(isinstance(mark, str) for mark in value):
        raise ValueError(f"found {value!r:.80}, expected an opening and a closing mark")
    opens, closes = (mark.strip() for mark in value)
    if not opens or not closes or opens == closes:
        raise ValueError(f"found {value!r:.80}, expected two different marks, neither of them blank")
    return opens, closes


@dataclass(frozen=True, slots=True)
class Reply:
    """A generation split into thinking and final text.

    Attributes:
        key: `str(Key)` of the prompt.
        thinking: the text of the thinking, "" where there is none.
        final: the text that is graded, "" while the thinking is OPEN.
        state: CLOSED, OPEN or ABSENT.
        finish: why the generation ended.
        cot_tokens: CoT length in the model's own tokens: the thinking where there is one, else the whole reply,
            which then is the chain of thought; None where the engine could not count.
        completion_tokens: tokens of everything generated, or None where unknown.
        thinking_at: where the parts of the thinking stand in the generation's text; empty where the server split it.
        final_at: likewise of the final text.
        unsplit: what it begins with where it looks like thinking that nothing marks, "" where it does not.
        rendered: digest of the prompt as the model was shown it, "" where it was not recorded.
        given: characters at the beginning of the thinking that the model was given to go on from; they are not judged.
    """

    key: str
    thinking: str
    final: str
    state: State
    finish: Finish
    cot_tokens: int | None
    completion_tokens: int | None = None
    thinking_at: tuple[Span, ...] = ()
    final_at: tuple[Span, ...] = ()
    unsplit: str = ""
    rendered: str = ""
    given: int = 0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are drawn.

    Attributes:
        temperature: 0 is greedy; None where the model's own settings are in force and only its server knows them.
        top_p: nucleus mass in (0, 1]; None likewise.
        top_k: only so many of the likeliest tokens are drawn from; 0 is all of them.
        min_p: only tokens at least so likely, as a share of the likeliest, are drawn from; 0 is all of them.
        repetition_penalty: divides the logits of tokens that stand in the prompt or the reply already; 1 is none.
        presence_penalty: taken off the logits of tokens that stand in the reply already; 0 is none.
        stop: texts that end a reply and are left out of it.
        max_tokens: most tokens a reply may have, thinking included; None leaves it to the engine's own default,
            which its `describe()` names.
        seed: the run's seed; every prompt has a seed of its own, derived from this one and its key.
        seeds: what the engine draws with: `per-prompt` each prompt's own seed, `run` one generator for all that starts
            from the run's seed, `none` whatever it likes.
        source: `settings` where the values above are the user's, `model` where they are the model's recommended ones.
    """

    temperature: float | None = setting(1.0, "Of sampling; 0 is greedy.", low=0)
    top_p: float | None = setting(0.95, "Nucleus mass.", above=0, high=1)
    top_k: int = setting(0, "Draw from so many of the likeliest tokens; 0 is all.", low=0)
    min_p: float = setting(0.0, "Draw from tokens at least so likely, as a share of the likeliest.", low=0, high=1)
    repetition_penalty: float = setting(1.0, "Divides the logits of tokens that were there before; 1 is none.", above=0)
    presence_penalty: float = setting(0.0, "Taken off the logits of tokens that the reply has.", low=-2, high=2)
    stop: tuple[str, ...] = setting((), "A text that ends a reply; may be given several times.", repeated=True)
    max_tokens: int | None = setting(
        None, "Most tokens of a reply, thinking included.", low=1, default_told="the engine's"
    )
    seed: int = setting(0, "Seed of the run; every prompt has its own.")
    seeds: str = setting("per-prompt", "What replies are drawn with: per-prompt, run or none.", choices=SEEDS)
    source: str = setting(
        "settings", "settings: as these flags say; model: as the model recommends.", flag="sampling", choices=SOURCES
    )

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `dataclasses.asdict` made; a run of an earlier mathif has fewer fields."""
        return cls(**{**row, "stop": tuple(row.get("stop", ()))})

    @property
    def is_plain(self) -> bool:
        """Whether temperature and nucleus mass alone say how tokens are drawn."""
        known = self.temperature is not None and self.top_p is not None
        return known and not self.stop and self.off(*_BEYOND) == ()

    def off(self, *names: str) -> tuple[str, ...]:
        """Return those of some fields that are not at their default."""
        return tuple(one.name for one in fields(self) if one.name in names and getattr(self, one.name) != one.default)

    def told(self) -> dict[str, Any]:
        """Return how tokens are drawn, as an engine's description says it, in plain JSON."""
        said = {name: getattr(self, name) for name in ("temperature", "top_p", *_BEYOND, "seeds", "source")}
        return said | {"stop": list(self.stop)}


_BEYOND = ("top_k", "min_p", "repetition_penalty", "presence_penalty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One graded reply to one item: a row of `verdicts.jsonl`, all that a report needs to know.

    In an arm that shows no constraints the item's constraints are judged all the same, so one reply may give several
    rows, one for each item of its problem: `key` then names the judged item, so it is unique among the rows.

    Attributes:
        key: `str(Key)` of the judged item, the arm and the sample; unique in a run.
        problem: key of the problem, unique within the task; what numbers are clustered by.
        source: the data set or set of families the problem comes from.
        tier: difficulty from 1 to 5, or None.
        arm: how the item was presented.
        sample: number of the sample, from 0.
        state: how the thinking of the reply stands.
        finish: why the generation ended.
        cot_tokens: CoT length in the model's own tokens, or None where unknown.
        completion_tokens: tokens of everything generated, or None where unknown.
        empty: whether the final text is blank.
        kinds: the kinds of the item's constraints, in order; empty on the rung without any.
        targets: the part of the reply that each of them is about, `final` or `thinking`; empty where that is not
            recorded. One about the thinking of an OPEN reply is judged up to the cut, and is UNMEASURED where no
            thinking is seen.
        unsplit: what the reply begins with that looks like thinking which nothing marks, "" where it does not.
        answer: verdict on the answer.
        constraints: for each profile one verdict for each constraint, in the order of `kinds`.
        loose: for each profile the outcomes under IFEval's eight relaxed variants, in the same order.
        floor: for each profile the outcomes of the null reply on the same item, in the same order.
        fixed: likewise of the best fixed text of the task; empty where none is known.
        elsewhere: for each profile one verdict for each constraint, judged on the part of the reply that it is not
            about: of one on the final text what the thinking does all the same, and the other way round. UNMEASURED
            where no thinking is seen, or where the kind cannot be asked of it; empty where it is not recorded.
        restated: the sentences of the thinking that restate one of the demands, in order.
        spared: for each profile one verdict for each constraint on the thinking without these sentences, UNMEASURED
            where the kind cannot be asked of it; empty where nothing is restated.
        final_chars: characters of the final text, or None where it was not recorded.
        rendered: digest of the prompt as the model was shown it, in an arm that says how it is to think; "" where it
            was not recorded.
        thinking_chars: characters of the thinking, up to the cut where it was cut; None where it was not recorded.
        steps: number of reasoning steps of the problem's reference solution, or None.
        surface: how the problem's family dressed it, or "".
        root: what the problem is a version of, or "".
    """

    key: str
    problem: str
    source: str
    tier: int | None
    arm: str
    sample: int
    state: State
    finish: Finish
    cot_tokens: int | None
    completion_tokens: int | None
    empty: bool
    kinds: tuple[str, ...]
    answer: Verdict
    constraints: Mapping[Profile, tuple[Verdict, ...]]
    loose: Mapping[Profile, tuple[Outcome, ...]]
    floor: Mapping[Profile, tuple[Outcome, ...]]
    final_chars: int | None = None
    steps: int | None = None
    surface: str = ""
    root: str = ""
    targets: tuple[str, ...] = ()
    unsplit: str = ""
    fixed: Mapping[Profile, tuple[Outcome, ...]] = field(default_factory=dict)
    elsewhere: Mapping[Profile, tuple[Verdict, ...]] = field(default_factory=dict)
    thinking_chars: int | None = None
    rendered: str = ""
    restated: tuple[Span, ...] = ()
    spared: Mapping[Profile, tuple[Verdict, ...]] = field(default_factory=dict)

    @property
    def cut(self) -> bool:
        """Whether the reply is truncated: by the token limit, inside its thinking or after it."""
        return self.state is State.OPEN or self.finish is Finish.LENGTH

    @property
    def withheld(self) -> bool:
        """Whether no reply of the model's own was given."""
        return self.finish in WITHHELD

    @property
    def unmeasured(self) -> int:
        """The number of constraints that are UNMEASURED, which is the same under every profile."""
        return len(self.kinds) - len(self._measured())

    def measured(self) -> Self:
        """Return the row without its UNMEASURED constraints: the row that numbers are made of."""
        return self._kept(self._measured())

    def measured_with(self, other: Self) -> Self:
        """Return the row without the constraints that are UNMEASURED in it or in `other`, which has the same ones."""
        return self._kept(sorted({*self._measured()} & {*other._measured()}))

    def _kept(self, places: Sequence[int]) -> Self:
        """Return the row with the constraints at these places alone."""
        if len(places) == len(self.kinds):
            return self

        def kept(judged: Mapping[Profile, tuple[Any, ...]]) -> dict[Profile, tuple[Any, ...]]:
            return {profile: tuple(row[place] for place in places) for profile, row in judged.items()}

        return replace(
            self,
            kinds=tuple(self.kinds[place] for place in places),
            targets=tuple(self.targets[place] for place in places) if self.targets else (),
            constraints=kept(self.constraints),
            loose=kept(self.loose),
            floor=kept(self.floor),
            fixed=kept(self.fixed),
            elsewhere=kept(self.elsewhere),
            spared=kept(self.spared),
        )

    def on(self, target: str) -> Self:
        """Return the row as if each constraint were about `target`, `final` or `thinking`.

        A verdict that changes its part is as strict under the relaxed variants, and what knows nothing of the
        instructions is judged as it is.

        Raises:
            DataError: if the row says nothing of the other part.
        """
        if all(known == target for known in self.targets) and len(self.targets) == len(self.kinds):
            return self
        if not self.elsewhere:
            raise DataError(f"{self.key}: its verdicts are on one part of the reply alone; grade the run again")
        moved = [known != target for known in self.targets]

        def swapped(here: tuple[Any, ...], there: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(b if moves else a for a, b, moves in zip(here, there, moved, strict=True))

        strict = {profile: tuple(one.outcome for one in row) for profile, row in self.elsewhere.items()}
        return replace(
            self,
            targets=tuple(target for _ in self.targets),
            constraints={profile: swapped(row, self.elsewhere[profile]) for profile, row in self.constraints.items()},
            elsewhere={profile: swapped(row, self.constraints[profile]) for profile, row in self.elsewhere.items()},
            loose={profile: swapped(row, strict[profile]) for profile, row in self.loose.items()},
        )

    def _measured(self) -> list[int]:
        """Return the places of the constraints that are not UNMEASURED."""
        judged = next(iter(self.constraints.values()), ())
        return [place for place, verdict in enumerate(judged) if verdict.outcome is not Outcome.UNMEASURED]

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain JSON, every field present."""
        row: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        row |= {"state": self.state.value, "finish": self.finish.value}
        row |= {"kinds": list(self.kinds), "targets": list(self.targets)}
        row["answer"] = self.answer.to_json()
        row["restated"] = [list(span) for span in self.restated]
        for name, judged in (
            ("constraints", self.constraints),
            ("elsewhere", self.elsewhere),
            ("spared", self.spared),
        ):
            row[name] = {profile.value: [verdict.to_json() for verdict in row_] for profile, row_ in judged.items()}
        for name, outcomes in (("loose", self.loose), ("floor", self.floor), ("fixed", self.fixed)):
            row[name] = {profile.value: [outcome.value for outcome in row_] for profile, row_ in outcomes.items()}
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; the fields at the end, which older rows lack, may be absent.

        Raises:
            DataError: if a field is missing, unknown or of the wrong type, or if a profile does not judge every
                constraint.
        """
        names = {field.name for field in fields(cls)}
        if row.keys() | _ADDED_TO_GRADED != names:
            raise DataError(f"fields {sorted(row)}, expected {sorted(names)}")
        try:
            graded = cls(**{**row, **_graded_parts(row)})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError(f"a graded row cannot be read: {error!r}") from error
        graded._check()
        return graded

    def _check(self) -> None:
        """Refuse a field of the wrong type and a profile with more or fewer outcomes than constraints."""
        _refuse_mistyped(self, _GRADED_TYPES)
        known = {"constraints": self.constraints, "loose": self.loose, "floor": self.floor}
        added = {"fixed": self.fixed, "elsewhere": self.elsewhere, "spared": self.spared}
        for name, judged in (known | {name: judged for name, judged in added.items() if judged}).items():
            if judged.keys() != self.constraints.keys() or any(len(row) != len(self.kinds) for row in judged.values()):
                raise DataError(
                    f"{self.key}: {name} holds { ({p.value: len(row) for p, row in judged.items()}) } outcomes,"
                    f" expected {len(self.kinds)} for each of {sorted(self.constraints)}"
                )


_ADDED_TO_GRADED = frozenset(
    {
        "final_chars",
        "steps",
        "surface",
        "root",
        "targets",
        "unsplit",
        "rendered",
        "fixed",
        "elsewhere",
        "thinking_chars",
        "restated",
        "spared",
    }
)
"""Fields of a graded row that a record may lack."""

_GRADED_TYPES: Mapping[str, Any] = {
    "key": str,
    "problem": str,
    "source": str,
    "tier": int | None,
    "arm": str,
    "sample": int,
    "cot_tokens": int | None,
    "completion_tokens": int | None,
    "empty": bool,
    "final_chars": int | None,
    "thinking_chars": int | None,
    "steps": int | None,
    "surface": str,
    "root": str,
    "unsplit": str,
    "rendered": str,
}


def _graded_parts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Graded` row that are not plain JSON values, read."""
    return {
        "state": State(row["state"]),
        "finish": Finish(row["finish"]),
        "kinds": tuple(row["kinds"]),
        "targets": tuple(row.get("targets", ())),
        "answer": Verdict.from_json(row["answer"]),
        "constraints": _verdicts(row["constraints"]),
        "elsewhere": _verdicts(row.get("elsewhere", {})),
        "spared": _verdicts(row.get("spared", {})),
        "restated": tuple(Span(*span) for span in row.get("restated", ())),
        "loose": _outcomes(row["loose"]),
        "floor": _outcomes(row["floor"]),
        "fixed": _outcomes(row.get("fixed", {})),
    }


def _verdicts(row: Mapping[str, Any]) -> dict[Profile, tuple[Verdict, ...]]:
    return {Profile(profile): tuple(map(Verdict.from_json, verdicts)) for profile, verdicts in row.items()}


def _outcomes(row: Mapping[str, Any]) -> dict[Profile, tuple[Outcome, ...]]:
    return {Profile(profile): tuple(map(Outcome, outcomes)) for profile, outcomes in row.items()}
