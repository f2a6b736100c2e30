"""Laws of a run: nothing is lost, nothing is doubled, and every stage can be repeated."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mathif import run as runs
from mathif.engines import open_engine
from mathif.errors import DataError, EngineError, IncompleteError, StoppedError, UsageError
from mathif.items import Prompt
from mathif.records import Finish, Generation, Sampling
from mathif.run import Plan, Run, chosen, pool, silent, stages
from mathif.tasks import load
from tests.plain import stored
from tests.probed import ignore
from tests.tiny import ITEMS, rewrite, write_task


@pytest.fixture
def task(tmp_path: Path) -> str:
    return str(write_task(tmp_path / "tiny"))


def whole(plan: Plan, folder: Path) -> dict[str, Any]:
    run = Run.create(plan, folder)
    return continued(run)


def continued(run: Run) -> dict[str, Any]:
    runs.generate(run, silent, ignore)
    runs.grade(run, silent)
    return stored(runs.report(run))


def plan_of(task: str, model: str = "mock:witness", **change: Any) -> Plan:
    return Plan(model=model, tasks=(task,), arms=change.pop("arms", ("plain", "constrained")), **change)


def overall(report: dict[str, Any], arm: str, profile: str = "mathif") -> dict[str, float]:
    figures = report["profiles"][profile]["arms"][arm]["overall"]
    return {name: figures[name]["value"] for name in ("hacc", "sacc", "acc", "joint")}


@pytest.mark.parametrize(("model", "score"), [("mock:witness", 1.0), ("mock:contrary", 0.0)])
def test_the_mocks_score_what_they_are_made_to_score(task: str, tmp_path: Path, model: str, score: float) -> None:
    report = whole(plan_of(task, model), tmp_path / "run")
    for profile in ("mathif", "upstream"):
        assert overall(report, "constrained", profile) == dict.fromkeys(("hacc", "sacc", "acc", "joint"), score)


def test_the_null_reply_scores_the_floor_that_is_reported_beside_every_model(task: str, tmp_path: Path) -> None:
    report = whole(plan_of(task, "mock:null"), tmp_path / "run")
    for profile in report["profiles"].values():
        arm = profile["arms"]["constrained"]
        assert arm["overall"]["acc"]["value"] == 1.0
        for name in ("hacc", "sacc"):
            assert arm["overall"][name]["value"] == arm["floor"][name]["value"] < 1


def test_a_finished_run_resumed_asks_nothing_and_says_so(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = whole(plan_of(task), tmp_path / "run")
    monkeypatch.setattr(stages, "open_engine", None)
    said: list[str] = []
    runs.generate(Run(tmp_path / "run"), silent, said.append)
    assert said == [f"{tmp_path / 'run'}: every reply is there already"]
    assert continued(Run(tmp_path / "run")) == report


@pytest.mark.parametrize("keep", [0, 1, 200, 700, 1500])
def test_a_run_torn_at_any_byte_ends_in_the_same_report(task: str, tmp_path: Path, keep: int) -> None:
    plan = plan_of(task, samples=2, arms=("plain", "constrained", "self"))
    report = whole(plan, tmp_path / "run")
    path = tmp_path / "run" / "generations.jsonl"
    everything = path.read_bytes()
    path.write_bytes(everything[:keep])
    said: list[str] = []
    run = Run(tmp_path / "run")
    runs.generate(run, silent, said.append)
    assert said
    assert sorted(path.read_bytes().splitlines()) == sorted(everything.splitlines())
    assert continued(run) == report


class Interrupted:
    """Answers three prompts, then is interrupted from the keyboard, as an engine is in the middle of its work."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        return dict(self.inner.describe(sampling))

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(self.inner.generate(prompts, sampling)):
            if count == 3:
                raise KeyboardInterrupt
            yield generation

    def close(self) -> None:
        self.inner.close()


