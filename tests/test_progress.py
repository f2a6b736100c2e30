"""Laws of progress: what is counted, and that a log hears of it also while nothing comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from mathif.progress import Meter, told
from mathif.records import Finish, Generation


def reply(tokens: int | None, finish: Finish = Finish.STOP) -> Generation:
    return Generation("t/i@plain#0", "4", finish, completion_tokens=tokens)


def test_the_line_gives_rates_time_left_and_truncated_replies() -> None:
    meter = Meter(100, 0.0)
    for second in range(1, 21):
        meter.count(reply(50, Finish.LENGTH if second % 10 == 0 else Finish.STOP), float(second))
    assert meter.line("replies", 20.0) == "replies: 20 of 100 (20 %), 1/s, 50 tokens/s, 1:20 left, 2 truncated"


def test_rows_without_tokens_are_counted_by_number() -> None:
    meter = Meter(3, 0.0)
    meter.count({"any": "row"}, 2.0)
    assert meter.line("verdicts", 2.0) == "verdicts: 1 of 3 (33 %), 0.5/s, 0:04 left"


def test_nothing_to_say_is_no_error() -> None:
    assert Meter(0, 0.0).line("replies", 0.0) == "replies: 0 of 0, 0/s"


def test_rates_forget_a_slow_start() -> None:
    meter = Meter(10_000, 0.0)
    meter.count(reply(1), 3600.0)
    for step in range(1, 2001):
        meter.count(reply(1), 3600.0 + step / 10)
    assert "10/s" in meter.facts(3800.0)


def test_a_line_is_said_again_and_again_while_a_row_is_waited_for() -> None:
    said: list[str] = []
    heard_twice = threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 2:
            heard_twice.set()

    def rows() -> Iterator[int]:
        assert heard_twice.wait(30)
        yield 1

    assert list(told(rows(), 1, "replies", say, every_s=0.01)) == [1]
    assert said[0].startswith("replies: 0 of 1 (0 %)")
