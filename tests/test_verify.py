"""Laws of verification: what is true passes however it is written, and any one change does not."""

import gzip
import json
import random
import re
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif import submission
from mathif.cli import cli
from mathif.entry import dumped, open_entry, submit
from mathif.entry.model import Model, ModelFacts, checked
from mathif.errors import BoardError, FiguresError, StaleError
from mathif.evidence import Evidence, Onlooker
from mathif.reasoning import split
from mathif.records import Finish, Generation, Graded
from mathif.verify import Badge, Verification, differences, refuse_copies, reproduced
from mathif.verify import regraded as graded_again
from mathif.verify import verify as verified
from tests.submitting import (
    CLAIMS,
    Place,
    at,
    changed,
    finished,
    leaves,
    read,
    read_replies,
    thinking_run,
    write,
    write_replies,
)
from tests.tiny import only_bundled

CLAIMED = (
    ("mathif",),
    ("submitter",),
    ("relation",),
    ("inference", "hardware"),
    ("inference", "reasoning", "mode"),
    ("inference", "engine"),
    ("inference", "sampling", "max_tokens"),
)
"""What no reply can prove; only the digest of the entry holds it, and only against accidents."""


@pytest.fixture(scope="module", autouse=True)
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny task as the only bundled one."""
    with only_bundled(tmp_path_factory.mktemp("tasks")) as folder:
        yield folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The entry of a run that has replies of every sort."""
    folder = tmp_path_factory.mktemp("made")
    return submit(thinking_run(folder / "run", arms=("plain", "constrained")), CLAIMS, folder / "board")[0]


def replies_of(path: Path) -> Path:
    return path.parent.parent / "responses" / f"{path.stem}.jsonl.gz"


def copied(made: Path, folder: Path) -> Path:
    """A board of its own with the same entry and replies."""
    path = folder / "entries" / made.name
    for source, target in ((made, path), (replies_of(made), replies_of(path))):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return path


# What passes


@pytest.mark.parametrize(
    ("model", "more"),
    [
        ("mock:witness", ("shuffled", "scrambled", "before", "after", "system", "self")),
        ("mock:null", ()),
        ("mock:contrary", ("self",)),
        ("mock:constant", ()),
    ],
)
def test_an_honest_entry_is_regraded(tmp_path: Path, model: str, more: tuple[str, ...]) -> None:
    run = finished(tmp_path / "run", model=model, arms=("plain", "constrained", *more), limit=5)
    path, _ = submit(run, CLAIMS, tmp_path / "board")
    found = verified(path)
    assert found.badge is Badge.REGRADED
    assert found.entry == open_entry(path).entry


def whole_as_float(value: Any) -> Any:
    """The same JSON with every integer written with a point, as some languages do."""
    if isinstance(value, dict):
        return {name: whole_as_float(part) for name, part in value.items()}
    if isinstance(value, list):
        return [whole_as_float(part) for part in value]
    return float(value) if type(value) is int else value


