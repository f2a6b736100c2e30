"""Laws of the record files."""

import errno
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import zlib
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif import store
from mathif.errors import DataError, UsageError
from mathif.store import disk
from mathif.store.seals import unsealed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=3), max_size=5)


def sealed(row: Mapping[str, object], origin: int = 0) -> bytes:
    return store.seal(store.unsealed_line(row), origin).line


@given(ROWS)
def test_what_is_appended_is_read_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "rows.jsonl"
    for part in (rows[:2], rows[2:]):
        with store.appending(path) as file:
            for row in part:
                file.append(row)
    assert list(store.read_rows(path)) == rows


def test_a_lone_surrogate_survives(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with store.appending(path) as file:
        file.append({"text": "\ud800 é"})
    assert list(store.read_rows(path)) == [{"text": "\ud800 é"}]


def test_a_lone_surrogate_is_written_as_an_escape_that_json_reads(tmp_path: Path) -> None:
    store.write_json(tmp_path / "report.json", {"text": "\ud800 é"})
    assert store.read_json(tmp_path / "report.json") == {"text": "\ud800 é"}
    store.write_text(tmp_path / "report.md", "\ud800 é")
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == "\\ud800 é"


@given(cut=st.integers(0, 60))
def test_a_file_torn_at_any_byte_is_repaired_to_its_whole_rows(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("store") / "rows.jsonl"
    whole = b"".join(json.dumps({"n": n}).encode() + b"\n" for n in range(7))
    path.write_bytes(whole[:cut])
    dropped = store.repair(path)
    kept = path.read_bytes()
    assert kept + whole[len(kept) : cut] == whole[:cut]
    assert dropped == cut - len(kept)
    assert kept == b"" or kept.endswith(b"\n")
    assert len(list(store.read_rows(path))) == min(cut, len(whole)) // len(whole[: len(whole) // 7])


def test_repair_finds_the_last_newline_of_a_row_longer_than_a_block(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"n":1}\n' + b"x" * 200_000)
    assert store.repair(path) == 200_000
    assert path.read_bytes() == b'{"n":1}\n'


def test_a_missing_file_needs_no_repair(tmp_path: Path) -> None:
    assert store.repair(tmp_path / "none.jsonl") == 0


@pytest.mark.parametrize("line", ["nonsense", "[1]", "3", '{"a":' * 3000], ids=["text", "list", "number", "torn"])
def test_a_line_that_is_no_object_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n' + line + "\n")
    with pytest.raises(DataError, match=r"rows\.jsonl:3: "):
        list(store.read_rows(path))


def test_two_processes_cannot_hold_one_run(tmp_path: Path) -> None:
    code = "from mathif import store; from pathlib import Path; import sys\nwith store.locked(Path(sys.argv[1])): pass"
    with store.locked(tmp_path):
        other = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "UsageError" in other.stderr
    assert "another mathif process" in other.stderr
    with store.locked(tmp_path), pytest.raises(UsageError), store.locked(tmp_path):
        pass


def test_a_full_disk_tears_nothing(tmp_path: Path) -> None:
    """The file size limit of the process makes the kernel refuse a write in the middle of a row."""
    path = tmp_path / "rows.jsonl"
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            with store.appending(path) as file:
                while True:
                    file.append({"text": "x" * 70})
        except DataError as error:
            os._exit(7 if "cannot be written" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    rows = list(store.read_rows(path))
    assert len(rows) == 1000 // len(sealed({"text": "x" * 70}))
    assert store.repair(path) == 0


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    store.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        store.write_json(path, {"a": float("nan")})
    assert store.read_json(path) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_file_that_is_rewritten_changes_only_when_the_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    for value in (1, 2):
        with store.rewriting(path) as rows:
            rows.append({"n": value})
    with pytest.raises(ZeroDivisionError), store.rewriting(path) as rows:
        rows.append({"n": 1 // 0})
    assert list(store.read_rows(path)) == [{"n": 2}]


@given(JSON)
def test_a_digest_depends_on_content_alone(value: object) -> None:
    again = json.loads(json.dumps(value))
    if isinstance(again, dict):
        again = dict(reversed(again.items()))
    assert store.digest(again) == store.digest(value)


def test_a_sealed_line_in_which_any_bit_is_another_is_no_json_or_known_as_changed() -> None:
    line = sealed({"key": "t/i@plain#0", "text": "five"})
    assert not unsealed(line).changed
    for place, bit in product(range(len(line)), range(8)):
        flipped = line[:place] + bytes([line[place] ^ (1 << bit)]) + line[place + 1 :]
        try:
            json.loads(flipped)
        except ValueError:
            continue
        assert unsealed(flipped).changed, flipped


@given(st.dictionaries(st.text(max_size=5), JSON))
def test_canonical_json_is_ascii_without_spaces_and_blind_to_the_order_of_names(row: dict[str, object]) -> None:
    text = store.canonical(row)
    assert text.isascii()
    assert json.loads(text) == row
    assert store.canonical(dict(reversed(row.items()))) == text
    assert store.canonical({"a": [1, "b"]}) == '{"a":[1,"b"]}'


def test_a_link_is_not_followed_and_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(sealed({"key": "a"}))
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "rows.jsonl")
    with pytest.raises(DataError, match=r"link.jsonl: cannot be read: it is a link, and none is followed"):
        list(store.read_rows(tmp_path / "link.jsonl"))
    with pytest.raises(DataError, match=r"none.jsonl: cannot be read: No such file"):
        list(store.read_rows(tmp_path / "none.jsonl"))


def test_what_is_appended_to_a_torn_line_stays_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "aside.jsonl"
    for written, then in ((b"", b"a\n"), (b"b\n", b"b\na\n"), (b"b", b"b\na\n")):
        path.write_bytes(written)
        store.append_bytes(path, b"a\n")
        assert path.read_bytes() == then


def test_a_whole_record_is_kept_where_only_its_line_end_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with store.appending(path) as file:
        file.append({"key": "a"})
        file.append({"key": "b"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert store.repair(path) == 0
    assert path.read_bytes() == whole


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_could_not_be_written_again_is_not_read(tmp_path: Path, number: str) -> None:
    (tmp_path / "rows.jsonl").write_text(f'{{"key": "a", "value": {number}}}\n')
    with pytest.raises(DataError, match=r"rows\.jsonl:1: not JSON: found \S+, expected a finite number"):
        list(store.read_rows(tmp_path / "rows.jsonl"))


def test_a_pipe_in_the_place_of_a_file_is_waited_for_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    os.mkfifo(path)
    touches = (
        lambda: list(store.read_rows(path)),
        lambda: store.Records(path),
        lambda: store.read_json(path),
        lambda: store.repair(path),
        lambda: store.appending(path),
        lambda: store.append_bytes(path, b"row"),
    )
    for touch in touches:
        with pytest.raises(DataError, match=r"rows\.jsonl: cannot be (read|written): it is not a plain file"):
            touch()


@given(st.dictionaries(st.text(max_size=5).filter(lambda name: name != "crc32"), JSON, max_size=3))
def test_a_sealed_line_is_the_record_as_json_with_its_checksum(row: dict[str, object]) -> None:
    line = sealed(row)
    assert line.endswith(b"}\n")
    assert json.loads(line) == {**row, "crc32": f"{zlib.crc32(unsealed(line).body):08x}"}
    assert json.loads(unsealed(line).body) == row


@pytest.mark.parametrize(("origin", "other"), [(0, 1), (1, 0), (2**32 - 1, 7)])
def test_records_fit_the_run_that_their_checksums_begin_from_and_no_other(
    tmp_path: Path, origin: int, other: int
) -> None:
    path = tmp_path / "rows.jsonl"
    with store.rewriting(path, origin) as file:
        file.append(ABC[0])
    records = store.Records(path, file.mark, origin)
    with records.appending() as file:
        file.append(ABC[1])
    with store.appending(path, origin) as file:
        file.append(ABC[2])
    path.write_bytes(path.read_bytes()[:-1])
    assert store.repair(path, origin) == 0
    assert [records["a"], records["b"], *store.read_rows(path, origin=origin)] == [*ABC[:2], *ABC]
    assert len(store.Records(path, origin=other).faults) == len(ABC)
    with pytest.raises(DataError, match=r"rows\.jsonl:1: the record was changed .* or is another run's"):
        next(store.read_rows(path, origin=other))


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_file_is_for_all_whom_the_mask_of_the_process_lets_and_is_no_program(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store.write_text(tmp_path / "report.md", "words")
    finally:
        os.umask(before)
    assert (tmp_path / "report.md").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_sealed_text_is_written_as_it_is_read_and_what_no_json_has_is_not_sealed() -> None:
    assert '"é"'.encode() in sealed({"text": "é"})
    for text in ("e", "\ud800"):
        with pytest.raises(ValueError, match="not JSON compliant"):
            sealed({"text": text, "value": float("nan")})


ABC = tuple({"key": key} for key in "abc")


def written(path: Path, rows: tuple[dict[str, str], ...] = ABC) -> store.Mark:
    """The mark of a file that has these rows now."""
    with store.rewriting(path) as file:
        for row in rows:
            file.append(row)
    return file.mark


def test_a_mark_counts_the_records_and_is_the_digest_of_their_checksums(tmp_path: Path) -> None:
    """Runs that were written by one version are read by the next."""
    path = tmp_path / "rows.jsonl"
    checksums = (zlib.crc32(json.dumps(row).encode()).to_bytes(4, "big") for row in ABC)
    expected = store.Mark(3, hashlib.sha256(b"".join(checksums)).hexdigest())
    assert written(path) == expected
    assert store.Records(path).mark == expected
    assert len(list(store.read_rows(path, expected))) == 3


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (ABC[:2], "found 2 records, expected 3"),
        ((), "found 0 records, expected 3"),
        (ABC[:1], "found 1 record, expected 3"),
        (ABC[::-1], "its 3 records are not those that were written"),
    ],
)
def test_missing_and_exchanged_records_are_told_from_the_mark(
    tmp_path: Path, rows: tuple[dict[str, str], ...], told: str
) -> None:
    path = tmp_path / "rows.jsonl"
    mark = written(path)
    assert store.Records(path, mark).lost == ""
    written(path, rows)
    assert store.Records(path, mark).lost == told
    with pytest.raises(DataError, match=rf"rows\.jsonl: {told}"):
        list(store.read_rows(path, mark))


def test_nothing_is_lost_of_a_file_that_was_empty(tmp_path: Path) -> None:
    mark = written(tmp_path / "rows.jsonl", ())
    assert store.Records(tmp_path / "rows.jsonl", mark).lost == ""
    written(tmp_path / "rows.jsonl")
    assert store.Records(tmp_path / "rows.jsonl", mark).lost == ""


def test_records_that_came_after_the_mark_are_no_loss(tmp_path: Path) -> None:
    mark = written(tmp_path / "rows.jsonl", ABC[:2])
    written(tmp_path / "rows.jsonl")
    assert store.Records(tmp_path / "rows.jsonl", mark).lost == ""
    written(tmp_path / "rows.jsonl", (ABC[0], ABC[2], ABC[1]))
    assert store.Records(tmp_path / "rows.jsonl", mark).lost == "its 2 records are not those that were written"


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.dictionaries(st.text(max_size=9), st.text(max_size=30)))
def test_a_record_fits_the_run_that_it_was_written_for_and_no_other(own: int, other: int, row: dict[str, str]) -> None:
    line = sealed(row, own)
    assert unsealed(line, own).changed is False
    assert unsealed(line, other).changed is (own != other)


def test_records_are_found_by_key_and_those_that_are_doubled_or_changed_are_not(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    doubled, changed = sealed({"key": "a", "n": 2}), sealed({"key": "c"}).replace(b"c", b"d", 1)
    odd = sealed({"key": 5})
    path.write_bytes(sealed({"key": "a", "n": 1}) + b"\n" + doubled + odd + sealed({"key": 'b"'}) + changed)
    records = store.Records(path)
    assert {key: dict(row) for key, row in records.items()} == {"a": {"key": "a", "n": 1}, 'b"': {"key": 'b"'}}
    assert [(fault.number, fault.text) for fault in records.faults] == [(3, doubled), (4, odd), (6, changed)]
    assert [fault.reason.partition(":")[0] for fault in records.faults] == [
        "an earlier record has the same key",
        "the record has the key 5, expected a string",
        "the record was changed since it was written, or is another run's",
    ]


def test_a_record_that_the_disk_no_longer_gives_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(io.FileIO):
        def readinto(self, buffer: object) -> int:
            raise OSError(errno.EIO, "Input/output error")

    path = tmp_path / "rows.jsonl"
    path.write_bytes(sealed({"key": "a"}))
    records = store.Records(path)
    monkeypatch.setattr(records, "_file", io.BufferedReader(Broken(path)))
    with pytest.raises(DataError, match=r"rows\.jsonl: a: cannot be read: Input/output error"):
        records["a"]


def test_records_know_what_they_append_and_see_what_others_do(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    records = store.Records(path)
    stale = [records.stale]
    with records.appending() as file:
        for row in ABC:
            file.append(row)
        assert [records[key] for key in records] == list(ABC)
    stale.append(records.stale)
    assert records.line("b") == sealed({"key": "b"})
    assert records.mark == store.Records(path).mark == file.mark
    with store.appending(path) as file:
        file.append({"key": "d"})
    stale.append(records.stale)
    assert "d" not in records
    path.unlink()
    assert [*stale, records.stale] == [False, False, True, True]


def test_a_file_is_on_the_medium_before_it_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: done.append("sync") or sync(number))  # type: ignore[func-returns-value]
    monkeypatch.setattr(Path, "replace", lambda one, other: done.append("move") or replace(one, other))  # type: ignore[func-returns-value]
    store.write_text(tmp_path / "report.md", "words")
    assert done == ["sync", "move"]
    written(tmp_path / "rows.jsonl")
    assert done == ["sync", "move"] * 2
    store.append_bytes(tmp_path / "rows.jsonl", b"torn")
    assert store.repair(tmp_path / "rows.jsonl") == 4
    assert done == ["sync", "move"] * 2 + ["sync"] * 2


def test_rows_are_synced_when_a_second_has_passed_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s, synced = [1000.0], []
    monkeypatch.setattr(disk, "now_s", lambda: now_s[0])
    monkeypatch.setattr(disk, "sync", lambda number: synced.append(now_s[0]))
    with store.appending(tmp_path / "rows.jsonl") as file:
        for at_s in (1000.5, 1001.25, 1002.0, 1002.5):
            now_s[0] = at_s
            file.append({"at_s": at_s})
    assert synced == [1001.25, 1002.5, 1002.5]


def test_only_a_folder_that_holds_something_is_taken(tmp_path: Path) -> None:
    store.refuse_taken(tmp_path / "none", "choose another")
    store.refuse_taken(tmp_path, "choose another")
    store.write_text(tmp_path / "file", "")
    with pytest.raises(UsageError, match="not empty; choose another"):
        store.refuse_taken(tmp_path, "choose another")
    with pytest.raises(UsageError, match="cannot be used: Not a directory; choose another folder"):
        store.refuse_taken(tmp_path / "file", "choose another")


def test_folders_are_made_with_those_above_and_removed_with_all_that_is_in_them(tmp_path: Path) -> None:
    for _ in range(2):
        store.make_folder(tmp_path / "a" / "b")
    store.write_text(tmp_path / "a" / "b" / "file", "")
    with pytest.raises(DataError, match="cannot be made: "):
        store.make_folder(tmp_path / "a" / "b" / "file" / "c")
    store.remove_folder(tmp_path / "a")
    store.remove_folder(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_what_a_killed_process_left_beside_a_file_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "report.md.part").write_text("half")
    store.write_text(tmp_path / "report.md", "words")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_nothing_is_left_beside_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "report.md").mkdir()
    with pytest.raises(DataError, match=r"report\.md: cannot be written: Is a directory; mend that"):
        store.write_text(tmp_path / "report.md", "words")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_a_record_that_is_changed_after_the_file_was_looked_through_is_not_given(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    written(path)
    records = store.Records(path)
    with path.open("r+b") as file:
        file.write(b'{"key": "z"')
    with pytest.raises(DataError, match=r"rows\.jsonl: a: the record was changed since it was written"):
        records["a"]
    assert records["b"] == {"key": "b"}


def test_what_a_full_disk_took_of_lines_that_are_appended_is_cut_off_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "aside.jsonl"
    store.append_bytes(path, b"a\n")
    room = iter((3, 0))

    def write(descriptor: int, data: memoryview) -> int:
        taken = next(room)
        if not taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        return os.write(descriptor, data[:taken])

    monkeypatch.setattr(disk, "write", write)
    with pytest.raises(DataError, match=r"aside\.jsonl: cannot be written: No space left"):
        store.append_bytes(path, b"long line\n")
    assert path.read_bytes() == b"a\n"
