"""What the program costs, in processor time and memory, beside its goals.

Every row runs in a process of its own and is counted in processor time, its own and its children's; the load is told
beside it, as other work slows the cores too. The package is compiled beforehand, as an installed one is, and numpy adds
with one thread, as in the program.

    python benchmarks/speed.py                  # every row; about ten minutes of processor time
    python benchmarks/speed.py load verify      # some rows
    python benchmarks/speed.py report --share 0.1   # a tenth of the rows or bytes
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from compileall import compile_dir
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from instant import instant

import mathif
from mathif import api
from mathif.items import Prompt
from mathif.plan import Plan
from mathif.records import Finish, Generation, Key, Sampling
from mathif.run import Run, generate, grade, report

ROWS = 100_000


class Spent(NamedTuple):
    """What a piece of work cost: processor time in seconds, wall time in seconds, and how much was done."""

    cpu_s: float
    wall_s: float
    done: float = 1


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        told: what is done.
        work: does it in a folder, of the given share of its full size.
        figure: turns what it cost, and the peak of memory in MB, into what is told.
        goal: what that is held to.
    """

    told: str
    work: Callable[[Path, float], Spent]
    figure: Callable[[Spent, float], str]
    goal: str


def spent() -> float:
    """Return the processor time of this process and of its children that have ended, in seconds."""
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def measured(work: Callable[[], object], done: float = 1) -> Spent:
    """Do a piece of work, and return what it cost."""
    before_s, began_s = spent(), time.perf_counter()
    work()
    return Spent(spent() - before_s, time.perf_counter() - began_s, done)


def load(here: Path, share: float) -> Spent:
    """Load the task `core`, its module imported."""
    return measured(lambda: api.load_task("core"))


def answered(here: Path, items: int) -> Run:
    """Make a finished run of so many items of the task `core`."""
    run = api.create_run(Plan.of(model="mock:witness", limit=items), here / "run")
    generate(run)
    grade(run)
    report(run)
    return run


def entry(run: Run, here: Path, model: str) -> Path:
    """Hand a run in under the name of a model."""
    from mathif.entry import claims_of, submit

    (here / "about.toml").write_text(f'[model]\nid = "{model}"\nparameters_b = 1.5\nopen = true\n')
    path, _ = submit(run, claims_of(run, here / "about.toml", "someone", "third-party", None), here / "board")
    return path


def verify(here: Path, share: float) -> Spent:
    """Verify a full entry in a fresh process."""
    return program("verify", entry(answered(here, max(4, int(600 * share))), here, "org/model-1b"))


def board(here: Path, share: float, *, warm: bool) -> Spent:
    """Check a hundred entries of sixty replies each."""
    run = answered(here, 30)
    for number in range(max(1, int(100 * share))):
        entry(run, here, f"org/model-{number}")
    words = ("board", "--check", "--board", here / "board")
    cold = program(*words)
    return program(*words) if warm else cold


