"""A user who goes the whole line and does what the program says, and the laws that hold on the way."""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from mathif import tasks
from mathif.cli import cli
from mathif.engines import connections, http
from mathif.entry import seal
from tests.fuzzing import CODES
from tests.storm.disk import DeathError, Disk, EndlessError, Event
from tests.storm.network import FAULTS, KEY, Clock, Server, Stepped
from tests.submitting import changed, leaves
from tests.tiny import write_task

WIDE = {"COLUMNS": "1000"}
"""A terminal in which no line breaks, so that a log is the same in a folder with a longer name."""
ROUNDS = 14
"""Commands after which a run must be whole, the last of them in nothing worse than a drizzle."""
EVENTS = ("kill", "kill", "power", "signal", "full", "broken")
RARER = ("unread", "leap")
"""Events that take the place of two in five, in every seventh storm."""
RECORDS = ("generations.jsonl", "verdicts.jsonl", "self.jsonl")
ABOUT = '[model]\nid = "org/model-1b"\nparameters_b = 1.5\nopen = true\n'


class LawError(AssertionError):
    """A law that was broken."""


class Never(Random):
    """Draws that nothing rare ever happens."""

    def random(self) -> float:
        """Return more than any share."""
        return 1.0


class Course(NamedTuple):
    """What is asked: the part of a seed that a calm shares with its storm."""

    arms: str
    samples: int
    shards: int = 1


class Done(NamedTuple):
    """What came of a command, and whether its event happened; the code is None where the process died."""

    code: int | None
    told: str
    happened: bool


