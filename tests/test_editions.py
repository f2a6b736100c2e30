"""Laws of editions: a rule keeps its edition while it judges alike, whatever else changes, and no longer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from mathif import answers, cache
from mathif import editions as room
from mathif.constraints import KINDS, drawing, judge, parse, witness
from mathif.editions import ANSWER, CORPUS, SPLITTER, cases, changed, computed, editions, rules
from mathif.families import ENDS, MARKS, Marks
from mathif.reasoning import blocks, parts, split
from mathif.records import Finish, Generation, Outcome, Profile, Verdict

KIND = "keywords:existence"
OTHER = "punctuation:no_comma"
RULES = [SPLITTER, ANSWER, f"{KIND}/mathif", f"{KIND}/upstream", f"{OTHER}/mathif"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path / "cache"))


def now() -> dict[str, str]:
    return {name: computed(name) for name in RULES}


def moved(before: dict[str, str]) -> set[str]:
    """The rules that have another edition than before."""
    after = now()
    return {name for name in RULES if after[name] != before[name]}


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def comment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another state of the source, that judges alike."""
    monkeypatch.setattr(cache, "_source", lambda: "1" * 64)


def docstring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS[KIND], "__doc__", "Other words.")
    monkeypatch.setattr(KINDS[KIND].holds, "__doc__", "Other words.")


def sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS[KIND], "text", lambda self: "Other words.")


def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS[KIND], "draw", classmethod(lambda cls, rng, problem: None))
    monkeypatch.setattr(drawing, "__doc__", "Other words.")


def edits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS[KIND], "comply", lambda self, body: body)
    monkeypatch.setattr(witness, "witness", lambda constraints, body: None)


def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS[KIND], "examples", ())


def reason(monkeypatch: pytest.MonkeyPatch) -> None:
    told = KINDS[KIND].holds

    def holds(self: Any, text: str) -> Verdict:
        found = told(self, text)
        return Verdict(found.outcome, found.reason and "other words", found.evidence)

    monkeypatch.setattr(KINDS[KIND], "holds", holds)


def new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    type("New", (KINDS[KIND],), {"kind": "keywords:new"})
    assert "keywords:new" in KINDS
    assert computed("keywords:new/mathif") != computed(f"{KIND}/mathif")


def new_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """A family of models with marks and an end token of its own."""
    marks = Marks("<novel_thought>", "</novel_thought>", anywhere=True)
    monkeypatch.setattr(blocks, "MARKS", (*MARKS, marks))
    monkeypatch.setattr(parts, "ENDS", (*ENDS, "<|novel_end|>"))
    monkeypatch.setattr(blocks, "_vocabulary", lru_cache(blocks._vocabulary.__wrapped__))
    reply = split(Generation("", "<novel_thought>x</novel_thought>y<|novel_end|>", Finish.STOP))
    assert (reply.thinking, reply.final) == ("x", "y")


@pytest.fixture
def kinds_as_they_were() -> Iterator[None]:
    before = dict(KINDS)
    yield
    KINDS._classes.clear()
    KINDS._classes.update(before)


@pytest.mark.usefixtures("kinds_as_they_were")
@pytest.mark.parametrize("change", [comment, docstring, sentence, drawn, edits, examples, reason, new_kind, new_family])
def test_what_changes_no_verdict_changes_no_edition(
    change: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, kept = now(), editions([KIND])
    change(monkeypatch)
    assert now() == before
    assert changed(kept) == []


def test_a_judge_that_judges_otherwise_has_another_edition_and_no_other_rule_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = now()
    told = KINDS[KIND].holds
    text = next(row["texts"][0] for row in rows("constraints") if row["kind"] == KIND)
    flipped = {Outcome.PASS: Verdict(Outcome.FAIL, "no"), Outcome.FAIL: Verdict(Outcome.PASS)}
    monkeypatch.setattr(
        KINDS[KIND],
        "holds",
        lambda self, said: flipped[told(self, said).outcome] if said == text else told(self, said),
    )
    assert moved(before) == {f"{KIND}/mathif"}


def test_a_splitter_or_an_answer_grader_that_judges_otherwise_has_another_edition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = now()
    monkeypatch.setattr(answers, "grade_answer", lambda final, gold: Verdict(Outcome.PASS))
    assert moved(before) == {ANSWER}
    monkeypatch.undo()
    monkeypatch.setattr(room, "split", lambda said: split(replace(said, text=said.text.replace("</think>", ""))))
    assert moved(before) == {SPLITTER}


def test_the_corpus_is_large_and_every_kind_obeys_and_disobeys_in_it() -> None:
    assert len(rows("replies")) >= 2000
    assert len(rows("answers")) >= 300
    texts = [row["text"] for row in rows("replies")]
    for kind in KINDS:
        own = cases(kind)
        for profile in Profile:
            outcomes = {
                judge(parse(kind, row["args"]), text, profile).outcome
                for row in own
                for text in (*row["texts"], *(texts[number] for number in row["replies"]))
            }
            assert {Outcome.PASS, Outcome.FAIL} <= outcomes, (kind, profile)


def test_editions_name_the_rules_that_judge_and_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    found = editions([KIND])
    assert list(found) == rules([KIND]) == [ANSWER, SPLITTER, f"{KIND}/mathif", f"{KIND}/upstream"]
    assert all(len(edition) == 64 for edition in found.values())
    monkeypatch.setattr(room, "computed", lambda name: pytest.fail("worked out again"))
    assert editions([KIND]) == found
    assert changed({**found, f"{KIND}/mathif": "0" * 64}) == [f"{KIND}/mathif"]


def test_a_rule_that_is_none_any_more_has_changed() -> None:
    assert changed({"keywords:gone/mathif": "0" * 64}) == ["keywords:gone/mathif"]


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path / "file"))
    assert editions([KIND])[SPLITTER] == computed(SPLITTER)
