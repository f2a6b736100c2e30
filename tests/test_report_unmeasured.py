"""A reply whose thinking cannot be seen is in no share of those that obey all: hiding the thinking raises nothing."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mathif.compare.changes import arm_changes
from mathif.export.answered import reply_scores
from mathif.records import Graded, Outcome, Profile, Verdict
from mathif.report import summarize
from mathif.report.marked import by_arm, read
from mathif.results import ArmReport, ProfileReport
from tests.worlds import graded

KIND = "punctuation:no_comma"
PASSED, FAILED = Verdict(Outcome.PASS), Verdict(Outcome.FAIL, "broken")
UNSEEN = Verdict(Outcome.UNMEASURED, "unseen")
HACC = ("hacc", "joint")

Asked = tuple[bool, bool, bool, bool]
"""Of one reply: whether the answer is right, reply and thinking obey, and the thinking is hidden."""
REPLIES = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=4, max_size=24)


def row(place: int, arm: str, asked: Asked) -> Graded:
    """Return a reply of arm `both` or `plain`: two to each problem, its demand on the reply and on the thinking."""
    right, reply, thinking, hidden = asked
    told = [PASSED if reply else FAILED, UNSEEN if hidden else PASSED if thinking else FAILED]
    both = arm == "both"
    bare = graded(
        f"hiding/p{place // 2:04d}-1@{arm}#{place % 2}",
        hard=1,
        kinds=(KIND, KIND) if both else (KIND,),
        verdicts=tuple(told if both else told[:1]),
        right=right,
        tokens=100,
    )
    return replace(
        bare,
        targets=("final", "thinking") if both else ("final",),
        elsewhere={Profile.MATHIF: (told[1], told[0]) if both else (told[1],)},
        thinking_chars=0 if hidden else 400,
    )


def rows(replies: Sequence[Asked], *, show: bool = False) -> list[Graded]:
    """Return the replies of arm `both`, with a plain one beside each."""
    told = [
        row(at, "both", (right, reply, thinking, hides and not show))
        for at, (right, reply, thinking, hides) in enumerate(replies)
    ]
    return told + [row(at, "plain", (True, at % 3 == 0, at % 5 == 0, False)) for at in range(len(replies))]


def figures(graded_rows: Sequence[Graded]) -> ProfileReport:
    return summarize(graded_rows).profiles[Profile.MATHIF]


def scores(graded_rows: Sequence[Graded]) -> ArmReport:
    return figures(graded_rows).arms["both"]


@settings(max_examples=40, deadline=None)
@given(REPLIES)
def test_what_is_said_of_obeying_all_is_what_the_replies_say_that_show_their_thinking(
    replies: list[Asked],
) -> None:
    seen = [own for own in rows(replies) if own.arm == "plain" or not own.unmeasured]
    told, shown = figures(rows(replies)), figures(seen)
    if "both" not in shown.arms:
        assert told.arms["both"].overall.hacc.value is None
        assert told.effects["both"].lift is None or told.effects["both"].lift.hacc.value is None
        return
    for name in HACC:
        assert getattr(told.arms["both"].overall, name) == getattr(shown.arms["both"].overall, name)
    for figure in ("floor", "loose"):
        assert getattr(told.arms["both"], figure).hacc == getattr(shown.arms["both"], figure).hacc
    mine, theirs = told.effects["both"], shown.effects["both"]
    assert mine.association == theirs.association
    assert mine.composition == theirs.composition
    assert (mine.lift and mine.lift.hacc) == (theirs.lift and theirs.lift.hacc)
    assert mine.loose_gain.hacc == theirs.loose_gain.hacc
    assert told.length.arms["both"].hacc == shown.length.arms["both"].hacc


@settings(max_examples=40, deadline=None)
@given(REPLIES)
def test_hiding_the_thinking_adds_no_reply_that_obeys_all_and_keeps_every_measured_constraint(
    replies: list[Asked],
) -> None:
    open_, told = scores(rows(replies, show=True)), scores(rows(replies))
    hidden = sum(hides for *_, hides in replies)
    assert told.outcomes.unmeasured == hidden
    assert told.overall.hacc.n == len(replies) - hidden
    assert (told.overall.hacc.value or 0) * told.overall.hacc.n <= (open_.overall.hacc.value or 0) * len(replies) + 1e-9
    parts = [(reply + (thinking and not hides)) / (2 - hides) for _, reply, thinking, hides in replies]
    assert told.overall.sacc.value is not None
    assert abs(told.overall.sacc.value - sum(parts) / len(parts)) < 1e-9
    assert told.overall.acc == open_.overall.acc
    assert list(told.by_constraints) == ["2"]


@settings(max_examples=40, deadline=None)
@given(REPLIES)
def test_a_single_reply_has_no_score_on_obeying_all_where_its_thinking_is_hidden(
    replies: list[Asked],
) -> None:
    own = [one for one in rows(replies) if one.arm == "both"]
    known = [reply_scores(one) for one in own]
    assert all(
        ("hacc" in score) == ("joint" in score) == (not one.unmeasured) for one, score in zip(own, known, strict=True)
    )
    report = scores(rows(replies)).overall
    for name in ("hacc", "sacc", "acc", "joint"):
        values = [score[name] for score in known if name in score]
        value = getattr(report, name).value
        assert (value is None) == (not values)
        assert not values or abs(value - sum(values) / len(values)) < 1e-9


@settings(max_examples=40, deadline=None)
@given(REPLIES)
def test_a_comparison_says_of_obeying_all_only_what_both_runs_show(
    replies: list[Asked],
) -> None:
    mine = {one.key: one for one in rows(replies, show=True)}
    theirs = {one.key: one for one in rows(replies)}
    sides = (
        read([side[key].measured_with(other[key]) for key in side]) for side, other in ((mine, theirs), (theirs, mine))
    )
    before, after = map(by_arm, sides)
    changes = arm_changes("both", before, after, Profile.MATHIF)
    shown = len(replies) - sum(hides for *_, hides in replies)
    assert changes.overall.hacc.n == shown
    assert changes.overall.sacc.n == len(replies)
    assert not changes.overall.hacc.value
    assert not changes.overall.sacc.value