@dataclass
class Voyage:
    """One seed in one folder.

    Attributes:
        more: draws what came to the storm later; the other seeds sail as they did before, and find what they found.
        log: what happened, for whoever reads of a broken law.
    """

    here: Path
    rng: Random
    disk: Disk
    server: Server
    course: Course
    more: Random
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run = self.here / "run"

    @property
    def plan(self) -> tuple[str, ...]:
        """What is asked, as flags."""
        to = ("-m", "some-model", "--base-url", "http://storm/v1", "-t", "tiny", "--seed", "7")
        return (*to, "--arms", self.course.arms, "--samples", str(self.course.samples))

    def about(self) -> Path:
        """Write what is known of the model."""
        (self.here / "about.toml").write_text(ABOUT)
        return self.here / "about.toml"

    # Commands

    def calm(self, *words: str | Path) -> None:
        """Run a command to which nothing happens."""
        if self.call(*words).code != 0:
            raise self.broken("no calm")

    def call(self, *words: str | Path, event: Event | None = None) -> Done:
        """Run a command under an event, and hold it to what holds for every command."""
        before = records(self.run)
        self.server.asked.clear()
        self.disk.begin(event)
        try:
            done = CliRunner(env=WIDE).invoke(cli, list(map(str, words)), prog_name="mathif")
        except DeathError:
            done = None
        except EndlessError as error:
            raise self.broken("a command that never ends") from error
        happened = self.disk.happened
        if event is not None and event.what == "power" and done is None:
            self.disk.lose_power()
        self.disk.begin(None)
        shown = " ".join(str(word).replace(str(self.here), ".") for word in words)
        told = done.output.replace(str(self.here), ".") if done else "died"
        self.log.append(f"mathif {shown} [{event}] -> {done.exit_code if done else 'death'}: {told[-300:]}")
        if done is not None and done.exception is not None and not isinstance(done.exception, SystemExit):
            raise self.broken(f"a traceback: {done.exception!r}") from done.exception
        if done is not None:
            self._documented(done.exit_code, done.stderr)
        self._nothing_told(told)
        if event is None or event.what != "power":
            self._nothing_lost(before)
        return Done(done.exit_code if done else None, told, happened)

    def broken(self, law: str) -> LawError:
        """Return the error of a broken law, with what led to it."""
        return LawError("\n  ".join([law, *self.log]))

    # Laws

    def _documented(self, code: int, told: str) -> None:
        if code not in CODES:
            raise self.broken(f"exit code {code}")
        if code and not told.strip().splitlines()[-1].startswith("mathif: "):
            raise self.broken("a failure without a sentence")

    def _nothing_told(self, told: str) -> None:
        """The key is nowhere."""
        found = [str(path) for path in self.run.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
        if found or KEY in told:
            raise self.broken(f"the key is told in {found or 'the output'}")

    def _nothing_lost(self, before: dict[str, bytes]) -> None:
        """What was recorded is recorded still, or set aside in a file of its own, and was not asked for again."""
        after, aside = records(self.run), set(lines(self.run / "damaged.jsonl"))
        kept = {key: line for key, line in before.items() if line not in aside}
        if lost := [key for key, line in kept.items() if after.get(key, b"") != line]:
            raise self.broken(f"replies lost or changed: {lost}")
        again = [name for name in set(self.server.asked) if any(name.encode() in line for line in kept.values())]
        if again:
            raise self.broken(f"prompts asked again though their replies were there: {again}")

    def whole(self, calm: Calm) -> None:
        """The run is what it would have been in a calm."""
        keys = Counter(line.partition(b",")[0] for line in lines(self.run / "generations.jsonl"))
        if doubled := [key for key, count in keys.items() if count > 1]:
            raise self.broken(f"replies doubled: {doubled}")
        if sorted(lines(self.run / "generations.jsonl")) != calm.replies:
            raise self.broken("the replies differ from the calm's")
        self.reported(calm)

    def reported(self, calm: Calm) -> None:
        """The verdicts and the report are what they would have been in a calm."""
        if sorted(lines(self.run / "verdicts.jsonl")) != calm.verdicts:
            raise self.broken("the verdicts differ from the calm's")
        if (self.run / "report.json").read_bytes() != calm.report:
            raise self.broken("the report differs from the calm's")

    # The line

    def sail(self, calm: Calm) -> None:
        """Go from the first prompt to the board."""
        if self.course.shards == 1:
            self.ask(calm)
        else:
            self.ask_in_shards(calm)
        for _ in range(self.rng.randrange(3)):
            self.damage(calm)
        if self.more.random() < 0.6:
            self.tamper()
        entry = self.hand_in()
        self.stand(entry)

    def ask(self, calm: Calm, *part: str) -> None:
        """Ask all, or a part, and go on until it is whole."""
        width = str(self.rng.choice([1, 3, 16]))
        first: list[str | Path] = ["eval", *self.plan, *part, "--concurrency", width, "--out", self.run]
        rough = self.rng.randint(0, 4)
        for place in range(ROUNDS):
            event = self.weather() if place < rough else None
            if place >= rough:
                self.server.drizzle()
            moved = ["--base-url", "http://harbour/v1"] if self.more.random() < 0.2 else []
            words = ["eval", "--resume", self.run, *moved] if (self.run / "run.json").exists() else first
            if self.run.exists() and words is first:
                shutil.rmtree(self.run)  # "choose another --out"
            done = self.call(*words, event=event)
            self._promised(done, event, resumed=words is not first)
            if done.code == 0:
                if not part:
                    self.whole(calm)
                elif not set(lines(self.run / "generations.jsonl")) <= set(calm.replies):
                    raise self.broken("the replies of a shard differ from the calm's")
                return
            if event is None and place > rough:
                break
        raise self.broken("the run never became whole")

    def ask_in_shards(self, calm: Calm) -> None:
        """Ask shard by shard, and merge them."""
        whole, parts = self.run, [self.here / f"part-{place + 1}" for place in range(self.course.shards)]
        for place, part in enumerate(parts):
            self.run = part
            self.ask(calm, "--shard", f"{place + 1}/{len(parts)}")
        self.run = whole
        for place in range(ROUNDS):
            event = self.event(30) if place < 2 else None
            done = self.call("merge", *parts, "--out", self.run, event=event)
            if done.code == 0:
                self.whole(calm)
                return
            if (self.run / "run.json").exists():
                self.ask(calm)  # merged, and stopped afterwards
                return
            if self.run.exists() and event and event.what == "signal":
                raise self.broken("a merge that was stopped leaves a folder that is no run")
            shutil.rmtree(self.run, ignore_errors=True)  # "choose another --out"
        raise self.broken("the shards could not be merged")

    def weather(self) -> Event | None:
        """Draw the weather of one command, and begin it."""
        self.server.faults = self.rng.sample(FAULTS, self.rng.randint(1, 4))
        self.server.begin(
            self.rng.choice([0, 0.1, 0.3, 0.6]),
            denies=self.rng.random() < 0.1,
            per_minute=self.rng.choice([None, None, 4, 30]),
            away_s=self.rng.choice([0, 0, 20, 300]),
        )
        return self.event(60) if self.rng.random() < 0.8 else None

    def event(self, steps: int) -> Event:
        event = Event(self.rng.choice(EVENTS), self.rng.randint(1, steps))
        return event._replace(what=self.more.choice(RARER)) if self.more.random() < 0.4 else event

    def _promised(self, done: Done, event: Event | None, *, resumed: bool) -> None:
        """A stop from outside ends with the line that goes on, wherever there is something to go on with."""
        if event and event.what == "signal" and done.happened and done.code != 0:
            name = self.run.name
            last = done.told.splitlines()[-1]
            unread = resumed and event.step < 4  # the run was not yet opened; the same command goes on with it
            says = f"mathif eval --resume ./{name}" in last or (unread and last.endswith("run the command again"))
            if done.code != 3 or not (says or not records(self.run)):
                raise self.broken("a stop that does not say how to go on")

    def damage(self, calm: Calm) -> None:
        """Damage a file of records, see that nothing is built on it, and mend it as the program says."""
        file = self.run / self.rng.choice([name for name in RECORDS if (self.run / name).exists()])
        was = lines(file)
        self.log.append(f"damage to {file.name}: {spoil(file, self.rng, self.more)}")
        self.server.begin(0)
        if self.call("report", self.run).code == 0:
            self.reported(calm)
        self.call("submit", self.run, "--board", self.here / "unsafe")
        if (self.here / "unsafe").exists() and file.name != "verdicts.jsonl" and lines(file) != was:
            raise self.broken("an entry was made from damaged files")
        shutil.rmtree(self.here / "unsafe", ignore_errors=True)
        graded = self.call("grade", self.run)
        if graded.code == 0:
            self.call("report", self.run)
            self.reported(calm)
        for place in range(ROUNDS):
            event = self.event(60) if place < 1 else None
            if self.call("eval", "--resume", self.run, event=event).code == 0:
                self.whole(calm)
                return
        raise self.broken("damage that was never mended")

    def tamper(self) -> None:
        """Change a setting in the head, see that no stage goes on, and put the head back."""
        head = self.run / "run.json"
        was = head.read_bytes()
        settings = [(b'"top_p": 0.95', b'"top_p": 0.5'), (b"some-model", b"other-model"), (b'"seed": 7', b'"seed": 8')]
        old, new = self.more.choice(settings)
        head.write_bytes(was.replace(old, new))
        for words in (["report"], ["grade"], ["eval", "--resume"], ["submit", "--board", self.here / "unsafe"]):
            if self.call(*words, self.run).code != 3:
                raise self.broken("a setting that was changed is believed")
        head.write_bytes(was)

    def hand_in(self) -> Path:
        """Hand the run in."""
        words: list[str | Path] = ["submit", self.run, "--about", self.about(), "--board", self.here / "board"]
        for place in range(ROUNDS):
            if self.call(*words, event=self.event(12) if place < 1 else None).code == 0:
                [entry] = (self.here / "board" / "entries").glob("*.json")
                return entry
        raise self.broken("the run could not be handed in")

    def stand(self, entry: Path) -> None:
        """The entry holds, a changed one does not, and the board is built of it."""
        checks: list[list[str | Path]] = [["board", "--check", "--board", self.here / "board"], ["verify", entry]]
        if self.call(*self.rng.choice(checks)).code != 0:
            raise self.broken("an honest entry is refused")
        replies = entry.parent.parent / "responses" / f"{entry.stem}.jsonl.gz"
        path, forge = self.rng.choice([(entry, forged), (replies, retold)])
        was = path.read_bytes()
        self.log.append(f"forged: {forge(path, self.rng)}")
        if self.call(*self.rng.choice(checks)).code == 0:
            raise self.broken("a forged entry stands")
        path.write_bytes(was)
        for place in range(ROUNDS):
            event = self.event(20) if place < 1 else None
            if self.call("board", "--board", self.here / "board", event=event).code == 0:
                return
        raise self.broken("the board does not hold")


class Calm(NamedTuple):
    """What a run ends as where nothing happens.

    Attributes:
        replies: the lines of its replies, sorted.
        verdicts: likewise of its verdicts.
        report: its report.
        cache: what the program then remembers, so that no storm pays for it again.
    """

    replies: list[bytes]
    verdicts: list[bytes]
    report: bytes
    cache: Path


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def records(run: Path) -> dict[str, bytes]:
    """Return the lines of the recorded replies by key, as far as they are whole."""
    found: dict[str, bytes] = {}
    head = re.search(rb'"origin": (\d+)', b"".join(lines(run / "run.json")))
    origin = int(head[1]) if head else 0
    for line in lines(run / "generations.jsonl"):
        read = re.fullmatch(rb'(\{"key": "([^"]+)".*), "crc32": "([0-9a-f]{8})"\}\n', line)
        if read and zlib.crc32(read[1] + b"}", origin) == int(read[3], 16):
            found.setdefault(read[2].decode(), line)
    return found


def spoil(file: Path, rng: Random, more: Random) -> str:
    """Damage a file of records, and return how."""
    rows = lines(file)
    number = rng.randrange(len(rows))
    how = rng.choice(["flipped", "deleted", "emptied", "torn", "swapped", "removed", "doubled"])
    how = "foreign" if more.random() < 0.4 else how
    if how == "flipped":
        place = rng.randrange(len(rows[number]) - 1)
        old = rows[number]
        rows[number] = old[:place] + bytes([old[place] ^ (1 << rng.randrange(7))]) + old[place + 1 :]
    elif how == "deleted":
        del rows[number]
    elif how == "emptied":
        rows = []
    elif how == "torn":
        rows[-1] = rows[-1][: rng.randrange(1, len(rows[-1]))]
    elif how == "swapped" and len(rows) > 1:
        rows[0], rows[-1] = rows[-1], rows[0]
    elif how == "doubled":
        rows.append(rows[number])
    elif how == "foreign":
        body = rows[number][: rows[number].rindex(b', "crc32"')].replace(b"total", b"sum") + b"}"
        rows[number] = body[:-1] + b', "crc32": "%08x"}\n' % zlib.crc32(body)
    file.write_bytes(b"".join(rows))
    if how == "removed":
        file.unlink()
    return f"{how} ({number})"


def forged(entry: Path, rng: Random) -> str:
    """Change one number of an entry, seal it again, and return which."""
    row = json.loads(entry.read_text())
    places = [place for place in leaves(row["profiles"]) if place]
    place = ("profiles", *rng.choice(places))
    value: Any = row
    for part in place:
        value = value[part]
    new = value + 1 if isinstance(value, int | float) and not isinstance(value, bool) else "other"
    row = changed(row, place, new)
    entry.write_text(json.dumps({**row, "digest": seal(row)}))
    return "/".join(map(str, place))


def retold(replies: Path, rng: Random) -> str:
    """Change the text of one reply that was handed in."""
    rows = [json.loads(line) for line in gzip.decompress(replies.read_bytes()).splitlines()]
    row = rng.choice(rows)
    row["text"] = "Another reply. \\boxed{5} That is all."
    replies.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return str(row["key"])


@contextmanager
def at_sea(here: Path, rng: Random, course: Course, more: Random) -> Iterator[Voyage]:
    """Put the storm in the place of server, clock and disk."""
    state = random.getstate()
    random.seed(rng.random())
    with pytest.MonkeyPatch.context() as patch:
        write_task(here / "tasks" / "tiny")
        patch.setattr(tasks, "FOLDER", here / "tasks")
        patch.setattr("mathif.board.HOME", (("tiny",), None))
        patch.setenv("MATHIF_CACHE", str(here / "cache"))
        patch.setenv("OPENAI_API_KEY", KEY)
        patch.setitem(sys.modules, "mathif.charts", None)  # pictures are dear, and nothing here hangs on them
        clock = Clock()
        server, disk = Server(rng, clock), Disk(rng, patch)
        disk.leap = clock.leap
        patch.setattr(http, "Background", lambda: Stepped(clock, disk.count))
        patch.setattr(connections, "session", lambda headers: server)
        yield Voyage(here, rng, disk, server, course, more)
    random.setstate(state)


def calm(here: Path, course: Course) -> Calm:
    """Return what a course ends as where nothing happens."""
    with at_sea(here, Random(0), course, Random(0)) as voyage:
        run, board = voyage.run, here / "board"
        voyage.calm("eval", *voyage.plan, "--concurrency", "1", "--out", run)
        voyage.calm("submit", run, "--about", voyage.about(), "--board", board)
        voyage.calm("board", "--board", board)
        replies, verdicts = (sorted(lines(run / name)) for name in ("generations.jsonl", "verdicts.jsonl"))
        return Calm(replies, verdicts, (run / "report.json").read_bytes(), here / "cache")


COURSES: Sequence[Course] = (
    Course("constrained", 1),
    Course("plain,constrained", 1),
    Course("plain,constrained,self", 1),
    Course("constrained", 2),
)


class Sea:
    """Sails seeds, each calm but once."""

    def __init__(self, here: Path) -> None:
        self._here = here
        self._calms: dict[Course, Calm] = {}

    def sail(self, seed: int, meddle: Callable[[], None] = lambda: None) -> list[str]:
        """Sail one seed, and return what happened.

        Args:
            seed: any integer.
            meddle: called when the storm is about to begin.

        Raises:
            LawError: if a law was broken.
        """
        rng, more = Random(seed), Random(f"more of {seed}") if seed % 7 == 0 else Never()
        course, shards = rng.choice(COURSES), 2 if more.random() < 0.3 else 1
        if course not in self._calms:
            self._calms[course] = calm(self._here / f"calm-{len(self._calms)}", course)
        here = self._here / f"seed-{seed}"
        try:
            shutil.copytree(self._calms[course].cache, here / "cache")
            with at_sea(here, rng, course._replace(shards=shards), more) as voyage:
                meddle()
                voyage.sail(self._calms[course])
                return voyage.log
        except LawError as error:
            raise LawError(f"seed {seed}: {error}") from error.__cause__
        finally:
            shutil.rmtree(here, ignore_errors=True)
