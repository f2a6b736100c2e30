"""Laws of the arms, and their prompts to the byte."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mathif import tasks
from mathif.arms import KINDS, SELF, Kind, asked_as, modes_of, parse_arm, parse_arms, prompts, self_item, self_prompt
from mathif.constraints import KINDS as OF_DEMANDS
from mathif.constraints import Constraint, Target, judge
from mathif.constraints.witness import unsatisfiable
from mathif.engines.mock import open_model
from mathif.errors import UsageError
from mathif.grading import graded
from mathif.items import Item, Message, Task
from mathif.plan import Options, Plan
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key, Problem, Profile, Reply, Sampling
from mathif.run.asking import Arms
from mathif.run.dealing import chosen
from tests.tiny import write_task

SHOWN = [arm for kind in KINDS if kind.name != SELF and not kind.switches for arm in kind.examples]
"""An arm of every kind whose prompts need neither a reply nor a family of models."""
BLIND = {"plain", "shuffled", "scrambled"}
"""Arms that do not show an item's own demands."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return tasks.load(str(write_task(tmp_path_factory.mktemp("tiny"))))


QUESTION = "What is 2 + 3?\n\nReason step by step, and put the final answer in \\boxed{}."
DEMANDS = '- Use the word "total" at least 2 times.\n- Use no commas.'
OTHER = "What is 1 divided by 2?\n\nReason step by step, and put the final answer in \\boxed{}."
THOUGHT = (
    "Follow these instructions in your reasoning before the reply:\n"
    '- Use the word "total" at least 2 times in your reasoning before the final answer.\n'
    "- Do not use any comma in your entire reasoning before the final answer, not even in formulas; only the parts of "
    "an answer that is a pair or a list may have commas between them."
)
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
    "thinking": [("user", f"{QUESTION}\n\n{THOUGHT}")],
    "both": [("user", f"{QUESTION}\n\nYour reply must obey:\n{DEMANDS}\n\n{THOUGHT}")],
    "wording:1": [
        (
            "user",
            (
                f'{QUESTION}\n\nYour reply must obey:\n- Use the word "total" at least 2 times in your response.\n'
                "- Do not use any comma in your entire response, not even in formulas; only the parts of an answer that"
                " is a pair or a list may have commas between them."
            ),
        )
    ],
    "thinking-wording:1": [
        (
            "user",
            (
                f"{QUESTION}\n\nFollow these instructions in your reasoning before the reply:\n"
                '- The word "total" must occur at least 2 times in your reasoning before the final answer.\n'
                "- Your whole reasoning before the final answer must be free of commas, in formulas too; only the parts"
                " of an answer that is a pair or a list may have commas between them."
            ),
        )
    ],
    "both-wording:1": [
        (
            "user",
            (
                f'{QUESTION}\n\nYour reply must obey:\n- Use the word "total" at least 2 times in your response.\n'
                "- Do not use any comma in your entire response, not even in formulas; only the parts of an answer that"
                " is a pair or a list may have commas between them.\n\n"
                "Follow these instructions in your reasoning before the reply:\n"
                '- The word "total" must occur at least 2 times in your reasoning before the final answer.\n'
                "- Your whole reasoning before the final answer must be free of commas, in formulas too; only the parts"
                " of an answer that is a pair or a list may have commas between them."
            ),
        )
    ],
    "repeat:2": [("user", QUESTION + 2 * f"\n\nYour reply must obey:\n{DEMANDS}")],
    "self-check": [
        (
            "user",
            (
                f"{QUESTION}\n\nYour reply must obey:\n{DEMANDS}\n\n"
                "Before you answer, check that your reply obeys each of these instructions."
            ),
        )
    ],
    "few-shot": [
        (
            "user",
            f'{OTHER}\n\nYour reply must obey:\n- Use the word "total" at least 2 times.\n- End with "That is all."',
        ),
        (
            "assistant",
            "Each total small total\nThe answer is $\\boxed{\\frac{1}{2}}$. That is all.",
        ),
        ("user", f"{QUESTION}\n\nYour reply must obey:\n{DEMANDS}"),
    ],
    "turn:2": [
        (
            "user",
            (
                "You will get 2 problems, one after the other. Follow these instructions in your reply to the last:\n"
                f"{DEMANDS}\n\nProblem 1:\n\n{OTHER}"
            ),
        ),
        ("assistant", "The answer is $\\boxed{\\frac{1}{2}}$."),
        ("user", f"Problem 2, the last:\n\n{QUESTION}"),
    ],
}


