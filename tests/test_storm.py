"""The whole line keeps its laws in any weather, and the storm finds the bugs that once were."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mathif import api, store, verify
from mathif.engines import completions, failures, http
from mathif.run import folder, head, mending, stages
from mathif.store import files, records, rows, seals
from tests.storm.voyage import LawError, Sea


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory) -> Sea:
    return Sea(tmp_path_factory.mktemp("sea"))


@pytest.mark.parametrize("first", range(0, 10, 5))
def test_every_seed_reaches_the_board_with_the_report_of_a_calm(sea: Sea, first: int) -> None:
    for seed in range(first, first + 5):
        sea.sail(seed)


def test_a_seed_sails_the_same_way_again(sea: Sea, tmp_path: Path) -> None:
    assert sea.sail(3) == Sea(tmp_path).sail(3)


Patch = pytest.MonkeyPatch


def files_are_written_in_place(patch: Patch) -> None:
    def write(path: Path, data: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        try:
            files.write_all(descriptor, data)
        finally:
            os.close(descriptor)

    patch.setattr(files, "write_bytes", write)
    patch.setattr(store, "write_bytes", write)


def a_setting_that_was_changed_is_believed(patch: Patch) -> None:
    patch.setattr(head, "_seal", lambda head: "sealed")


def missing_records_are_not_missed(patch: Patch) -> None:
    patch.setattr(seals.Mark, "unlike", lambda self, expected: "")


def changed_records_are_believed(patch: Patch) -> None:
    read = seals.unsealed

    def unsealed(text: bytes, origin: int = 0) -> seals.Line:
        return read(text, origin)._replace(changed=False)

    patch.setattr(records, "unsealed", unsealed)
    patch.setattr(rows, "unsealed", unsealed)


def a_resumed_run_asks_for_everything_again(patch: Patch) -> None:
    patch.setattr(folder.Run, "pending", lambda self: self.prompts())


def an_odd_answer_is_final(patch: Patch) -> None:
    patch.setattr(http, "ENOUGH", 1)


def a_busy_server_is_not_waited_for(patch: Patch) -> None:
    patch.setattr(failures, "_AWAY", set[int]())


def a_key_that_a_server_repeats_is_kept(patch: Patch) -> None:
    patch.setattr(completions, "without_key", lambda text, key: text)


def a_key_that_a_server_repeats_is_told(patch: Patch) -> None:
    patch.setattr(failures, "without_key", lambda text, key: text)


def a_stop_says_nothing(patch: Patch) -> None:
    @contextmanager
    def stoppable(run: Any) -> Iterator[None]:
        yield

    for room in (stages, api):
        patch.setattr(room, "stoppable", stoppable)


def damage_is_thrown_away_with_what_is_whole(patch: Patch) -> None:
    patch.setattr(mending, "_keep", lambda run, found, whole: (run.folder / found.path.name).unlink(missing_ok=True))


def a_broken_stream_is_a_reply(patch: Patch) -> None:
    end = completions.Reading.end

    def ended(self: completions.Reading) -> completions.Completion:
        if self.streams and self._finish is None:
            self._finish = "stop"
        return end(self)

    patch.setattr(completions.Reading, "end", ended)


def the_head_is_not_told_of_what_a_stopped_run_has(patch: Patch) -> None:
    patch.setattr(folder.Run, "note", lambda self, marks: None)


def forged_numbers_stand(patch: Patch) -> None:
    patch.setattr(verify, "_same", lambda found, expected, where: None)


def exchanged_replies_stand(patch: Patch) -> None:
    patch.setattr(verify, "_same_file", lambda entry, source, where: None)
    patch.setattr(verify, "_same", lambda found, expected, where: None)


BUGS: dict[Callable[[Patch], None], int] = {
    a_setting_that_was_changed_is_believed: 0,
    files_are_written_in_place: 0,
    missing_records_are_not_missed: 2,
    changed_records_are_believed: 10,
    a_resumed_run_asks_for_everything_again: 3,
    an_odd_answer_is_final: 6,
    a_busy_server_is_not_waited_for: 4,
    a_key_that_a_server_repeats_is_kept: 0,
    a_key_that_a_server_repeats_is_told: 13,
    a_stop_says_nothing: 1,
    damage_is_thrown_away_with_what_is_whole: 2,
    a_broken_stream_is_a_reply: 1,
    the_head_is_not_told_of_what_a_stopped_run_has: 2,
    forged_numbers_stand: 2,
    exchanged_replies_stand: 2,
}
"""Each bug with the seed from which on the storm is sailed: one that soon found it when it was planted."""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_that_is_planted_again_is_found(sea: Sea, bug: Callable[[Patch], None]) -> None:
    def sail_on() -> None:
        for seed in range(BUGS[bug], BUGS[bug] + 60):
            sea.sail(seed, lambda: bug(patch))

    with pytest.MonkeyPatch.context() as patch, pytest.raises(LawError):
        sail_on()
