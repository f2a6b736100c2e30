"""How much longer an engine takes than what it stands on: the same prompts, one loaded model, in the order A B B A.

A is the bare library as one would write it, B is `mathif generate`, records on disk included. The ratio of their times
is told for wall time, which other work on the machine changes, and for processor time, which it changes less.

    python benchmarks/overhead.py llama [--limit 8] [--pairs 2]
    python benchmarks/overhead.py http --flight 64 [--hold 1]
    python benchmarks/overhead.py vllm --model FOLDER [--limit 64]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from instant import instant

from mathif import api
from mathif.items import Prompt, as_chat
from mathif.plan import Plan
from mathif.run import Run, generate, stages

TOKENS = 64


class Took(NamedTuple):
    """What one way of asking took, in seconds, and how many tokens came."""

    wall_s: float
    cpu_s: float
    tokens: int


Ask = Callable[[], int]
"""Asks everything, and returns the number of tokens that came."""


def timed(ask: Ask) -> Took:
    """Time one way of asking."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    tokens = ask()
    return Took(time.perf_counter() - wall_s, time.process_time() - cpu_s, tokens)


def compared(bare: Ask, ours: Ask, pairs: int, what: str) -> None:
    """Ask both ways in the order A B B A as often as `pairs` says, and print the ratios."""
    bare()  # what is done once is done before
    took: dict[str, list[Took]] = {"A": [], "B": []}
    for letter in "ABBA" * pairs:
        took[letter].append(timed(bare if letter == "A" else ours))
    sums = {letter: Took(*map(sum, zip(*rows, strict=True))) for letter, rows in took.items()}
    a, b = sums["A"], sums["B"]
    each_a, each_b = (one.cpu_s / one.tokens for one in (a, b))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"| {what} | {a.tokens / a.wall_s:.0f} / {b.tokens / b.wall_s:.0f} "
        f"| {b.wall_s / a.wall_s * a.tokens / b.tokens:.3f} | {each_b / each_a:.3f} | {peak_mb:.0f} MB "
        f"| {os.getloadavg()[0]:.1f} |"
    )


class Fresh:
    """`mathif generate` in a new folder each time, with an engine that stays open."""

    def __init__(self, here: Path, plan: Plan) -> None:
        self._here = here
        self._plan = plan
        self._count = 0

    def prompts(self) -> list[Prompt]:
        """Return what is asked."""
        return list(Run.create(self._plan, self._here / "looked-at").prompts())

    def ask(self) -> int:
        """Ask it."""
        self._count += 1
        run = api.create_run(self._plan, self._here / str(self._count))
        generate(run)
        return sum(reply.completion_tokens or 0 for reply in run.replies.values())


def llama(here: Path, limit: int, pairs: int) -> None:
    """Compare with xllamacpp, as many threads as slots."""
    from mathif.engines import llama as room

    plan = Plan.of(model="smollm2-135m", arms="constrained", limit=limit, max_tokens=TOKENS)
    fresh = Fresh(here, plan)
    engine = room.open_model(plan.model, plan.options)
    engine.describe(plan.sampling)
    server = engine._load(plan.sampling)
    prompts = fresh.prompts()

    def reply(prompt: Prompt) -> int:
        chunks: list[dict[str, Any]] = []

        def take(chunk: dict[str, Any]) -> bool:
            chunks.append(chunk)
            return False

        server.handle_chat_completions(room._request(prompt, plan.sampling), take)
        return int(chunks[-1]["usage"]["completion_tokens"])

    def bare() -> int:
        with ThreadPoolExecutor(room.SLOTS) as pool:
            return sum(pool.map(reply, prompts))

    compared(bare, fresh.ask, pairs, f"`llama` against xllamacpp, {len(prompts)} prompts")


def http(here: Path, flight: int, hold_s: float, pairs: int) -> None:
    """Compare with a bare client of aiohttp."""
    import aiohttp

    from mathif.engines import http as room

    room._allow_files(flight)
    with instant(hold_s) as url:
        wanted = 2 * flight
        plan = Plan.of(
            model="any", arms="constrained", limit=20, samples=-(-wanted // 15), base_url=url, concurrency=flight
        )
        fresh = Fresh(here, plan)
        bodies = [
            {"model": "any", "messages": as_chat(one.messages), "stream": True, "seed": one.seed}
            for one in fresh.prompts()
        ]

        async def reply(session: aiohttp.ClientSession, gate: asyncio.Semaphore, body: dict[str, Any]) -> int:
            async with gate, session.post(f"{url}/chat/completions", json=body) as said:
                events = [line[6:] for line in (await said.read()).split(b"\n") if line.startswith(b"data: {")]
                return int(json.loads(events[-1])["usage"]["completion_tokens"])

        async def everything() -> int:
            gate = asyncio.Semaphore(flight)
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                return sum(await asyncio.gather(*(reply(session, gate, body) for body in bodies)))

        told = f"`http` against aiohttp, {flight} in flight, {len(bodies)} requests of about {hold_s:g} s"
        compared(lambda: asyncio.run(everything()), fresh.ask, pairs, told)


def vllm(here: Path, model: str, limit: int, pairs: int) -> None:
    """Compare with `vllm.LLM.chat`, the same settings for each prompt."""
    import vllm as library

    from mathif.engines import vllm as room

    plan = Plan.of(model=model, arms="constrained", limit=limit, max_tokens=TOKENS, max_model_len=2048)
    fresh = Fresh(here, plan)
    engine = room.open_model(plan.model, plan.options)
    engine._load(plan.sampling)
    prompts = fresh.prompts()
    settings = [
        library.SamplingParams(
            temperature=1,
            top_p=0.95,
            max_tokens=TOKENS,
            seed=one.seed,
            skip_special_tokens=False,
        )
        for one in prompts
    ]
    chats = [as_chat(one.messages) for one in prompts]

    def bare() -> int:
        said = engine._llm.chat(chats, settings, use_tqdm=False)
        return sum(len(one.outputs[0].token_ids) for one in said)

    class Kept(room.Vllm):
        def __init__(self) -> None:
            self.__dict__ = engine.__dict__

        def close(self) -> None:
            """Keep the model for the next run."""

    setattr(stages, "open_engine", lambda *asked: Kept())  # noqa: B010 - the model stays loaded
    compared(bare, fresh.ask, pairs, f"`vllm` against `LLM.chat`, {len(prompts)} prompts")


def main() -> None:
    """Compare one engine with what it stands on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=["llama", "http", "vllm"])
    parser.add_argument("--model", help="of vllm: a folder or a name")
    parser.add_argument("--limit", type=int, default=22, help="of llama and vllm: items that are asked")
    parser.add_argument("--flight", type=int, default=64, help="of http: requests under way")
    parser.add_argument(
        "--hold",
        type=float,
        default=1.0,
        help="of http: seconds that a reply takes, give or take half",
    )
    parser.add_argument("--pairs", type=int, default=1)
    said = parser.parse_args()
    print("| what | tokens/s bare / ours | wall time | processor time | peak | load |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        if said.engine == "llama":
            llama(here, said.limit, said.pairs)
        elif said.engine == "http":
            http(here, said.flight, said.hold, said.pairs)
        else:
            vllm(here, said.model, said.limit, said.pairs)


if __name__ == "__main__":
    main()
