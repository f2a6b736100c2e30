"""Laws of the copies on a cluster: nothing is lost or doubled when one dies, and the report is that of one process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("ray")

import ray
from ray.cluster_utils import Cluster

from mathif import api
from mathif.engines import Engine, open_engine
from mathif.engines import ray as fleets
from mathif.engines.ray import Fleet, Inbox
from mathif.errors import EngineError, UsageError
from mathif.items import Prompt
from mathif.plan import Options
from mathif.records import Generation, Sampling
from mathif.run import Run
from mathif.testing import prompts
from tests.tiny import write_task


class Slow:
    """The mock, at the pace of a model; it says who answered."""

    def __init__(self, inner: Engine) -> None:
        self.inner = inner

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        return self.inner.describe(sampling)

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for generation in self.inner.generate(prompts, sampling):
            time.sleep(0.03)
            yield generation

    def count_tokens(self, text: str) -> int | None:
        return len(text.split())

    def close(self) -> None:
        self.inner.close()


def slowly(model: str, options: Options) -> Engine:
    return Slow(open_engine(model, options))


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Two nodes on this machine, with room for one copy each."""
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    yield nodes.address
    ray.shutdown()
    nodes.shutdown()


def test_the_report_is_that_of_one_process_however_often_a_copy_is_killed(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = str(write_task(tmp_path / "tiny"))
    asked: dict[str, Any] = {"model": "mock:both", "task": task, "arms": "plain,constrained,self", "samples": 5}
    alone = api.evaluate(**asked, out=tmp_path / "alone").run
    rng = Random(7)
    monkeypatch.setattr(fleets, "opened", slowly)
    killed: list[int] = []
    inner = Fleet.generate

    def shot(self: Fleet, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        for count, generation in enumerate(inner(self, prompts, sampling)):
            yield generation
            if count % 9 == rng.randrange(9) and len(killed) < 3:
                there = [berth for berth in self._berths if berth.ready is None]
                pid = ray.get(rng.choice(there).actor.pid.remote()) if there else None
                if pid is not None and pid not in killed:
                    killed.append(pid)
                    os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(Fleet, "generate", shot)
    said: list[str] = []
    run = api.evaluate(
        **asked, data_parallel_size=2, ray_address=cluster, out=tmp_path / "fleet", notice=said.append
    ).run
    assert killed
    assert sum("died" in sentence for sentence in said) >= len(killed)
    assert run.replies.keys() == alone.replies.keys()
    assert (run.folder / "report.json").read_bytes() == (alone.folder / "report.json").read_bytes()
    assert Run(run.folder).head["engine"] == alone.head["engine"]


def test_what_the_engine_inside_refuses_is_its_own_sentence(cluster: str, tmp_path: Path) -> None:
    task = str(write_task(tmp_path / "tiny"))
    with pytest.raises(UsageError, match="--dtype: the engine 'mock' cannot honour it"):
        api.evaluate("mock:null", task, ray_address=cluster, dtype="float16", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


class Telling(Slow):
    """An engine that loads by how replies are drawn, as most do, on hardware of its own."""

    def describe(self, sampling: Sampling) -> dict[str, Any]:
        assert sampling.max_tokens == 7
        return {"engine": "telling", "max_tokens": sampling.max_tokens, "hardware": f"node of {os.getpid()}"}


def telling(model: str, options: Options) -> Engine:
    return Telling(open_engine(model, options))


class Unlike(Telling):
    def describe(self, sampling: Sampling) -> dict[str, Any]:
        return {**super().describe(sampling), "version": os.getpid()}


def unlike(model: str, options: Options) -> Engine:
    return Unlike(open_engine(model, options))


def test_every_copy_is_opened_and_described_as_replies_are_drawn_on_whatever_hardware(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleets, "opened", telling)
    fleet, sampling = (
        open_engine("mock:null", Options(data_parallel_size=2, ray_address=cluster)),
        Sampling(max_tokens=7),
    )
    assert fleet.describe(sampling)["max_tokens"] == 7
    assert isinstance(fleet, Fleet)
    asked, found = prompts(200), []
    for reply in fleet.generate(asked, sampling):
        found.append(reply.key)
        time.sleep(0.001)
    assert sorted(found) == sorted(str(one.key) for one in asked)
    fleet.close()
    monkeypatch.setattr(fleets, "opened", unlike)
    fleet = open_engine("mock:null", Options(data_parallel_size=2, ray_address=cluster))
    fleet.describe(sampling)
    with pytest.raises(EngineError, match="its copies differ in version, expected all alike"):
        list(fleet.generate(prompts(400), sampling))
    fleet.close()


class Dying(Slow):
    def describe(self, sampling: Sampling) -> dict[str, Any]:
        os.kill(os.getpid(), signal.SIGKILL)
        return {}


def dying(model: str, options: Options) -> Engine:
    return Dying(open_engine(model, options))


def test_copies_that_keep_dying_end_the_run(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "opened", dying)
    monkeypatch.setattr(fleets, "DEATHS", 1)
    fleet = open_engine("mock:null", Options(ray_address=cluster))
    with pytest.raises(EngineError, match="its copies keep dying"):
        fleet.describe(Sampling())
    fleet.close()


def test_an_inbox_that_is_empty_ends_and_goes_on_when_it_is_filled() -> None:
    inbox: Any = Inbox()
    assert list(inbox) == []
    inbox.put([1, 2])
    inbox.wait()
    assert list(inbox) == [1, 2]
    inbox.put([3])
    assert list(inbox) == [3]
