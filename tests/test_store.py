"""Laws of the record files."""

import json
import os
import resource
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif import store
from mathif.errors import DataError, UsageError
from mathif.store.seals import unsealed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=3), max_size=5)


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
    assert len(rows) == 1000 // len(store.sealed({"text": "x" * 70}))
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
    line = store.sealed({"key": "t/i@plain#0", "text": "five"})
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
    (tmp_path / "rows.jsonl").write_bytes(store.sealed({"key": "a"}))
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
