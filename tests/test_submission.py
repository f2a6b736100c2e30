"""Laws of reading what strangers hand in."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathif import submission
from mathif.errors import BoardError

SAFE = st.text(st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | SAFE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SAFE, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(SAFE, VALUES, max_size=3))
def test_an_honest_entry_is_read_as_python_reads_it(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("entry") / "e.json"
    path.write_text(json.dumps(row, indent=1), encoding="utf-8")
    assert submission.read_entry(path) == row


HOSTILE = {
    "not an object": (b"[1]", "expected a JSON object"),
    "empty": (b"", "nothing stands in it"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "deep for whoever walks through it": (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", "nested too deeply"),
    "deep objects": (b'{"a":' * 100_000, "nested too deeply"),
    "many keys, one doubled": (
        ("{" + "".join(f'"{n}": 1,' for n in range(250_000)) + '"0": 1}').encode(),
        "key '0' occurs twice",
    ),
    "a long name over many values": (
        b'{"' + b"x" * 2_000_000 + b'": [' + b'"a",' * 400_000 + b'"\\u202e"]}',
        "control characters",
    ),
    "escape sequence in a name above": (b'{"\\u001b[31m": {"a": "\\ud800"}}', r"/\?\[31m/a: a lone surrogate"),
    "nan": (b'{"a": NaN}', "expected a finite number"),
    "infinity": (b'{"a": -Infinity}', "expected a finite number"),
    "overflow": (b'{"a": 1e999}', "expected a finite number"),
    "huge integer": (b'{"a": ' + b"9" * 5000 + b"}", "5000 digits"),
    "doubled key": (b'{"a": 1, "a": 2}', "'a' occurs twice"),
    "doubled key below": (b'{"x": [{"a": 1, "a": 1}]}', "'a' occurs twice"),
    "surrogate": (b'{"a": "\\ud800"}', "/a: a lone surrogate"),
    "not utf-8": (b'{"a": "\xff"}', "no text in UTF-8, from byte 7 on"),
    "newline": (b'{"name": "x\\ny"}', "/name: control characters"),
    "escape sequence": (b'{"a": {"b": ["\\u001b[31m"]}}', "/a/b/0: control characters"),
    "right-to-left override": ('{"a": "\u202egro"}'.encode(), "/a: control characters"),
    "isolate": ('{"a": "\u2066x"}'.encode(), "direction marks"),
    "control character in a key": (b'{"a\\u0007": 1}', "control characters"),
    "nul": (b'{"a": "\\u0000"}', "control characters"),
    "too large": (b'{"a": "' + b"x" * submission.ENTRY_BYTES + b'"}', "larger than"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_is_refused_with_a_pointer(tmp_path: Path, name: str) -> None:
    data, message = HOSTILE[name]
    path = tmp_path / "e.json"
    path.write_bytes(data)
    with pytest.raises(BoardError, match=message):
        submission.read_entry(path)


def test_a_refusal_is_short_and_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    for number, (data, _) in enumerate(HOSTILE.values()):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        with pytest.raises(BoardError) as refused:
            submission.read_entry(path)
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 500


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("{}")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    with pytest.raises(BoardError, match="not a link"):
        submission.read_entry(tmp_path / "link.json")
    with pytest.raises(BoardError, match="not a link"):
        list(submission.read_replies(tmp_path / "link.json"))


def test_replies_are_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl.gz"
    rows = [{"key": str(n), "text": "line\nbreaks \u202e are the model's own"} for n in range(5)]
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    assert list(submission.read_replies(path)) == rows


@pytest.mark.parametrize("damage", ["torn", "not gzip", "flipped"])
def test_a_damaged_replies_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "r.jsonl.gz"
    data = bytearray(gzip.compress(b'{"key": "a", "text": "' + os.urandom(3000).hex().encode() + b'"}\n'))
    if damage == "torn":
        data = data[:-20]
    elif damage == "flipped":
        data[len(data) // 2] ^= 4
    path.write_bytes(b"plain" if damage == "not gzip" else bytes(data))
    with pytest.raises(BoardError, match=r"not a whole gzip file|not strict JSON"):
        list(submission.read_replies(path))


def test_a_gzip_bomb_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b" " * 30_000_000))
    with pytest.raises(BoardError, match="too large"):
        list(submission.read_replies(path))
    path.write_bytes(gzip.compress(b"{}\n" * 30))
    monkeypatch.setattr(submission, "ROWS", 20)
    read = submission.read_replies(path)
    with pytest.raises(BoardError, match=":21: too large"):
        list(read)