def program(*words: str | Path) -> Spent:
    """Run a command of the program in a process of its own; one that does not end with exit code 0 ends the row."""

    def run() -> None:
        done = subprocess.run([sys.executable, "-m", "mathif", *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)

    return measured(run)


SAMPLED = "mock:length"
"""The simulated model whose many replies are graded and reported."""


def samples(share: float) -> int:
    """Return how many replies to each item of `core` make so many rows."""
    return max(1, int(ROWS * share) // 1050)


def graded(here: Path, share: float) -> Spent:
    """Grade many rows."""
    run = Run.create(Plan.of(model=SAMPLED, samples=samples(share)), here / "run")
    generate(run)
    return measured(lambda: grade(run), len(run.replies))


def reported(here: Path, share: float) -> Spent:
    """Report many rows, which other processes have made: their memory is not that of the report."""
    program("generate", "-m", SAMPLED, "--samples", str(samples(share)), "--out", here / "run")
    program("grade", here / "run")
    run = Run(here / "run")
    return measured(lambda: report(run), len(run.served()))


def replayed(here: Path, share: float) -> Spent:
    """Ask a file of 744 MB of recorded replies."""
    keys = [item.key for item in api.load_task("core").items if item.constraints]
    size = int(744e6 * share / len(keys))
    with (here / "replies.jsonl").open("w") as file:
        for key in keys:
            file.write(json.dumps({"item": key, "response": "word " * (size // 5)}) + "\n")
    run = Run.create(Plan.of(model=f"file:{here}/replies.jsonl", arms="constrained"), here / "run")
    return measured(lambda: generate(run))


def large(here: Path, share: float) -> Spent:
    """Record twenty replies of ten megabytes, and grade them."""
    run = api.create_run(Plan.of(model="mock:null", arms="constrained", limit=26), here / "run")
    keys = [str(prompt.key) for prompt in run.prompts()][:20]
    text = "word " * int(2e6 * share)
    run.update_head(engine={"engine": "test", "model": "m", **Sampling().told()})
    with run.records.appending() as rows:
        for key in keys:
            rows.append(Generation(key, text + " \\boxed{5}", Finish.STOP).to_json())
    run = Run(run.folder)
    return measured(lambda: grade(run))


def whole(here: Path, share: float) -> Spent:
    """Run the whole of `mathif eval` against a server that answers at once: two hundred requests."""
    words = ("eval", "-m", "any", "--arms", "constrained", "--limit", "265", "--base-url")
    with instant() as url:
        program(*words, url, "--out", here / "first")  # what is remembered from run to run is made here
        return program(*words, url, "--out", here / "run")


def asked(here: Path, share: float) -> Spent:
    """Ask such a server as fast as the engine can."""
    from mathif.engines import Options, open_engine

    count = int(20_000 * share)
    with instant() as url:
        engine = open_engine("any", Options(base_url=(url,), concurrency=64))
        prompts = list(many(count))
        done = measured(lambda: sum(1 for _ in engine.generate(prompts, Sampling(max_tokens=64))), count)
        engine.close()
    return done


def many(count: int) -> Iterator[Prompt]:
    """Yield prompts, each with a key of its own."""
    [first, *_] = api.make_prompts("core", limit=4)
    for number in range(count):
        yield replace(first, key=Key(first.key.task, first.key.item, first.key.arm, number))


def end_to_end(here: Path, share: float) -> Spent:
    """Ask a simulated model both arms of `core`, grade, report and draw the page."""
    words = ("eval", "-m", "mock:length", "--out")
    program(*words, here / "first")  # what is remembered from run to run is made here
    return program(*words, here / "run")._replace(done=len(Run(here / "run").records))


TABLE: Mapping[str, Row] = {
    "load": Row("load `core`", load, lambda s, mb: f"{s.cpu_s:.3f} s", "0.03 s"),
    "verify": Row("`verify` of a full entry", verify, lambda s, mb: f"{s.cpu_s:.2f} s", "2 s"),
    "board": Row(
        "`board --check`, 100 entries of 60 replies, nothing known",
        lambda here, share: board(here, share, warm=False),
        lambda s, mb: f"{s.cpu_s:.1f} s",
        "30 s on 2 cores",
    ),
    "board-warm": Row(
        "the same again",
        lambda here, share: board(here, share, warm=True),
        lambda s, mb: f"{s.cpu_s:.1f} s",
        "5 s",
    ),
    "report": Row("`report` of 100,000 rows", reported, lambda s, mb: f"{s.cpu_s:.1f} s, {mb:.0f} MB", "20 s, 400 MB"),
    "grade": Row(
        "`grade` of 100,000 rows",
        graded,
        lambda s, mb: f"{s.cpu_s:.1f} s for {s.done:.0f} replies, {mb:.0f} MB",
        "60 s",
    ),
    "replay": Row("replay of a file of 744 MB", replayed, lambda s, mb: f"{s.cpu_s:.1f} s, {mb:.0f} MB", "300 MB"),
    "large": Row("20 replies of 10 MB", large, lambda s, mb: f"{s.cpu_s:.1f} s, {mb:.0f} MB", "300 MB"),
    "whole": Row("200 requests, the whole `eval`", whole, lambda s, mb: f"{s.cpu_s:.2f} s", "1.5 s"),
    "requests": Row(
        "requests to a server that answers at once",
        asked,
        lambda s, mb: f"{s.done / s.cpu_s:.0f} a second of processor time, {mb:.0f} MB",
        "2000",
    ),
    "end": Row(
        "a reply from end to end, `mock:length`, both arms, report and page",
        end_to_end,
        lambda s, mb: f"{1000 * s.cpu_s / s.done:.1f} ms",
        "5 ms",
    ),
}


def one(name: str, share: float) -> None:
    """Measure one row, and print it as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MATHIF_CACHE"] = f"{folder}/cache"
        done = TABLE[name].work(Path(folder), share)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps([list(done), peak_mb]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python benchmarks/speed.py", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(TABLE))
    parser.add_argument("--share", type=float, default=1.0, help="of the full size, in (0, 1]")
    parser.add_argument("--alone", choices=TABLE, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.alone:
        one(said.alone, said.share)
        return
    compile_dir(Path(mathif.__file__).parent, quiet=1)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    print("| work | figure | goal | load |\n|---|---|---|---|")
    for name in said.rows or TABLE:
        words = [sys.executable, __file__, "--alone", name, "--share", str(said.share)]
        done = subprocess.run(words, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr}")
        figures, peak_mb = json.loads(done.stdout.splitlines()[-1])
        row = TABLE[name]
        figure = row.figure(Spent(*figures), peak_mb)
        print(f"| {row.told} | {figure} | {row.goal} | {os.getloadavg()[0]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
