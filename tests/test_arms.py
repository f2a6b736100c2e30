"""Laws of the arms, and their prompts to the byte."""

from collections import Counter
from pathlib import Path

import pytest

from mathif import tasks
from mathif.arms import ARMS, parse_arms, prompts, self_item, self_prompt
from mathif.constraints import judge
from mathif.errors import UsageError
from mathif.items import Message, Task
from mathif.records import Profile
from tests.tiny import write_task

SHOWN = [arm for arm in ARMS if arm != "self"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return tasks.load(str(write_task(tmp_path_factory.mktemp("tiny"))))


QUESTION = "What is 2 + 3?\n\nReason step by step, and put the final answer in \\boxed{}."
DEMANDS = '- Use the word "total" at least 2 times.\n- Use no commas.'
GOLDEN = {
    "plain": [("user", QUESTION)],
    "constrained": [("user", f"{QUESTION}\n\nYour reply must obey:\n{DEMANDS}")],
    "before": [("user", f"Follow these instructions in your reply:\n{DEMANDS}\n\n{QUESTION}")],
    "after": [("user", f"{QUESTION}\n\nFollow these instructions in your reply:\n{DEMANDS}")],
    "system": [("system", f"Follow these instructions in your reply:\n{DEMANDS}"), ("user", QUESTION)],
    "shuffled": [
        (
            "user",
            f'{QUESTION}\n\nYour reply must obey:\n- Use the word "total" at least 2 times.\n- End with "That is all."',
        )
    ],
}


@pytest.mark.parametrize("arm", GOLDEN)
def test_a_prompt_is_exact_to_the_byte(tiny: Task, arm: str) -> None:
    item = next(item for item in tiny.items if item.key == "sum.double")
    found = [
        p for p in prompts(tiny, tiny.items, [arm], 1, 0) if p.item == item or (arm == "plain" and p.key.item == "sum")
    ]
    assert [tuple(turn) for turn in found[0].messages] == GOLDEN[arm]


def test_the_official_prompt_is_joined_as_upstream_joins_it(data: Path) -> None:
    task = tasks.load("mathif", data / "mathif")
    shown = next(p for p in prompts(task, task.items, ["constrained"], 1, 0) if p.key.item == "aime_double#1")
    item = shown.item
    cot = "Let's think step by step and output the final answer within \\boxed{}."
    assert shown.messages[0].content == item.problem.question + cot + " ".join(item.sentences)


def test_scrambled_keeps_the_words_and_loses_their_order(data: Path) -> None:
    task = tasks.load("mathif", data / "mathif")
    both = zip(*(prompts(task, task.items, [arm], 1, 0) for arm in ("constrained", "scrambled")), strict=True)
    changed = 0
    for constrained, scrambled in both:
        words = [Counter(p.messages[0].content.split()) for p in (constrained, scrambled)]
        assert sum((words[0] - words[1]).values()) <= len(constrained.item.constraints) * 2
        changed += constrained.messages != scrambled.messages
    assert changed == 420


def test_shuffled_shows_the_constraints_of_another_problem_and_none_of_its_own(data: Path) -> None:
    task = tasks.load("mathif", data / "mathif")
    for prompt in prompts(task, task.items, ["shuffled"], 1, 0):
        shown = prompt.messages[0].content[len(prompt.item.problem.question) :]
        own = [s for s, demand in zip(prompt.item.sentences, prompt.item.constraints, strict=True) if demand.args()]
        assert not any(sentence in shown for sentence in own if "repeat the request" not in sentence)


def test_the_plain_prompt_is_asked_once_a_problem_and_a_bare_item_only_plainly(tiny: Task) -> None:
    keys = [str(p.key) for p in prompts(tiny, tiny.items, ["plain", "constrained"], 2, 0)]
    assert keys == [
        "tiny/sum@plain#0",
        "tiny/sum@plain#1",
        "tiny/half@plain#0",
        "tiny/half@plain#1",
        "tiny/sum.single@constrained#0",
        "tiny/sum.single@constrained#1",
        "tiny/sum.double@constrained#0",
        "tiny/sum.double@constrained#1",
        "tiny/half.single@constrained#0",
        "tiny/half.single@constrained#1",
        "tiny/half.double@constrained#0",
        "tiny/half.double@constrained#1",
    ]


def test_prompts_depend_on_the_seed_in_nothing_but_their_own_seeds(tiny: Task) -> None:
    first, second = (list(prompts(tiny, tiny.items, SHOWN, 3, seed)) for seed in (0, 1))
    assert [(p.key, p.messages) for p in first] == [(p.key, p.messages) for p in second]
    seeds = [p.seed for p in first + second]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_a_limit_changes_no_prompt_that_is_left(tiny: Task) -> None:
    everything = {str(p.key): p for p in prompts(tiny, tiny.items, SHOWN, 1, 0)}
    for p in prompts(tiny, tiny.items[2:3], SHOWN, 1, 0):
        assert p.messages == everything[str(p.key)].messages


PLAIN = "We add.\n\n2 + 3 makes a total of five so the total is $\\boxed{5}$."


def test_self_asks_for_what_the_plain_reply_already_does(tiny: Task) -> None:
    item = next(item for item in tiny.items if item.key == "sum.double")
    own = self_item(item, 0, PLAIN)
    assert len(own.constraints) == 2
    assert all(judge(demand, PLAIN, profile).passed for demand in own.constraints for profile in Profile)
    prompt = self_prompt(tiny, own, 0, 0)
    assert prompt.item == own
    assert all(sentence in prompt.messages[0].content for sentence in own.sentences)
    assert self_item(item, 0, PLAIN) == own


def test_self_asks_nothing_of_an_empty_plain_reply(tiny: Task) -> None:
    assert self_item(tiny.items[1], 0, "").constraints == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plian", "did you mean 'plain'"),
        ("", "expected different arms"),
        ("plain,plain", "expected different arms"),
        ("self", "add 'plain'"),
    ],
)
def test_a_wrong_list_of_arms_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_arms(text)


@pytest.mark.parametrize("arm", ["plain", "constrained", "shuffled", "before", "after", "system", "self"])
def test_a_system_prompt_begins_the_system_turn_of_every_prompt_and_changes_nothing_else(arm: str, tiny: Task) -> None:
    def shown(system: str) -> list[tuple[Message, ...]]:
        if arm == "self":
            return [self_prompt(tiny, item, 0, 0, system).messages for item in tiny.items if item.constraints]
        return [prompt.messages for prompt in prompts(tiny, tiny.items, [arm], 1, 0, system)]

    bare, told = shown(""), shown("Be brief.")
    assert len(bare) == len(told) > 0
    for without, with_ in zip(bare, told, strict=True):
        own = [message.content for message in without if message.role == "system"]
        assert with_[0] == Message("system", "\n\n".join(["Be brief.", *own]))
        assert with_[1:] == tuple(message for message in without if message.role != "system")