def test_every_kind_whose_prompt_chance_has_no_part_in_has_a_golden_prompt() -> None:
    assert {*GOLDEN, "scrambled", "conflict"} == set(SHOWN)


@pytest.mark.parametrize("arm", GOLDEN)
def test_a_prompt_is_exact_to_the_byte(tiny: Task, arm: str) -> None:
    place = "sum" if arm == "plain" else "sum.double"
    [found] = [prompt for prompt in prompts(tiny, tiny.items, [arm], 1, 0) if prompt.key.item == place]
    assert [tuple(turn) for turn in found.messages] == GOLDEN[arm]


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


def reply(text: str) -> Reply:
    return split(Generation("t/i@plain#0", text, Finish.STOP))


def of_thinking(item: Item) -> Item:
    found = asked_as(item, "thinking")
    assert found is not None
    return found


PLAIN = "We add.\n\n2 + 3 makes a total of five so the total is $\\boxed{5}$."


def test_self_asks_for_what_the_plain_reply_already_does(tiny: Task) -> None:
    item = next(item for item in tiny.items if item.key == "sum.double")
    own = self_item(item, 0, reply(PLAIN))
    assert len(own.constraints) == 2
    assert all(judge(demand, PLAIN, profile).passed for demand in own.constraints for profile in Profile)
    prompt = self_prompt(tiny, own, 0, 0)
    assert prompt.item == own
    assert all(sentence in prompt.messages[0].content for sentence in own.sentences)
    assert self_item(item, 0, reply(PLAIN)) == own


@pytest.mark.parametrize("text", ["", f"<think>\n{PLAIN}"])
def test_self_asks_nothing_of_a_plain_reply_that_is_empty_or_was_cut(tiny: Task, text: str) -> None:
    assert self_item(tiny.items[1], 0, reply(text)).constraints == ()
    assert self_item(of_thinking(tiny.items[1]), 0, reply(text)).constraints == ()


def test_self_asks_of_the_thinking_what_the_plain_thinking_already_does(tiny: Task) -> None:
    item = of_thinking(next(item for item in tiny.items if item.key == "sum.double"))
    own = self_item(item, 0, reply(f"<think>\n{PLAIN}\n</think>\n\nFive"))
    assert len(own.constraints) == 2
    assert {demand.target for demand in own.constraints} == {Target.THINKING}
    assert all(judge(demand, PLAIN, profile).passed for demand in own.constraints for profile in Profile)


TURNS_OF_THINKING = {
    "self-check": "Before you answer, check that your reasoning obeys each of these instructions.",
    "turn:2": "Follow these instructions in your reasoning before the reply to the last:\n",
    "system": "Follow these instructions in your reasoning before the reply:\n",
    "conflict": "Follow these instructions in your reasoning before the reply:\n",
}


@pytest.mark.parametrize("arm", TURNS_OF_THINKING)
def test_what_is_asked_of_the_thinking_is_said_of_the_thinking_alone(arm: str) -> None:
    task = tasks.load("thinking")
    for prompt in prompts(task, task.items[:40], [arm], 1, 0):
        told = "\n".join(message.content for message in prompt.messages)
        assert TURNS_OF_THINKING[arm] in told
        assert "in your reply" not in told
        assert {demand.target for demand in prompt.item.constraints} == {Target.THINKING}


