"""The judges against small replies that were once judged wrongly, where those lie beside the checkout."""

import json
from pathlib import Path

from mathif.constraints import judge, parse

DECIDED_OTHERWISE = {
    ("punctuation:no_comma", "We get $\\boxed{(1,2)}$."): "the sentence frees the commas of an answer that is a pair",
}
"""Rows that are a matter of opinion, where the sentence shown to the model says otherwise."""


def test_every_case_is_judged_as_expected_but_for_those_decided_otherwise(data: Path) -> None:
    rows = [
        json.loads(line) for line in (data / "cases" / "constraints.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    wrong = [
        row
        for row in rows
        if judge(parse(row["kind"], row["args"]), row["response"]).passed != (row["expected"] == "pass")
    ]
    assert {(row["kind"], row["response"]) for row in wrong} == DECIDED_OTHERWISE.keys()
    assert all(row["borderline"] for row in wrong)