def test_ctrl_c_keeps_what_is_done_and_names_the_line_that_goes_on(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole(plan_of(task), tmp_path / "other")
    run = Run.create(plan_of(task), tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "open_engine", lambda *args: Interrupted(open_engine(*args)))
        with pytest.raises(IncompleteError, match=f"mathif eval --resume {tmp_path / 'run'}"):
            runs.generate(run, silent, ignore)
    assert len(list(run.replies.values())) == 3
    assert continued(Run(tmp_path / "run")) == expected


class Failing(Interrupted):
    """Fails on every second prompt, as a server does that refuses some of them."""

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(self.inner.generate(prompts, sampling)):
            failure = Generation(generation.key, "", Finish.ERROR, error="refused")
            yield failure if count % 2 else generation


def test_a_failed_prompt_is_counted_asked_again_and_never_the_models_zero(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole(plan_of(task), tmp_path / "other")
    run = Run.create(plan_of(task), tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "open_engine", lambda *args: Failing(open_engine(*args)))
        with pytest.raises(IncompleteError, match=r"3 of 6 prompts were not answered, first .*: refused"):
            runs.generate(run, silent, ignore)
    runs.grade(run, silent)
    partial = stored(runs.report(run))
    assert not partial["complete"]
    assert partial["errors"] > 0
    assert overall(partial, "constrained")["hacc"] == 1.0
    assert len((tmp_path / "run" / "errors.jsonl").read_text().splitlines()) == 3
    assert continued(run) == expected


class Lossy(Interrupted):
    """Leaves prompts out, or answers them twice, as an engine with a bug does."""

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        first, *_ = self.inner.generate(prompts, sampling)
        yield first
        if self.doubles:
            yield first

    doubles = False


class Doubling(Lossy):
    """Answers the first prompt twice."""

    doubles = True


@pytest.mark.parametrize(("engine", "message"), [(Lossy, "left 5 prompts without"), (Doubling, "not asked or had")])
def test_an_engine_that_loses_or_doubles_prompts_is_stopped_and_what_is_there_is_kept(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: type[Lossy], message: str
) -> None:
    run = Run.create(plan_of(task), tmp_path / "run")
    monkeypatch.setattr(stages, "open_engine", lambda *args: engine(open_engine(*args)))
    with pytest.raises(EngineError, match=f"{message}.*mathif eval --resume"):
        runs.generate(run, silent, ignore)
    assert len(list(run.replies.values())) == 1


def test_a_doubled_key_is_refused_by_name(task: str, tmp_path: Path) -> None:
    whole(plan_of(task), tmp_path / "run")
    rewrite(tmp_path / "run" / "generations.jsonl", lambda rows: [*rows, rows[1]])
    with pytest.raises(DataError, match="an earlier record has the same key; ask for it again with"):
        runs.grade(Run(tmp_path / "run"), silent)


def test_an_unknown_key_is_refused_by_name(task: str, tmp_path: Path) -> None:
    whole(plan_of(task), tmp_path / "run")
    rewrite(tmp_path / "run" / "generations.jsonl", lambda rows: [{**rows[0], "key": "tiny/nobody@plain#0"}, *rows[1:]])
    with pytest.raises(DataError, match="1 key is not of this run, first tiny/nobody@plain#0"):
        runs.grade(Run(tmp_path / "run"), silent)


def drawn(key: str) -> dict[str, Any]:
    return {"key": key, "constraints": []}


STRANGERS = ["tiny/stranger#9@self#0", "tiny/sum@self#0", "tiny/sum.single@self#1", "tiny/sum.single@plain#0", "none"]
"""Keys of no item, of one without constraints, of a sample and of an arm that were not asked, and of nothing."""


@pytest.mark.parametrize("key", STRANGERS)
def test_constraints_that_were_drawn_for_a_stranger_are_refused_by_name(task: str, tmp_path: Path, key: str) -> None:
    run = Run.create(plan_of(task, arms=("plain", "self")), tmp_path / "run")
    runs.generate(run, silent, ignore)
    rewrite(run.folder / "self.jsonl", lambda rows: [*rows, drawn(key)])
    with pytest.raises(DataError, match=rf"self\.jsonl:\d+: found {key}, expected the key of an item"):
        runs.grade(Run(run.folder), silent)


def test_a_missing_reply_is_a_harness_failure_in_the_open(task: str, tmp_path: Path) -> None:
    whole(plan_of(task), tmp_path / "run")
    rewrite(tmp_path / "run" / "generations.jsonl", lambda rows: rows[:-1])
    run = Run(tmp_path / "run")
    runs.grade(run, silent)
    report = stored(runs.report(run))
    assert (report["complete"], report["errors"]) == (False, 1)


def test_a_model_that_cannot_be_opened_leaves_no_folder(task: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'witness'"):
        whole(plan_of(task, "mock:witnes"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


class Useless(Interrupted):
    """Gives up after so many replies."""

    after = 0

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(self.inner.generate(prompts, sampling)):
            if count == self.after:
                raise EngineError("there is no such model")
            yield generation


@pytest.mark.parametrize("after", [0, 2])
def test_an_engine_that_gives_up_keeps_what_there_is_and_leaves_no_folder_without_a_reply(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    run = Run.create(plan_of(task), tmp_path / "run")
    monkeypatch.setattr(Useless, "after", after)
    monkeypatch.setattr(stages, "open_engine", lambda *args: Useless(open_engine(*args)))
    with pytest.raises(EngineError, match="there is no such model") as raised:
        runs.generate(run, silent, ignore)
    assert ("--resume" in str(raised.value)) is run.folder.exists() is bool(after)


def test_a_run_whose_every_reply_is_empty_is_warned_of(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    run = Run.create(plan_of(task), tmp_path / "run")
    runs.generate(run, silent, said.append)
    assert said == [f"run: {run.folder}"]

    class Mute(Interrupted):
        def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
            return (Generation(str(prompt.key), "", Finish.STOP) for prompt in prompts)

    monkeypatch.setattr(stages, "open_engine", lambda *args: Mute(open_engine(*args)))
    runs.generate(Run.create(plan_of(task), tmp_path / "mute"), silent, said.append)
    *_, warning = said
    assert warning.startswith("warning: every reply is without a final text (how they ended: stop)")


def test_a_resumed_run_may_be_reached_another_way_and_remembers_it(task: str, tmp_path: Path) -> None:
    run = Run.create(plan_of(task), tmp_path / "run")
    run.change_ways({"base_url": ("http://a/v1", "http://b/v1"), "concurrency": 3})
    options = Run(tmp_path / "run").plan.options
    assert (options.base_url, options.concurrency, options.timeout_s) == (("http://a/v1", "http://b/v1"), 3, None)
    assert replace(options, base_url=(), concurrency=None) == plan_of(task).options


@pytest.mark.parametrize("shard", [None, "1/2", "2/2"])
def test_a_plan_that_asks_nothing_is_refused_before_a_folder_is_made_and_a_shard_without_its_own_is_not(
    shard: str | None, task: str, tmp_path: Path
) -> None:
    # both items are of one problem, which one of the shards has and the other has not
    plan = plan_of(task, arms=("constrained",), limit=2, shard=shard)
    Run.create(plan, tmp_path / "one")
    bare = write_task(tmp_path / "bare", items=[one for one in ITEMS if not one["constraints"]])
    with pytest.raises(UsageError, match="--arms constrained --limit 2: there is nothing to ask"):
        Run.create(replace(plan, tasks=(str(bare),)), tmp_path / "none")
    with pytest.raises(UsageError, match="--arms few-shot: can ask no item of thinking; it shows two other items"):
        Run.create(replace(plan, tasks=("thinking",), arms=("constrained", "few-shot")), tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_two_tasks_of_one_name_are_refused_before_a_folder_is_made(task: str, tmp_path: Path) -> None:
    plan = Plan(model="mock:null", tasks=(task, task), arms=("plain",))
    with pytest.raises(UsageError, match=r"found tasks named tiny-.*, tiny-.*, expected each name once"):
        Run.create(plan, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_report_on_a_run_that_is_not_wholly_graded_says_what_to_do(task: str, tmp_path: Path) -> None:
    run = Run.create(plan_of(task), tmp_path / "run")
    runs.generate(run, silent, ignore)
    with pytest.raises(DataError, match=r"is not graded yet; grade it with: mathif grade"):
        runs.report(run)
    runs.grade(run, silent)
    del run.head["graders"]
    with pytest.raises(DataError, match="mathif grade"):
        runs.report(run)


def test_a_folder_in_use_is_not_overwritten(task: str, tmp_path: Path) -> None:
    whole(plan_of(task), tmp_path / "run")
    with pytest.raises(UsageError, match="--resume"):
        Run.create(plan_of(task), tmp_path / "run")


def test_a_task_that_changed_under_a_run_is_noticed(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "tiny")
    Run.create(plan_of(str(folder)), tmp_path / "run")
    path = folder / "problems.jsonl"
    path.write_text(path.read_text().replace("2 + 3", "2 + 4"))
    with pytest.raises(DataError, match="'tiny' has changed since this run began"):
        list(Run(tmp_path / "run").prompts())


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no run here"):
        Run(tmp_path)


def test_grading_on_every_core_gives_the_same_rows(task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = whole(plan_of(task, samples=4), tmp_path / "run")
    monkeypatch.setattr(pool, "CHUNK", 5)
    monkeypatch.setattr(pool, "ALONE", 0)
    run = Run(tmp_path / "run")
    runs.grade(run, silent)
    assert stored(runs.report(run)) == report


@pytest.mark.parametrize("together", [True, False])
def test_every_chunk_is_graded_in_order_whether_graders_end_one_by_one_or_all_at_once(
    together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(busy: list[Any]) -> list[Any]:
        ready = [one for one in busy if one.poll(10)]
        return ready if together else ready[-1:]

    def echo(there: Any) -> None:
        while (chunk := there.recv()) is not None:
            there.send(chunk)

    monkeypatch.setattr(pool, "wait", ended)
    pipes = [Pipe() for _ in range(3)]
    for _, there in pipes:
        Thread(target=echo, args=(there,), daemon=True).start()
    chunks: Any = iter([[number, number] for number in range(11)])
    graders: Any = [here for here, _ in pipes]
    told: list[Any] = list(pool._dealt(chunks, graders))
    assert told == [number for number in range(11) for _ in range(2)]
    for here, _ in pipes:
        here.send(None)


@pytest.mark.parametrize("limit", [None, 1, 2, 3, 5, 6, 99])
def test_a_limit_keeps_problems_whole_and_a_larger_one_holds_the_smaller(task: str, limit: int | None) -> None:
    items = load(task).items
    found = chosen(items, limit)
    assert len(found) == min(len(items), limit or 99)
    assert list(found) == [item for item in items if item in found]
    if limit:
        assert set(found) <= set(chosen(items, limit + 1))
        assert len({item.problem.key for item in found}) == (1 if limit <= 3 else 2)


def test_a_limit_gives_every_tier_its_share() -> None:
    tiers = Counter(item.problem.tier for item in chosen(load("core").items, 200))
    assert set(tiers) == {1, 2, 3, 4, 5}
    assert all(20 <= count <= 60 for count in tiers.values())


def test_a_system_prompt_may_be_a_text_or_a_file_with_it(tmp_path: Path) -> None:
    path = tmp_path / "system.txt"
    path.write_text("Be brief.\n")
    long = "Think. " * 2000
    assert [Plan.of(system_prompt=given).system_prompt for given in (str(path), "Be brief.", long, "a\0b")] == [
        "Be brief.",
        "Be brief.",
        long,
        "a\0b",
    ]


def test_a_file_with_a_system_prompt_that_is_not_there_or_empty_is_no_system_prompt(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    for given, told in ((tmp_path / "empty.txt", "nothing stands in it"), ("sober.txt", "there is no such file")):
        with pytest.raises(UsageError, match=told):
            Plan.of(system_prompt=str(given))


class Recommending(Interrupted):
    """Knows what its model recommends."""

    DRAWS = frozenset({"source", "top_k"})

    def recommended(self, sampling: Sampling) -> Sampling:
        return replace(sampling, temperature=0.6, top_k=20)

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        return {**self.inner.describe(sampling), **sampling.told()}

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        assert (sampling.temperature, sampling.top_k) == (0.6, 20)
        for count, prompt in enumerate(prompts):
            if count == 2:
                raise KeyboardInterrupt
            yield next(self.inner.generate([prompt], sampling))


def test_what_the_model_recommends_is_recorded_and_kept_by_a_resumed_run(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.create(plan_of(task, sampling=Sampling(source="model")), tmp_path / "run")
    monkeypatch.setattr(stages, "open_engine", lambda *args: Recommending(open_engine(*args)))
    with pytest.raises(StoppedError):
        runs.generate(run, silent, ignore)
    again = Run(tmp_path / "run")
    assert again.plan.sampling == Sampling(temperature=0.6, top_k=20, source="model")
    with pytest.raises(StoppedError):
        runs.generate(again, silent, ignore)
