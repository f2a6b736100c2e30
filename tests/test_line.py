"""Laws of the whole line, `eval`, `submit`, `verify` and `board`: each stage reads each thing once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mathif import api, arms, reasoning, tasks
from mathif.board import build
from mathif.constraints import KINDS
from mathif.editions import editions
from mathif.entry import submit
from mathif.records import Generation, Graded
from mathif.verify import verify
from tests.submitting import CLAIMS
from tests.tiny import only_bundled


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tiny task as the only bundled one, and a cache that remembers nothing yet."""
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("mathif.board.HOME", (("tiny",), None))
    with only_bundled(tmp_path / "tasks") as folder:
        yield folder


class Meter:
    """Counts calls while a stage runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: Counter[str] = Counter()
        self._watch(monkeypatch, tasks, "content_digest", "tasks loaded")
        self._watch(monkeypatch, arms, "Shown", "prompts rendered")
        self._watch(monkeypatch, reasoning, "Reply", "replies split")
        for record, what in ((Generation, "replies parsed"), (Graded, "verdicts parsed")):
            self._watch(monkeypatch, record, "from_json", what)
        self._files(monkeypatch)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, what: str) -> None:
        inner = getattr(owner, name)

        def counted(*args: Any, **more: Any) -> Any:
            self.counts[what] += 1
            return inner(*args, **more)

        monkeypatch.setattr(owner, name, counted)

    def _files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        inner = os.open

        def counted(path: Any, flags: int, *args: Any, **more: Any) -> int:
            reads = not flags & (os.O_WRONLY | os.O_RDWR)
            if reads and isinstance(path, Path) and path.suffix == ".jsonl" and "tasks" not in path.parts:
                self.counts[path.stem] += 1
            return inner(path, flags, *args, **more)

        monkeypatch.setattr(os, "open", counted)

    def stage(self, run: Callable[[], Any]) -> tuple[Any, dict[str, int]]:
        self.counts.clear()
        return run(), dict(self.counts)


def test_the_whole_line_reads_each_thing_once_a_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editions(KINDS)  # computed once a process, over a corpus of its own
    meter = Meter(monkeypatch)
    plan = api.plan_of({"model": "mock:witness", "task": "tiny", "arms": "plain,constrained,self"})
    run, begun = meter.stage(lambda: api.create_run(plan, tmp_path / "run"))
    assert begun == {"tasks loaded": 1, "prompts rendered": 6}
    _, asked = meter.stage(lambda: api.ask(run))
    replies = len(run.replies)
    own = replies - 6
    # two plain replies are split to draw what they meet, and one to see that not all are empty; the mock splits every
    # prefill
    assert asked == {"prompts rendered": own, "replies parsed": 3, "replies split": 3 + replies, "generations": 1}
    _, graded = meter.stage(lambda: api.grade_run(run))
    assert graded == {"replies parsed": replies, "replies split": replies}
    summary, reported = meter.stage(lambda: api.report_run(run))
    shown = summary.rows
    # the tokens of every reply are counted, and every reply is read once for the page, which shows a plain one once
    read = {"replies parsed": 2 * replies, "replies split": replies}
    assert reported == {"verdicts parsed": shown, "verdicts": 1, **read}

    (entry, _), submitted = meter.stage(lambda: submit(api.run_in(run.folder), CLAIMS, tmp_path / "board"))
    assert submitted == {
        "replies parsed": replies,
        "replies split": replies,
        "verdicts parsed": shown,
        "generations": 1,
        "verdicts": 1,
        "self": 1,  # what arm `self` drew must be whole too
    }
    _, verified = meter.stage(lambda: verify(entry))
    once = dict.fromkeys(("prompts rendered", "replies parsed", "replies split"), replies)
    assert verified == {"tasks loaded": 1, **once}
    meter.stage(lambda: build(tmp_path / "board"))
    _, built = meter.stage(lambda: build(tmp_path / "board"))
    assert not built.keys() & {"tasks loaded", "prompts rendered", "replies split", "replies parsed"}
