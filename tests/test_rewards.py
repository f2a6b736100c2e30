"""Rewards are the graders' verdicts in the call shape of each trainer; a verdict that cannot be given is no zero."""

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif import rewards
from mathif.constraints import Constraint, Target, parse
from mathif.constraints.witness import null_reply, witness
from mathif.errors import DataError, UsageError
from mathif.items import Item
from mathif.records import Problem
from mathif.rewards import Label, Weights, score, training_rows
from mathif.rewards.nemo_gym import verify
from mathif.rewards.openrlhf import reward_func
from mathif.rewards.rows import TRAINERS
from mathif.rewards.trl import reward
from mathif.rewards.verl import compute_score
from mathif.tasks import load

CORE = load("core")
CONSTRAINED = [item for item in CORE.items if item.constraints]
NO_COMMA = parse("punctuation:no_comma", {})


def obedient(item: Item) -> str:
    return witness(item.constraints, null_reply(item.problem.answer)) or null_reply(item.problem.answer)


def item_of(*constraints: Constraint, answer: str = "42") -> Item:
    return Item("an item", Problem("p", "?", answer, "s"), constraints, tuple(demand.text() for demand in constraints))


@pytest.mark.parametrize("item", CONSTRAINED[::29], ids=lambda item: item.key)
def test_a_label_survives_its_text(item: Item) -> None:
    read = Label.from_text(Label(item).to_text()).item
    assert (read.key, read.constraints, read.sentences) == (item.key, item.constraints, item.sentences)
    assert (read.problem.answer, read.problem.aliases) == (item.problem.answer, item.problem.aliases)


@pytest.mark.parametrize("text", ["", "42", "[]", "{}", '{"key": "k", "answer": "1"}'])
def test_what_is_no_label_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(DataError, match="expected the JSON that `training_rows` writes"):
        Label.from_text(text)


@pytest.mark.parametrize("item", CONSTRAINED[::17], ids=lambda item: item.key)
def test_the_witness_earns_everything_and_the_null_reply_its_answer(item: Item) -> None:
    label = Label(item).to_text()
    text = witness(item.constraints, null_reply(item.problem.answer))
    assert text is None or score(label, text).reward == 1.0
    assert score(label, null_reply(item.problem.answer), Weights(adherence=0.0)).reward == 1.0


@given(
    answer=st.floats(0, 3), adherence=st.floats(0, 3), joint=st.floats(0, 3), right=st.booleans(), obeys=st.booleans()
)
def test_a_reward_is_the_mean_of_its_parts_by_their_weights(
    answer: float, adherence: float, joint: float, right: bool, obeys: bool
) -> None:
    weights = {"answer": answer, "adherence": adherence, "joint": joint}
    if not any(weights.values()):
        with pytest.raises(DataError, match="expected none below 0 and one above it"):
            Weights(**weights)
        return
    text = f"So{'' if obeys else ','} it is $\\boxed{{{42 if right else 41}}}$."
    earned = answer * right + adherence * obeys + joint * (right and obeys)
    found = score(Label(item_of(NO_COMMA)), text, Weights(**weights)).reward
    assert found == pytest.approx(earned / sum(weights.values()))


def test_a_part_that_an_item_does_not_ask_for_counts_for_nothing() -> None:
    assert score(Label(item_of()), "$\\boxed{42}$").reward == 1.0
    assert score(Label(item_of(NO_COMMA)), "$\\boxed{41}$", Weights(thinking=5.0)).reward == 0.5


def test_the_thinking_is_scored_where_it_can_be_seen_and_is_none_where_it_cannot() -> None:
    label = Label(item_of(replace(NO_COMMA, target=Target.THINKING)))
    only = Weights(answer=0.0, adherence=0.0, thinking=1.0)
    assert score(label, "<think>One, two.</think>$\\boxed{42}$", only).reward == 0.0
    assert score(label, "<think>One two.</think>One, $\\boxed{42}$", only).reward == 1.0
    assert score(label, "One, two.</think>$\\boxed{42}$", only, opened=True).reward == 0.0
    assert score(label, "$\\boxed{42}$", only, reasoning="One, two.").reward == 0.0
    assert score(label, "$\\boxed{42}$", only).reward is None