def test_examples_of_earlier_turns_are_for_constraints_on_the_reply_alone() -> None:
    task = tasks.load("thinking")
    assert not list(prompts(task, task.items, ["few-shot"], 1, 0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plian", "did you mean 'plain'"),
        ("", "expected different arms"),
        ("plain,plain", "expected different arms"),
        ("self", "add 'plain'"),
        ("repeat", "found 'repeat', expected repeat:N"),
        ("repeat:1", "expected repeat:N with a number from 2 to 10"),
        ("thinking:maybe", "expected thinking:on|off with on or off"),
        ("effort:", "expected effort:LEVEL with a level"),
        ("budget:0", "a number from 1 to"),
        ("repeat:03", "a number from 2 to 10"),
        ("plain:2", "found 'plain:2', expected plain"),
        ("turn:2,turn:2", "expected different arms"),
    ],
)
def test_a_wrong_list_of_arms_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        parse_arms(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.form)
def test_every_arm_is_read_from_its_name_alone(kind: Kind) -> None:
    for arm in kind.examples:
        found = parse_arm(arm)
        assert found.kind is kind
        assert arm == (f"{kind.name}:{found.value}" if kind.valued else kind.name)
        assert Key.parse(str(Key("core", "a#1", arm, 3))).arm == arm


def core_items(count: int) -> tuple[Task, list[Item]]:
    task = tasks.load("core")
    return task, list(task.items[:count])


@pytest.mark.parametrize("arm", SHOWN)
def test_an_arm_shows_the_problem_last_and_all_that_it_asks_and_is_judged_by_that(arm: str) -> None:
    task, items = core_items(24)
    shown = {str(prompt.key): prompt for prompt in prompts(task, items, [arm], 1, 0)}
    assert shown
    for prompt in shown.values():
        assert prompt.messages[-1].role == "user"
        assert prompt.item.problem.question in prompt.messages[-1].content
        said = "\n".join(message.content for message in prompt.messages)
        if arm not in BLIND:
            assert prompt.item.constraints
            assert all(sentence in said for sentence in prompt.item.sentences)
    served = Arms(Plan(arms=(arm,), limit=24), (task,)).served({})
    asked = {str(prompt.key) for prompt in prompts(task, chosen(task.items, 24), [arm], 1, 0)}
    assert asked == served.keys()


@pytest.mark.parametrize("arm", SHOWN)
def test_a_witness_obeys_all_that_an_arm_asks_and_a_contrary_reply_nothing(arm: str) -> None:
    task, items = core_items(60 if arm == "constrained" else 24)
    asked = list(prompts(task, items, [arm], 1, 0))
    for name, wanted in (("witness", True), ("contrary", False)):
        replies = open_model(f"mock:{name}", Options()).generate(asked, Sampling())
        for prompt, reply in zip(asked, replies, strict=True):
            row = graded(prompt.item, prompt.key, split(reply))
            if arm == "conflict":
                assert sum(one.passed for one in row.constraints[Profile.MATHIF]) <= 1
                continue
            if arm == "plain" or unsatisfiable(prompt.item.constraints):
                continue
            assert all(one.passed is wanted for one in row.constraints[Profile.MATHIF]), (prompt.key, reply.text)


@pytest.mark.parametrize("arm", [arm for kind in KINDS if kind.switches for arm in kind.examples])
def test_an_arm_that_switches_the_thinking_does_so_on_every_mock(arm: str) -> None:
    task, items = core_items(12)
    modes = modes_of([arm], "mock:length")
    asked = list(prompts(task, items, [arm], 1, 0, modes=modes))
    for name in ("null", "length"):
        replies = [split(one) for one in open_model(f"mock:{name}", Options()).generate(asked, Sampling())]
        assert len(replies) == len(asked) > 0
        assert all(bool(reply.thinking) is (arm != "thinking:off") for reply in replies)
        if arm == "budget:1":
            assert all(reply.cot_tokens == 1 for reply in replies)


def test_demands_that_are_about_the_thinking_already_stay_as_they_are_and_are_asked_of_the_reply_too_in_both() -> None:
    _, items = core_items(12)
    thought = asked_as(next(item for item in items if item.constraints), "thinking")
    assert thought is not None
    worded = replace(thought, sentences=tuple(f"When reasoning: {one}" for one in thought.sentences))
    assert asked_as(worded, "thinking") == worded
    both = asked_as(worded, "both")
    assert both is not None
    half = len(both.constraints) // 2
    assert {demand.target for demand in both.constraints[:half]} == {Target.FINAL}
    assert (both.constraints[half:], both.sentences[half:]) == (worded.constraints, worded.sentences)


