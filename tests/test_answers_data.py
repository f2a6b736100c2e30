"""The answer grader held against labelled answers of other projects and the verdicts of other graders.

Every disagreement stands in `deviations.toml` with its reason; an unlisted one fails, and so does a listed one that no
longer happens.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from mathif.answers import extract, grade_answer

LEDGER = tomllib.loads(Path(__file__).with_name("deviations.toml").read_text(encoding="utf-8"))["answers"]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _listed(table: str) -> set[str]:
    rows = LEDGER[table]
    assert all(row["reason"] for row in rows)
    return {row["digest"] for row in rows}


def _golds(data: Path) -> dict[str, str]:
    files = sorted((data / "mathif").glob("*.jsonl"))
    return {f"{path.stem}#{at}": row["answer"] for path in files for at, row in enumerate(_rows(path))}


def test_every_gold_answer_equals_itself_in_a_box(data: Path) -> None:
    golds = _golds(data)
    assert len(golds) == 420
    assert [key for key, gold in golds.items() if not grade_answer(f"So \\boxed{{{gold}}}.", gold).passed] == []


def test_spellings_of_gold_answers_are_judged_as_labelled(data: Path) -> None:
    rows = list(_rows(data / "oracle" / "answer_variants.jsonl"))
    wrong = {
        _digest(row["gold"], row["response"])
        for row in rows
        if grade_answer(row["response"], row["gold"]).passed != row["expected"]
    }
    assert wrong == _listed("variants")
    assert len(wrong) <= 0.002 * len(rows)


def test_pairs_of_other_test_suites_are_judged_as_labelled(data: Path) -> None:
    rows = list(_rows(data / "oracle" / "answer_pairs.jsonl"))
    wrong = set()
    for row in rows:
        reply = row["pred"] if "boxed" in row["pred"] else f"\\boxed{{{row['pred']}}}"
        if grade_answer(reply, row["gold"]).passed != row["expected"]:
            wrong.add(_digest(row["suite"], row["gold"], row["pred"]))
    assert wrong == _listed("pairs")
    assert len(wrong) <= 0.05 * len(rows)


def test_small_inputs_that_were_once_judged_wrongly_are_judged_as_labelled(data: Path) -> None:
    rows = list(_rows(data / "cases" / "answers.jsonl"))
    outcomes = ((row, grade_answer(row["response"], row["gold"]).outcome.value.upper()) for row in rows)
    assert [(row["gold"], row["response"]) for row, outcome in outcomes if outcome != row["expected"]] == []


def test_real_replies_with_a_box_are_judged_as_both_other_graders_do_where_those_agree(data: Path) -> None:
    wrong = set()
    for row in _rows(data / "responses" / "graded.jsonl"):
        found = extract(row["response"])
        if found is None or not found.boxed or row["reference"] is None or row["reference"] != row["math_verify"]:
            continue
        if grade_answer(row["response"], row["gold"]).passed != row["reference"]:
            wrong.add(_digest(row["gold"], row["response"]))
    assert wrong == _listed("graded")


def test_verdicts_of_the_reference_differ_only_in_the_listed_classes(data: Path) -> None:
    golds = _golds(data)
    classes: Counter[str] = Counter()
    for row in _rows(data / "oracle" / "reference_verdicts.jsonl"):
        gold = golds[row["item"]]
        passed = grade_answer(row["reply"], gold).passed
        if passed != (row["correct"] is True):
            classes[_class_of(row, gold) if passed else "rejected here"] += 1
    assert classes == {row["class"]: row["count"] for row in LEDGER["reference"]}


def _class_of(row: dict[str, Any], gold: str) -> str:
    """Say why the reference rejects an answer that is right."""
    if "\\BOXED" in row["reply"]:
        return "capitals"
    if "=" in gold:
        return "relation"
    return "unclosed" if row["reply"].count("\\boxed{") > 1 else "other"