def test_every_trainer_gives_the_same_number() -> None:
    rows: dict[str, list[Any]] = {name: list(training_rows(CORE, name)) for name in TRAINERS}
    replies = [
        obedient(item) if place % 2 else f"Well, {item.problem.answer}" for place, item in enumerate(CONSTRAINED)
    ]
    expected = [score(Label(item), reply).reward for item, reply in zip(CONSTRAINED, replies, strict=True)]
    labels = [row["label"] for row in rows["trl"]]
    assert reward()(["?"] * len(labels), replies, None, label=labels) == expected
    chats = [[{"role": "assistant", "content": reply}] for reply in replies]
    assert reward()(["?"] * len(labels), chats, None, label=labels, other=labels) == expected
    for place, (text, wanted) in enumerate(zip(replies, expected, strict=True)):
        truth = rows["verl"][place]["reward_model"]["ground_truth"]
        assert compute_score("mathif/core", text, truth, {})["score"] == wanted
        asked = f"<|im_start|>user\n{place}<|im_end|>\n<|im_start|>assistant\n"
        assert reward_func([asked + text], [asked], [rows["openrlhf"][place]["label"]])["rewards"] == wanted
        body = {**rows["nemo-gym"][place], "response": responses(text)}
        assert verify(body)["reward"] == wanted


def responses(text: str) -> dict[str, Any]:
    return {"output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}]}


def test_what_cannot_be_graded_is_none_or_masked_or_flagged_and_never_a_plain_zero() -> None:
    label = Label(item_of(replace(NO_COMMA, target=Target.THINKING))).to_text()
    weights = Weights(thinking=1.0)
    assert reward(weights)(["?"], ["$\\boxed{42}$"], None, label=[label]) == [None]
    assert compute_score("", "$\\boxed{42}$", label, thinking=1.0)["ungraded"] == 1.0
    masked = verify({"verifier_metadata": {"label": label}, "response": responses("$\\boxed{42}$")}, weights)
    assert masked["mask_sample"] is True


def test_verl_gets_the_same_keys_for_every_reply() -> None:
    keys = {tuple(compute_score("", text, Label(item).to_text())) for item in CONSTRAINED[:9] for text in ("", "x")}
    assert len(keys) == 1


def test_the_thinking_of_a_responses_body_and_of_a_chat_message_is_read_apart() -> None:
    label = Label(item_of(replace(NO_COMMA, target=Target.THINKING))).to_text()
    only = Weights(answer=0.0, adherence=0.0, thinking=1.0)
    body = responses("$\\boxed{42}$")
    body["output"] = [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "One, two."}]},
        *body["output"],
    ]
    assert verify({"verifier_metadata": {"label": label}, "response": body}, only)["reward"] == 0.0
    chat = [{"role": "assistant", "content": "$\\boxed{42}$", "reasoning_content": "One two."}]
    assert reward(only)(["?"], [chat], None, label=[label]) == [1.0]


def test_openrlhf_is_told_what_it_got_wrong() -> None:
    with pytest.raises(DataError, match="one at a time"):
        reward_func(["a", "b"], ["a", "b"], ["", ""])
    with pytest.raises(DataError, match="does not hold its prompt"):
        reward_func(["a"], ["b"], [""])


def test_an_unknown_trainer_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean 'verl'"):
        list(training_rows(CORE, "verll"))


def test_rows_are_plain_json() -> None:
    for name in TRAINERS:
        assert json.loads(json.dumps(rows := list(training_rows(CORE, name)))) == rows


def test_eight_threads_find_what_one_finds() -> None:
    label = Label(CONSTRAINED[7]).to_text()
    replies = [f"It is {number}, $\\boxed{{\\frac{{{number}}}{{3}}}}$." for number in range(60)]
    expected = [score(label, reply) for reply in replies]
    found: list[list[object]] = []
    threads = [
        threading.Thread(target=lambda: found.append([score(label, reply) for reply in replies])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_no_trainer_is_imported_but_by_the_taskset_of_verifiers() -> None:
    for module in ("trl", "verl", "openrlhf", "nemo_gym"):
        source = Path(rewards.__file__).with_name(f"{module}.py").read_text()
        assert f"import {module}" not in source