def test_the_thinking_is_asked_in_plain_words_for_the_demands_of_the_same_item_and_the_reply_for_none() -> None:
    task, items = core_items(120)
    for prompt in prompts(task, items, ["thinking"], 1, 0):
        base = next(item for item in items if item.key == prompt.key.item)
        assert {demand.target for demand in prompt.item.constraints} == {Target.THINKING}
        kinds = [demand.kind for demand in base.constraints if Target.THINKING in demand.targets]
        assert [demand.kind for demand in prompt.item.constraints] == kinds
        assert all("reasoning before the final answer" in sentence for sentence in prompt.item.sentences)
        said = prompt.messages[-1].content
        assert not any(sentence in said for sentence in base.sentences)


def test_the_demands_of_both_are_those_on_the_reply_and_then_those_on_the_thinking() -> None:
    _task, items = core_items(60)
    for item in items:
        both, thought = asked_as(item, "both"), asked_as(item, "thinking")
        assert (both is None) == (thought is None)
        if both is not None and thought is not None:
            assert both.constraints == item.constraints + thought.constraints


@pytest.mark.parametrize("kind", [one for one in OF_DEMANDS.values() if Target.THINKING in one.targets])
def test_every_wording_of_a_demand_on_the_thinking_says_that_it_is_the_thinking(kind: type[Constraint]) -> None:
    problem = Problem("p", "What is 2 + 3?", "5", "core", 1)
    demand = next(drawn for seed in range(200) if (drawn := kind.draw(Random(seed), problem)))
    thought = replace(demand, target=Target.THINKING)
    assert len(thought.wordings()) == len(demand.wordings())
    assert all("reasoning before the final answer" in wording for wording in thought.wordings())


def test_the_demands_of_a_conflict_exclude_each_other_and_chance_says_whose_is_the_items_own() -> None:
    task, _ = core_items(0)
    sides = Counter[bool]()
    asked = 0
    for item in task.items:
        found = asked_as(item, "conflict")
        if found is None:
            continue
        asked += 1
        first, second = found.constraints
        assert unsatisfiable((first, second))
        sides[first in item.constraints] += 1
    assert asked > 0.9 * sum(bool(item.constraints) for item in task.items)
    assert min(sides.values()) > 0.4 * asked


def test_a_conflict_puts_the_first_demand_in_the_system_turn_and_the_second_behind_the_problem() -> None:
    task, items = core_items(24)
    for prompt in prompts(task, items, ["conflict"], 1, 0):
        system, user = prompt.messages
        assert (system.role, user.role) == ("system", "user")
        assert [sentence in system.content for sentence in prompt.item.sentences] == [True, False]
        assert [sentence in user.content for sentence in prompt.item.sentences] == [False, True]


@pytest.mark.parametrize("arm", ["few-shot", "turn:6"])
def test_earlier_turns_are_of_other_problems_and_never_give_the_answer_away(arm: str) -> None:
    task, items = core_items(120)
    for prompt in prompts(task, items, [arm], 1, 0):
        earlier = [message.content for message in prompt.messages[:-1]]
        assert len(earlier) == {"few-shot": 4, "turn:6": 10}[arm]
        assert len(set(earlier)) == len(earlier)
        said = "\n".join(earlier)
        assert prompt.item.problem.question not in said
        assert f"boxed{{{prompt.item.problem.answer}}}" not in said


def test_every_shown_example_obeys_the_demands_that_it_is_shown_with() -> None:
    task, items = core_items(60)
    asked = {prompt.messages[-1].content: prompt for prompt in prompts(task, task.items, ["constrained"], 1, 0)}
    for prompt in prompts(task, items, ["few-shot"], 1, 0):
        for user, assistant in ((0, 1), (2, 3)):
            item = asked[prompt.messages[user].content].item
            assert item.problem.key != prompt.item.problem.key
            assert all(judge(demand, prompt.messages[assistant].content).passed for demand in item.constraints)


@pytest.mark.parametrize("arm", [*SHOWN, "self"])
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
