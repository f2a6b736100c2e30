"""One graded reply to one item: a row of `verdicts.jsonl`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

from mathif.errors import DataError
from mathif.json_values import Json, JsonObject, count, fields, flag, items, or_none, refuse_other_fields, text, texts
from mathif.records.outcomes import WITHHELD, Finish, Outcome, Profile, State
from mathif.records.verdict import Span, Verdict, as_json, outcome_of, spans

Judged = TypeVar("Judged", Outcome, Verdict)
Read = TypeVar("Read")

_PROFILES = {profile.value: profile for profile in Profile}


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One graded reply to one item: a row of `verdicts.jsonl`, all that a report needs to know.

    In an arm that shows no constraints the item's constraints are judged nevertheless, so one reply may give several
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
    def whole(self) -> bool:
        """Whether there is a whole reply, which alone can be right or obey."""
        return not (self.cut or self.withheld)

    @property
    def unmeasured(self) -> int:
        """The number of constraints that are UNMEASURED, which is the same under every profile."""
        return len(self.kinds) - len(self._measured())

    def measured(self) -> Self:
        """Return the row without its UNMEASURED constraints: the row that numbers are made of."""
        return self._kept(self._measured())

    def measured_with(self, other: Self) -> Self:
        """Return the row with those constraints UNMEASURED too that are so in `other`, which has the same ones."""
        return replace(
            self,
            constraints={
                profile: tuple(
                    theirs if theirs.outcome is Outcome.UNMEASURED else mine
                    for mine, theirs in zip(row, other.constraints[profile], strict=True)
                )
                for profile, row in self.constraints.items()
            },
        )

    def _kept(self, places: Sequence[int]) -> Self:
        """Return the row with the constraints at these places alone."""
        if len(places) == len(self.kinds):
            return self

        def kept(judged: Mapping[Profile, tuple[Judged, ...]]) -> dict[Profile, tuple[Judged, ...]]:
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

    def _measured(self) -> list[int]:
        """Return the places of the constraints that are not UNMEASURED."""
        judged = next(iter(self.constraints.values()), ())
        return [place for place, verdict in enumerate(judged) if verdict.outcome is not Outcome.UNMEASURED]

    def to_json(self) -> dict[str, Json]:
        """Return the row as plain JSON, every field present."""
        return {name: as_json(getattr(self, name)) for name in _FIELDS}

    @classmethod
    def from_json(cls, row: JsonObject) -> Self:
        """Read what `to_json` wrote; the fields at the end, which older rows lack, may be absent.

        Raises:
            DataError: if a field is missing, unknown or of the wrong type, or if a profile does not judge every
                constraint.
        """
        try:
            if row.keys() != _FIELDS:
                refuse_other_fields(row, _FIELDS, _ABSENT.keys())
                row = {**_ABSENT, **row}
            graded = cls(
                key=text(row, "key"),
                problem=text(row, "problem"),
                source=text(row, "source"),
                tier=or_none(count, row, "tier"),
                arm=text(row, "arm"),
                sample=count(row, "sample"),
                state=State(text(row, "state")),
                finish=Finish(text(row, "finish")),
                cot_tokens=or_none(count, row, "cot_tokens"),
                completion_tokens=or_none(count, row, "completion_tokens"),
                empty=flag(row, "empty"),
                kinds=texts(row, "kinds"),
                answer=Verdict.from_json(row["answer"]),
                constraints=_verdicts(row, "constraints"),
                loose=_outcomes(row, "loose"),
                floor=_outcomes(row, "floor"),
                final_chars=or_none(count, row, "final_chars"),
                steps=or_none(count, row, "steps"),
                surface=text(row, "surface"),
                root=text(row, "root"),
                targets=texts(row, "targets"),
                unsplit=text(row, "unsplit"),
                fixed=_outcomes(row, "fixed"),
                elsewhere=_verdicts(row, "elsewhere"),
                thinking_chars=or_none(count, row, "thinking_chars"),
                rendered=text(row, "rendered"),
                restated=spans(row["restated"]),
                spared=_verdicts(row, "spared"),
            )
        except (TypeError, ValueError) as error:
            raise DataError(f"a graded row cannot be read: {error}") from error
        graded._refuse_uneven()
        return graded

    def _refuse_uneven(self) -> None:
        """Refuse a profile with more or fewer outcomes than there are constraints."""
        profiles, even = self.constraints.keys(), [len(self.kinds)] * len(self.constraints)
        required = {"constraints": self.constraints, "loose": self.loose, "floor": self.floor}
        optional = {"fixed": self.fixed, "elsewhere": self.elsewhere, "spared": self.spared}
        for name, judged in (required | optional).items():
            missing = not judged and name in optional
            if not missing and (judged.keys() != profiles or [*map(len, judged.values())] != even):
                raise DataError(
                    f"{self.key}: {name} holds { ({p.value: len(row) for p, row in judged.items()}) } outcomes,"
                    f" expected {len(self.kinds)} for each of {sorted(self.constraints)}"
                )


_FIELDS = Graded.__annotations__.keys()
_ABSENT: JsonObject = {
    "final_chars": None,
    "steps": None,
    "surface": "",
    "root": "",
    "targets": (),
    "unsplit": "",
    "fixed": {},
    "elsewhere": {},
    "thinking_chars": None,
    "rendered": "",
    "restated": (),
    "spared": {},
}
"""What the fields of a graded row hold that a record may lack."""


def _verdicts(row: JsonObject, name: str) -> dict[Profile, tuple[Verdict, ...]]:
    return _by_profile(row, name, Verdict.from_json)


def _outcomes(row: JsonObject, name: str) -> dict[Profile, tuple[Outcome, ...]]:
    return _by_profile(row, name, outcome_of)


def _by_profile(row: JsonObject, name: str, read: Callable[[Json], Read]) -> dict[Profile, tuple[Read, ...]]:
    """Read what every profile says of each constraint; where one says what the one before said, it is read once."""
    found: dict[Profile, tuple[Read, ...]] = {}
    judged, before = fields(row, name), None
    same: tuple[Read, ...] = ()
    for profile, said in judged.items():
        if said != before:
            before, same = said, tuple(map(read, items(judged, profile)))
        found[_PROFILES.get(profile) or Profile(profile)] = same
    return found