def float_as_whole(value: Any) -> Any:
    """The same JSON with every whole number written without a point, as JavaScript does."""
    if isinstance(value, dict):
        return {name: float_as_whole(part) for name, part in value.items()}
    if isinstance(value, list):
        return [float_as_whole(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


HONEST: dict[str, Callable[[dict[str, Any]], str]] = {
    "sorted": lambda row: json.dumps(row, sort_keys=True),
    "reversed": lambda row: json.dumps(dict(reversed(row.items()))),
    "compact": lambda row: json.dumps(row, separators=(",", ":")),
    "indented": lambda row: json.dumps(row, indent=7),
    "windows line ends": lambda row: json.dumps(row, indent=1).replace("\n", "\r\n"),
    "escaped": lambda row: json.dumps(row).replace("m", "\\u006d"),
    "integers with a point": lambda row: json.dumps(whole_as_float(row)),
    "whole numbers without": lambda row: json.dumps(float_as_whole(row)),
    "exponents": lambda row: json.dumps(row).replace("0.5,", "5e-1,").replace("1.0,", "10E-1,"),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_entry_written_another_way_passes(made: Path, tmp_path: Path, name: str) -> None:
    path = copied(made, tmp_path)
    text = HONEST[name](read(made))
    assert text != json.dumps(read(made))
    path.write_bytes(text.encode())
    assert verified(path).badge is Badge.REGRADED


def test_honest_replies_written_another_way_pass(made: Path, tmp_path: Path) -> None:
    path = copied(made, tmp_path)
    rows = read_replies(replies_of(made))
    random.Random(1).shuffle(rows)
    lines = [json.dumps(dict(reversed(row.items())), ensure_ascii=False) + "\r\n" for row in rows]
    parts = [gzip.compress("".join(part).encode(), 1) for part in (lines[:3], lines[3:])]
    replies_of(path).write_bytes(b"".join(parts))
    assert verified(path).badge is Badge.REGRADED


def test_replies_that_are_elsewhere_are_taken_from_where_they_are_given(tmp_path: Path) -> None:
    claims = replace(CLAIMS, url="https://example.org/replies.jsonl.gz")
    path, replies = submit(thinking_run(tmp_path / "run"), claims, tmp_path / "board")
    found = verified(path)
    assert found.badge is Badge.SELF_REPORTED
    assert "https://example.org/replies.jsonl.gz" in found.reason
    assert verified(path, replies).badge is Badge.REGRADED
    replies.write_bytes(gzip.compress(gzip.decompress(replies.read_bytes()), 1))
    with pytest.raises(BoardError, match=r"/replies/(bytes|sha256): "):
        verified(path, replies)


def test_an_entry_of_older_rules_is_made_again_from_its_replies_alone(made: Path, tmp_path: Path) -> None:
    path, row = copied(made, tmp_path), read(made)
    older = changed(row, ("profiles", "mathif", "arms", "plain", "overall", "acc", "value"), 0.123)
    write(path, changed(older, ("graders", "answer"), "0" * 64))
    assert json.loads(json.dumps(graded_again(path))) == row


def test_replies_that_make_another_entry_or_are_elsewhere_are_not_graded_again(made: Path, tmp_path: Path) -> None:
    path = copied(made, tmp_path).with_stem("another")
    write(path, {**read(made), "name": "another"})
    replies_of(path).write_bytes(replies_of(made).read_bytes())
    with pytest.raises(BoardError, match=f"its replies make it '{made.stem}'; hand the run in again"):
        graded_again(path)
    claims = replace(CLAIMS, url="https://example.org/replies.jsonl.gz")
    path, _ = submit(thinking_run(tmp_path / "run"), claims, tmp_path / "board")
    with pytest.raises(BoardError, match=r"the replies are at https://example\.org/replies\.jsonl\.gz; only those"):
        graded_again(path)


def test_every_verdict_is_told_to_whoever_watches(made: Path) -> None:
    told: list[tuple[int, str, int]] = []

    def watched(verdicts: Iterable[Graded], total: int, unit: str) -> Iterator[Graded]:
        seen = list(verdicts)
        told.append((total, unit, len(seen)))
        yield from seen

    verified(made, progress=watched)
    (one,) = told
    assert one == (one[2], "verdicts", one[0])
    assert one[0] >= len(read_replies(replies_of(made)))


# What does not: any one change


def another(value: Any) -> Any:
    """A value as near to `value` as can be."""
    if value is None:
        return 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + ("b" if value[-1] == "a" else chr(ord(value[-1]) ^ 1)) if value else "x"
    if isinstance(value, int | float):
        return value + 1 if isinstance(value, int) else float.fromhex(value.hex()) + max(abs(value), 1e-9) * 2**-40
    return [*value, 1] if isinstance(value, list) else {**value, "x": 1}


def outside_profiles(row: dict[str, Any]) -> list[Place]:
    return [place for place in leaves(row) if place[0] != "profiles"]


def claimed(place: Place) -> bool:
    return place[0] == "model" or any(place[: len(claim)] == claim for claim in CLAIMED)


def test_every_setting_digest_and_count_is_held_even_against_a_forger(tmp_path: Path) -> None:
    path, _ = submit(thinking_run(tmp_path / "run", arms=("constrained",)), CLAIMS, tmp_path / "board")
    row = read(path)
    places = [place for place in outside_profiles(row) if place != ("digest",)]
    assert len(places) > 50
    for place in places:
        write(path, changed(row, place, another(at(row, place))), sealed=not claimed(place))
        with pytest.raises(BoardError):
            verified(path)


def test_the_digest_of_an_entry_is_held_too(made: Path, tmp_path: Path) -> None:
    path, row = copied(made, tmp_path), read(made)
    write(path, {**row, "digest": row["digest"][::-1]}, sealed=False)
    with pytest.raises(BoardError, match="/digest: is not that of the entry"):
        verified(path)


def test_every_number_of_the_figures_is_compared(made: Path) -> None:
    row, true = (dumped(open_entry(made).entry) for _ in range(2))
    places = [place for place in leaves(row) if place[0] == "profiles"]
    assert len(places) > 1000
    for place in places:
        part, last = at(row, place[:-1]), place[-1]
        kept = part[last]
        part[last] = another(kept)
        ours, theirs = ({"block": at(whole, place[:3])} for whole in (row, true))
        found = next(differences(ours, theirs), None)
        part[last] = kept
        assert found is not None, place
        assert found[0][1 : len(place) - 2] == place[3:]  # an empty table differs in what was put into it


def test_a_number_that_is_younger_than_the_entry_is_not_missed_and_one_that_is_older_than_this_mathif_passed_over(
    made: Path, tmp_path: Path
) -> None:
    path, row = copied(made, tmp_path), read(made)
    overall = row["profiles"]["mathif"]["arms"]["constrained"]["overall"]
    del overall["judged"]
    overall["later"] = {"value": 0.5}
    write(path, row)
    assert verified(path).badge is Badge.REGRADED


def test_a_kind_or_an_arm_that_is_left_out_is_missed(made: Path, tmp_path: Path) -> None:
    for part in ("by_kind", "by_source"):
        path, row = copied(made, tmp_path / part), read(made)
        row["profiles"]["mathif"]["arms"]["constrained"][part].popitem()
        write(path, row)
        with pytest.raises(BoardError, match=rf"/{part}/.*: found .*absent"):
            verified(path)


@pytest.mark.parametrize(
    ("place", "figure"),
    [
        (("verdicts",), False),
        (("replies", "digest"), False),
        (("profiles", "mathif", "arms", "plain", "overall", "acc", "n"), True),
        (("methods", "level"), True),
    ],
)
def test_only_a_figure_is_said_to_be_mended_by_grading_again(
    made: Path, tmp_path: Path, place: Place, figure: bool
) -> None:
    path, row = copied(made, tmp_path), read(made)
    write(path, changed(row, place, another(at(row, place))))
    with pytest.raises(BoardError) as refused:
        verified(path)
    assert isinstance(refused.value, FiguresError) is ("mathif board --regrade" in str(refused.value)) is figure


@settings(max_examples=10)
@given(st.data())
def test_a_forged_number_is_named_with_both_values(
    made: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path, row = copied(made, tmp_path_factory.mktemp("forged")), read(made)
    numbers = [place for place in leaves(row["profiles"]) if isinstance(at(row["profiles"], place), int | float)]
    place = ("profiles", *data.draw(st.sampled_from(numbers)))
    pointer = "/" + "/".join(map(str, place))
    old = at(row, place)
    write(path, changed(row, place, old / 2 if isinstance(old, float) and old else old + 1))
    with pytest.raises(BoardError) as refused:
        verified(path)
    assert str(refused.value).startswith(f"{path}: {pointer}: ")
    assert "found" in str(refused.value)


@settings(max_examples=15)
@given(st.data())
def test_any_one_change_of_a_reply_is_found(
    made: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = copied(made, tmp_path_factory.mktemp("flipped"))
    rows = read_replies(replies_of(path))
    number = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(sorted(rows[number])))
    old = rows[number][name]
    if isinstance(old, str) and name in ("text", "reasoning"):
        place = data.draw(st.integers(0, len(old) - 1))
        rows[number][name] = old[:place] + chr(ord(old[place]) ^ 1) + old[place + 1 :]
    else:
        rows[number][name] = "length" if old == "stop" else "stop" if name == "finish" else another(old)
    write_replies(replies_of(path), rows)
    with pytest.raises(BoardError):
        verified(path)


# What is refused, each with a sentence

Rows = list[dict[str, Any]]


def doubled(rows: Rows) -> Rows:
    return [*rows, rows[0]]


def missing(rows: Rows) -> Rows:
    return rows[1:]


def unknown(rows: Rows) -> Rows:
    return [*rows[1:], {**rows[0], "key": "tiny/sum@plain#9"}]


def one_more(rows: Rows) -> Rows:
    return [*rows, {**rows[0], "key": "tiny/sum@plain#9"}]


def first(**change: Any) -> Callable[[Rows], Rows]:
    return lambda rows: [{**rows[0], **change}, *rows[1:]]


REPLIES: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "a doubled item and sample": (doubled, "/key: '.*' occurs twice"),
    "a missing item and sample": (
        missing,
        r"1 of 12 .* missing \(first 'tiny/half.double@constrained#0'\), and 0 were",
    ),
    "a reply that nobody asked for": (
        unknown,
        r"1 of 12 .* missing .* and 1 was never asked for \(first 'tiny/sum@plain#9'\)",
    ),
    "one reply too many": (one_more, "/key: 'tiny/sum@plain#9' is one reply too many; expected at most 12"),
    "a key that is none": (first(key="x"), "/key: found key 'x', expected 'task/item@arm#sample'"),
    "a failure of the engine": (first(finish="error", error="timeout"), "run is incomplete"),
    "an unknown end": (first(finish="tired"), '/finish: .* found "tired"'),
    "text that is none": (first(text=5), "/text: .*string, found 5"),
    "tokens below zero": (first(completion_tokens=-1), "/completion_tokens: .*greater than or equal to 0, found -1"),
    "an unknown field": (first(note="x"), "/note: extra inputs"),
    "no rows": (lambda rows: [], "12 of 12 replies are missing"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_replies_that_are_not_those_of_a_run_are_refused(made: Path, tmp_path: Path, name: str) -> None:
    change, message = REPLIES[name]
    path = copied(made, tmp_path)
    write_replies(replies_of(path), change(read_replies(replies_of(path))))
    with pytest.raises(BoardError, match=f"{path.stem}.*{message}"):
        verified(path)


SETTINGS: dict[str, tuple[Place, Any, str]] = {
    "too hot": (("inference", "sampling", "temperature"), 2.5, "/inference/sampling/temperature: .*found 2.5"),
    "below zero": (("inference", "sampling", "temperature"), -1, "/inference/sampling/temperature: .*found -1"),
    "no mass": (("inference", "sampling", "top_p"), 0, "/inference/sampling/top_p: .*found 0"),
    "no tokens": (("inference", "sampling", "max_tokens"), 0, "/inference/sampling/max_tokens: .*found 0"),
    "not what the engine did": (
        ("inference", "sampling", "temperature"),
        0.5,
        "/inference/sampling/temperature: found 0.5, but the engine worked with 1",
    ),
    "another seed": (("inference", "sampling", "seed"), 8, "/prompts: these are not the benchmark's prompts"),
    "no samples": (("inference", "samples"), 0, "/inference/samples: "),
    "other prompts": (("prompts",), "0" * 64, "/prompts: these are not the benchmark's prompts"),
    "other graders": (("graders", "answer"), "0" * 64, "/graders: 1 rule has another edition now, first answer; "),
    "no graders": (("graders",), {}, '/graders/answer: found "\\(absent'),
    "other data": (("tasks", 0, "digest"), "0" * 64, "/tasks/0/digest: found '0000"),
    "other version of the task": (("tasks", 0, "version"), "2", "/tasks/0/version: found '2', but .* has '1'"),
    "unknown task": (("tasks", 0, "name"), "tinny", "/tasks/0/name: no bundled task 'tinny'; did you mean 'tiny'"),
    "the same task twice": (("tasks",), "twice", "/tasks: the same task twice"),
    "a path as a task": (("tasks", 0, "name"), "../tiny", "/tasks/0/name: "),
    "unknown arm": (("inference", "arms", 0), "plane", "/inference/arms: .*did you mean 'plain'"),
    "other schema": (("schema_version",), 9, "/schema_version: found 9"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_and_versions_that_are_not_known_are_refused(made: Path, tmp_path: Path, name: str) -> None:
    place, value, message = SETTINGS[name]
    path = copied(made, tmp_path)
    write(path, changed(read(made), place, read(made)["tasks"] * 2 if value == "twice" else value))
    with pytest.raises(BoardError, match=f"^{path}: {message}"):
        verified(path)


def test_rules_of_another_edition_are_counted_and_the_first_three_are_named(made: Path, tmp_path: Path) -> None:
    path = copied(made, tmp_path)
    rules = read(made)["graders"]
    write(path, changed(read(made), ("graders",), dict.fromkeys(rules, "0" * 64)))
    told = f"^{path}: /graders: {len(rules)} rules have another edition now, first {', '.join(list(rules)[:3])}; make"
    with pytest.raises(StaleError, match=told):
        verified(path)


def test_copies_handed_in_as_samples_are_refused(made: Path, tmp_path: Path) -> None:
    path = copied(made, tmp_path)
    rows = {row["key"]: row for row in read_replies(replies_of(path))}
    write_replies(replies_of(path), ({**rows[f"{key[:-1]}0"], "key": key} for key in rows))
    with pytest.raises(BoardError, match=f"^{path}: .* are the same reply"):
        verified(path)


def test_verdicts_that_no_grader_can_give_are_refused(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mathif import grading
    from mathif.records import Outcome, Verdict

    monkeypatch.setattr(grading, "_answer", lambda reply, problem: Verdict(Outcome.UNGRADED, "too slow"))
    path = copied(made, tmp_path)
    with pytest.raises(BoardError, match=f"^{path}: .* UNGRADED verdicts"):
        verified(path)


def test_too_many_prompts_are_refused_before_any_is_made(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "ROWS", 100)
    path = copied(made, tmp_path)
    write(path, changed(read(made), ("inference", "samples"), 1000))
    with pytest.raises(BoardError, match="/inference/samples: asks 6000 prompts, expected at most 100"):
        verified(path)


def test_an_entry_without_its_replies_is_refused(made: Path, tmp_path: Path) -> None:
    path = copied(made, tmp_path)
    replies_of(path).unlink()
    with pytest.raises(BoardError, match="there are no replies at"):
        verified(path)
    replies_of(path).symlink_to(replies_of(made))
    with pytest.raises(BoardError, match="not a link"):
        verified(path)


def test_nothing_is_left_behind(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, scratch = copied(made, tmp_path / "board"), tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = sorted((tmp_path / "board").rglob("*"))
    verified(path)
    assert list(scratch.iterdir()) == []
    assert sorted((tmp_path / "board").rglob("*")) == before


# Badges


@pytest.fixture(scope="module")
def regraded(made: Path) -> Verification:
    return verified(made)


def by_another(one: Verification, **change: Any) -> Verification:
    """The same result handed in by somebody else, with replies of its own."""
    replies = one.entry.replies.model_copy(update={"digest": "1" * 64})
    values = {"submitter": "another", "replies": replies, **change}
    return replace(one, entry=one.entry.model_copy(update=values), evidence=replace(one.evidence, marks=()))


def badges(*found: Verification) -> list[str]:
    return [one.badge.value for one in reproduced(found)]


def test_two_people_with_the_same_result_have_reproduced_it(regraded: Verification) -> None:
    assert badges(regraded, by_another(regraded)) == ["reproduced", "reproduced"]
    sampling = regraded.entry.inference.sampling.model_copy(update={"seed": 1})
    inference = regraded.entry.inference.model_copy(update={"sampling": sampling, "samples": 5})
    assert badges(regraded, by_another(regraded, inference=inference)) == ["reproduced", "reproduced"]


def heard(texts: Mapping[str, str]) -> Evidence:
    """What is left of replies, by the item that they answer."""
    onlooker = Onlooker(())
    for item, text in texts.items():
        onlooker.hear(split(Generation(f"tiny/{item}@constrained#0", text, Finish.STOP)))
    return onlooker.evidence()


LONG = {f"i{place}": f"<think>{f'step {place} of many ' * 10}</think>\nIt is {place}." for place in range(20)}


@given(st.dictionaries(st.sampled_from(sorted(LONG)), st.text(alphabet="ab .,\n\u200b", max_size=40)))
def test_replies_are_copies_however_they_are_changed_beside_their_longest_line(added: dict[str, str]) -> None:
    changed_ = {item: f"{text}\n{added.get(item, '')}" for item, text in LONG.items()}
    spaced = {item: text.replace(" ", "  ").upper().replace("THINK>", "think>") for item, text in LONG.items()}
    assert heard(LONG).copies(heard(changed_))
    assert heard(LONG).copies(heard(spaced))


def test_replies_are_no_copies_where_half_of_them_differ_or_too_few_are_long() -> None:
    others = {
        item: text.replace("step", "stage") if place % 2 else text for place, (item, text) in enumerate(LONG.items())
    }
    short = {item: f"It is {item}." for item in LONG}
    few = dict(list(LONG.items())[:9])
    moved = dict(zip(LONG, [*list(LONG.values())[1:], LONG["i0"]], strict=True))
    for texts in (others, short, few, moved, {}):
        assert not heard(LONG).copies(heard(texts))
        assert not heard(texts).copies(heard(LONG))
    assert not heard(short).copies(heard(short))


def test_nobody_reproduces_with_the_replies_of_another(regraded: Verification) -> None:
    one = replace(regraded, evidence=heard(LONG))
    copy = replace(by_another(regraded), evidence=heard({item: f"{text} " for item, text in LONG.items()}))
    assert badges(one, copy) == ["regraded", "regraded"]
    assert badges(one, replace(copy, evidence=heard({item: text[::-1] for item, text in LONG.items()}))) == [
        "reproduced",
        "reproduced",
    ]


def test_replies_that_two_people_say_are_of_two_models_are_refused_but_for_simulated_ones(
    regraded: Verification,
) -> None:
    other = by_another(regraded, model=Model(id="org/other"))
    for pair in (
        (regraded, replace(other, entry=other.entry.model_copy(update={"replies": regraded.entry.replies}))),
        (replace(regraded, evidence=heard(LONG)), replace(other, evidence=heard(LONG))),
    ):
        for one, another in (pair, pair[::-1]):
            with pytest.raises(BoardError, match=r"here: /replies: they are those of .*leave out the one"):
                refuse_copies(one, [another], "here")
    refuse_copies(regraded, [other], "here")
    refuse_copies(regraded, [by_another(regraded)], "here")
    twice_named = by_another(regraded, model=Model(id="org/other"), submitter=regraded.entry.submitter)
    refuse_copies(replace(regraded, evidence=heard(LONG)), [replace(twice_named, evidence=heard(LONG))], "here")
    mocked = regraded.entry.inference.model_copy(update={"engine": {"engine": "mock"}})
    simulated = replace(regraded, entry=other.entry.model_copy(update={"inference": mocked}), evidence=heard(LONG))
    refuse_copies(simulated, [replace(regraded, evidence=heard(LONG))], "here")


def accurate(one: Verification, low: float | None, high: float | None) -> Verification:
    """The same entry with another interval of Acc."""
    place: Place = ("profiles", "mathif", "arms", "plain", "overall", "acc")
    row = dumped(one.entry)
    return replace(one, entry=checked(changed(row, place, {**at(row, place), "low": low, "high": high}), "e"))


def test_nobody_reproduces_a_result_whose_interval_is_elsewhere(regraded: Verification) -> None:
    one = accurate(regraded, 0.2, 0.5)
    assert badges(one, by_another(accurate(regraded, 0.5, 0.9))) == ["reproduced", "reproduced"]
    assert badges(one, by_another(accurate(regraded, 0.51, 0.9))) == ["regraded", "regraded"]
    assert badges(one, by_another(accurate(regraded, 0.0, 0.19))) == ["regraded", "regraded"]


def test_a_result_without_an_interval_is_reproduced_by_the_same_number_alone(regraded: Verification) -> None:
    one, other = accurate(regraded, None, None), by_another(accurate(regraded, None, None))
    assert badges(one, other) == ["reproduced", "reproduced"]
    assert [found.reason for found in reproduced([one, other])] == ["", ""]
    place: Place = ("profiles", "mathif", "arms", "plain", "overall", "acc", "value")
    moved = checked(changed(dumped(other.entry), place, 0.123), "e")
    assert badges(one, replace(other, entry=moved)) == ["regraded", "regraded"]
    assert badges(regraded, other) == ["reproduced", "reproduced"]


def test_nobody_reproduces_alone_or_with_other_settings(regraded: Verification) -> None:
    entry = regraded.entry
    cooler = entry.inference.sampling.model_copy(update={"temperature": 0.6})
    others = [
        by_another(regraded, submitter=entry.submitter.upper()),
        by_another(regraded, replies=entry.replies),
        by_another(regraded, model=Model(id="org/other")),
        by_another(regraded, inference=entry.inference.model_copy(update={"sampling": cooler})),
        by_another(regraded, inference=entry.inference.model_copy(update={"limit": 5})),
        by_another(regraded, inference=entry.inference.model_copy(update={"arms": ["constrained"]})),
        replace(by_another(regraded), badge=Badge.SELF_REPORTED),
    ]
    assert badges(regraded) == ["regraded"]
    for other in others:
        assert badges(regraded, other) == ["regraded", other.badge.value]


# The command line


def test_submit_and_verify_are_two_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finished(tmp_path / "run")

    def call(*args: str) -> Any:
        return CliRunner().invoke(cli, args, prog_name="mathif")

    done = call("submit", "run", "--submitter", "me", "--relation", "author")
    assert done.exit_code == 0, done.output
    path = next((tmp_path / "leaderboard" / "entries").iterdir()).relative_to(tmp_path)
    assert f"mathif verify {path}" in done.stderr
    assert call("verify", str(path)).stdout.startswith(f"{path}: regraded")
    write(path, changed(read(path), ("verdicts",), "0" * 64))
    done = call("verify", str(path))
    assert done.exit_code == 5
    assert done.stderr.startswith(f"mathif: {path}: /verdicts: found ")
    assert done.stderr.count("\n") == 1


# What maintainers run

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = (ROOT / ".github" / "workflows" / "submission.yml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "submitting.md").read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """The words of every `mathif` command in a file, comments left out."""
    lines = (line.strip().removeprefix("run: ").partition(" #")[0] for line in text.splitlines())
    return [shlex.split(line) for line in lines if line.startswith("mathif ")]


@pytest.mark.parametrize("text", [WORKFLOW, PAGE], ids=["workflow", "page"])
def test_every_command_for_submissions_is_one_of_the_program(text: str) -> None:
    found = commands(text)
    assert found
    for words in found:
        known = {option for parameter in cli.commands[words[1]].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_the_workflow_runs_the_checker_of_the_base_and_can_neither_write_nor_be_talked_into_it() -> None:
    assert ["mathif", "board", "--check", "--board", "submission/leaderboard"] in commands(WORKFLOW)
    assert "pull_request_target" not in WORKFLOW
    assert "secrets." not in WORKFLOW
    assert re.findall(r"^permissions:\n((?:  .*\n)+)", WORKFLOW, re.MULTILINE) == ["  contents: read\n"]
    assert re.search(r"pull_request\.base\.sha \}\}\n +path: checker\n", WORKFLOW)
    assert set(re.findall(r"run: pip install (.*)", WORKFLOW)) == {"./checker"}
    assert WORKFLOW.count("persist-credentials: false") == WORKFLOW.count("actions/checkout@") == 2
    assert re.findall(r"uses: (?![^@\n]+@[0-9a-f]{40} )", WORKFLOW) == []  # each step of others is pinned


def test_the_page_on_submitting_lists_every_fact_on_a_model() -> None:
    listed = PAGE.partition("[model]\n")[2].partition("```")[0]
    assert [line.split(" = ")[0] for line in listed.splitlines()] == ["id", *ModelFacts.model_fields]
