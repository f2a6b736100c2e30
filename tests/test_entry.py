"""Laws of entries: complete, closed, made the same way every time, and silent about the machine they come from."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathif import entry as entries
from mathif import store, tasks
from mathif.entry import Claims, claims_of, read_entry, schema, submit
from mathif.entry.claims import About, refuse_paths
from mathif.entry.making import where_read
from mathif.entry.model import Model, ReplyRow, fitted, rounded
from mathif.entry.names import readable
from mathif.errors import BoardError, DataError
from mathif.reasoning import split
from mathif.records import Finish, Generation, Key, Rendered, Sampling, Span
from mathif.report import summarize
from mathif.results import ProfileReport
from mathif.run import Run
from mathif.run.pipeline import Heard
from mathif.schemas import from_json
from tests.plain import stored
from tests.probed import graded_run, probed
from tests.submitting import CLAIMS, finished, leaves, read, read_replies, recorded, reported, thinking_run, write
from tests.tiny import only_bundled, rewrite
from tests.worlds import World

COMMITTED = Path(entries.__file__).parents[2] / "leaderboard" / "schema.json"
SHOWN = (
    "plain",
    "constrained",
    "shuffled",
    "scrambled",
    "thinking",
    "both",
    "repeat:2",
    "conflict",
)


@pytest.fixture(scope="module", autouse=True)
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny task as the only bundled one."""
    with only_bundled(tmp_path_factory.mktemp("tasks")) as folder:
        yield folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return thinking_run(tmp_path_factory.mktemp("runs") / "run", arms=SHOWN)


def test_every_field_that_a_reply_is_recorded_with_may_be_handed_in() -> None:
    full = Generation(
        "t/i@a#0",
        "a</think>b",
        Finish.STOP,
        opened=True,
        tags=("<a>", "</a>"),
        rendered=Rendered.of("assistant"),
        forced=(Span(1, 9),),
        summarized=True,
    )
    assert full.to_json().keys() == ReplyRow.model_fields.keys()
    assert Generation.from_json(fitted(ReplyRow, full.to_json(), "here").model_dump(mode="json")) == full


@pytest.mark.parametrize(
    "text", ["Mistral AI", "智谱", "Đặng Thị", "हिंदी मॉडल", "Модель GPT", "α-model", "1 x H200", "eve+1 👍"]
)
def test_a_name_in_any_one_script_is_taken(text: str) -> None:
    assert readable(text) == text
    fitted(About, {"model": {"organisation": text}}, "here")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Qwen\u200b", "characters that are seen"),
        ("Qw\u00aden", "characters that are seen"),
        ("Qwen\U000e0041", "characters that are seen"),
        ("Qwen\u2800", "characters that are seen"),
        ("Qwen\ufe0f", "characters that are seen"),
        ("Qwen\ue000", "characters that are seen"),
        ("Qwen\ufdd0", "characters that are seen"),
        ("\uff31wen", "plain characters"),
        ("Qwen\u00a03", "plain characters"),
        ("Qwen\u3164", "plain characters|are seen"),
        ("Qwen ", "single blanks"),
        (" Qwen", "single blanks"),
        ("Qwen  3", "single blanks"),
        ("Qx\u0301\u0301\u0301\u0301", "three combining marks"),
        ("Qw\u0435n", "one script"),
        ("\u0391lpha", "one script"),
    ],
)
def test_a_name_that_looks_like_another_is_refused(text: str, why: str) -> None:
    with pytest.raises(BoardError, match=f"here: /model/organisation: .*({why})"):
        fitted(About, {"model": {"organisation": text}}, "here")
    with pytest.raises(BoardError, match="here: /id: "):
        fitted(Model, {"id": text}, "here")


def test_the_published_schema_is_the_one_that_entries_are_held_to() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == schema()


def test_an_entry_holds_every_figure_of_the_report(run: Run, tmp_path: Path) -> None:
    path, _ = submit(run, CLAIMS, tmp_path)
    row, report = read(path), read(run.folder / "report.json")
    said = [block.pop("findings") for block in report["profiles"].values()]
    assert all(said)
    assert row["profiles"] == rounded(report["profiles"])
    assert len(leaves(row["profiles"])) > 1000
    assert row["graders"] == report["graders"]
    assert set(row["profiles"]["mathif"]["arms"]) == set(SHOWN)


def test_an_entry_is_read_back_as_it_was_written(run: Run, tmp_path: Path) -> None:
    path, _ = submit(run, CLAIMS, tmp_path)
    assert entries.dumped(read_entry(path)) == read(path)
    assert path.stem.startswith("org-model-1b-tiny-")


def test_the_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    made = [submit(run, CLAIMS, tmp_path / name) for name in "ab"]
    for one, other in zip(*made, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_replies_are_handed_in_whole_and_sorted(run: Run, tmp_path: Path) -> None:
    _, path = submit(run, CLAIMS, tmp_path)
    rows = read_replies(path)
    assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)
    assert {row["key"]: row for row in rows} == {reply.key: reply.to_json() for reply in run.replies.values()}
    assert path.read_bytes()[4:8] == bytes(4), "the gzip header holds a time"


def test_large_replies_stay_where_they_are_and_are_known_by_size_and_digest(run: Run, tmp_path: Path) -> None:
    claims = Claims(CLAIMS.model, url="https://example.org/replies.jsonl.gz")
    path, replies = submit(run, claims, tmp_path)
    assert replies.parent == run.folder
    assert not (tmp_path / "responses").exists()
    found = read(path)["replies"]
    assert found["bytes"] == replies.stat().st_size
    assert found["sha256"] == store.file_digest(replies)


def test_tokens_and_the_place_of_the_thinking_are_counted(run: Run, tmp_path: Path) -> None:
    row = read(submit(run, CLAIMS, tmp_path)[0])
    replies = list(run.replies.values())
    read_at = row["inference"]["reasoning"]
    assert min(read_at["server"], read_at["tags"], read_at["none"]) > 0
    assert read_at["server"] + read_at["tags"] + read_at["none"] == len(replies) == row["replies"]["count"]
    for kind in ("prompt", "completion", "reasoning"):
        counts = [getattr(reply, f"{kind}_tokens") for reply in replies]
        assert sum(arm[kind]["total"] for arm in row["tokens"].values()) == sum(counts)
        assert sum(arm[kind]["known"] for arm in row["tokens"].values()) == len(counts)


READ = [
    ("no thinking", Generation("", "It is 5.", Finish.STOP), "none"),
    ("tags", Generation("", "<think>2 and 3</think>5", Finish.STOP), "tags"),
    ("open tag", Generation("", "<think>2 and 3", Finish.LENGTH), "tags"),
    ("server", Generation("", "5", Finish.STOP, reasoning="2 and 3"), "server"),
    ("server that keeps it", Generation("", "5", Finish.STOP, reasoning_tokens=4), "server"),
]


@pytest.mark.parametrize(("reply", "place"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_where_the_thinking_was_read_is_told_apart(reply: Generation, place: str) -> None:
    assert where_read(Heard(reply, split(reply))) == place


ABOUT = """
hardware = "1 x H200"
reasoning = "thinking"
[model]
id = "org/model-1b"
revision = "main"
organisation = "Org"
parameters_b = 1
open = true
precision = "bfloat16"
licence = "Apache-2.0"
link = "https://huggingface.co/org/model-1b"
"""


def test_what_a_submitter_says_of_the_model_is_kept(run: Run, tmp_path: Path) -> None:
    about = tmp_path / "about.toml"
    about.write_text(ABOUT)
    row = read(submit(run, claims_of(run, about, "me", "author", None), tmp_path)[0])
    assert row["model"] == {
        "id": "org/model-1b",
        "revision": "main",
        "organisation": "Org",
        "parameters_b": 1.0,
        "open": True,
        "precision": "bfloat16",
        "licence": "Apache-2.0",
        "link": "https://huggingface.co/org/model-1b",
    }
    assert (row["submitter"], row["relation"]) == ("me", "author")
    assert (row["inference"]["hardware"], row["inference"]["reasoning"]["mode"]) == ("1 x H200", "thinking")


def test_without_a_file_the_model_is_what_the_run_calls_it(run: Run) -> None:
    assert claims_of(run, None, "me", "author", None).model == Model(id="org/model-1b")


WRONG_ABOUT = {
    "not TOML": ("id = ", "cannot be read as TOML"),
    "unknown field": ('[model]\nsize = "7B"', r"/model/size: extra inputs are not permitted"),
    "wrong type": ('[model]\nparameters_b = "7B"', r'/model/parameters_b: .*number, found "7B"'),
    "no size": ("[model]\nparameters_b = 0", r"/model/parameters_b: .*greater than 0, found 0"),
    "not a link": ('[model]\nlink = "javascript:alert(1)"', r"/model/link: .*found \"javascript"),
    "not a truth value": ('[model]\nopen = "yes"', r'/model/open: .*boolean, found "yes"'),
    "empty": ('[model]\nid = ""', r"/model/id: .*at least 1 character"),
    "a table instead of a text": ("[hardware]\ngpu = 1", r"/hardware: .*string"),
}


@pytest.mark.parametrize("name", WRONG_ABOUT)
def test_a_wrong_word_on_the_model_is_one_sentence_with_its_place(run: Run, tmp_path: Path, name: str) -> None:
    content, message = WRONG_ABOUT[name]
    path = tmp_path / "about.toml"
    path.write_text(content)
    with pytest.raises(BoardError, match=message):
        claims_of(run, path, "me", "author", None)


WORLDS = st.builds(
    World,
    problems=st.integers(1, 12),
    samples=st.integers(1, 3),
    difficulty=st.floats(-2, 2),
    length=st.floats(-3, 3),
    limit=st.sampled_from([1, 900, 1 << 20]),
    spread=st.sampled_from([0.0, 0.8, 4.0]),
    base=st.sampled_from([-50.0, -1.0, 0.0, 2.0, 50.0]),
)


@settings(max_examples=30)
@given(WORLDS, st.sampled_from([("constrained",), ("plain", "constrained"), ("plain", "constrained", "self")]))
def test_whatever_a_report_says_fits_the_schema(world: World, arms: tuple[str, ...]) -> None:
    report = stored(summarize(world.rows(1, arms, rungs=(1, 2))))
    for block in report["profiles"].values():
        short = {name: rounded(part) for name, part in block.items()}
        assert stored(from_json(ProfileReport, short, "report")) == short


# What an entry must never tell

PATHS = [
    "/home/me/models/x",
    "~/models",
    "./model",
    "../x/y",
    r"C:\Users\me",
    r"\\server\share",
    "file:///data/x",
    "model=/mnt/x/y",
]
NAMES = [
    "Qwen/Qwen3-4B",
    "file:replies.jsonl",
    "mock:null",
    "https://huggingface.co/Qwen/Qwen3-4B",
    "the server's usage; its /tokenize",
    "and/or",
    "1/2/3",
    "v1.0/main",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_refused_wherever_it_stands(path: str) -> None:
    with pytest.raises(BoardError, match="/a/b~1c/0: holds a path"):
        refuse_paths({"a": {"b/c": [path]}}, "e")
    with pytest.raises(BoardError, match="/: holds a path"):
        refuse_paths({path: 1}, "e")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_path(name: str) -> None:
    refuse_paths({"a": name}, "e")


def told(tmp_path: Path, text: str) -> Run:
    engine = {"engine": "test", "version": "1", "model": "org/m", "engine_args": {"note": text}}
    return thinking_run(tmp_path / "run", engine)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"ran on {socket.gethostname()}", "this machine's name"),
        ("/mnt/models/x", "a path of a machine"),
        ("sk-abcdefghijklmnop0123", "what looks like a key"),
        ("hf_abcdefghijklmnop0123", "what looks like a key"),
        ("prefix-swordfish-77", "the value of the environment variable OPENAI_API_KEY"),
        ("\u202egnihton", "control characters or direction marks"),
    ],
)
def test_what_would_give_the_machine_away_is_refused_with_its_place_but_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, what: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "swordfish-77")
    with pytest.raises(BoardError, match=f"/inference/engine/engine_args/note: .*{what}") as refused:
        submit(told(tmp_path, text), CLAIMS, tmp_path / "board")
    assert text not in str(refused.value)
    assert not (tmp_path / "board" / "entries").exists()


def test_an_entry_holds_no_path_host_name_environment_or_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "swordfish-77")
    run = finished(tmp_path / "first")
    path = tmp_path / "secret folder" / "replies.jsonl"
    path.parent.mkdir()
    keys = [(Key.parse(reply.key), reply.text) for reply in run.replies.values()]
    rows = [{"item": key.item, "arm": key.arm, "sample": key.sample, "response": text} for key, text in keys]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    again = finished(tmp_path / "second", model=f"file:{path}", tasks=(str(tasks.FOLDER / "tiny"),))
    made, _ = submit(again, claims_of(again, None, "me", "author", None), tmp_path / "board")
    text = made.read_text()
    assert read(made)["model"]["id"] == "file:replies.jsonl"
    private = [str(tmp_path), "secret folder", socket.gethostname(), str(Path.cwd()), "swordfish-77"]
    assert [word for word in private if word in text] == []


# Runs that are not ready


def test_a_run_without_a_report_is_not_submitted(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    (run.folder / "report.json").unlink()
    with pytest.raises(BoardError, match=r"there is no report; .*--resume"):
        submit(run, CLAIMS, tmp_path)


def test_a_probe_is_not_submitted(tmp_path: Path) -> None:
    run = probed(graded_run(tmp_path / "run"))
    with pytest.raises(BoardError, match="is a probe"):
        submit(run, CLAIMS, tmp_path)


def test_an_unfinished_run_is_not_submitted(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    rewrite(run.folder / "generations.jsonl", lambda rows: rows[1:])
    with pytest.raises(BoardError, match=r"[1-9] replies are missing; .*--resume"):
        submit(reported(Run(run.folder)), CLAIMS, tmp_path)


def test_a_run_graded_by_other_graders_is_not_submitted(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    path = run.folder / "report.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    for graders in ({**made["graders"], "answer": "0" * 64}, {}):
        store.write_json(path, {**made, "graders": graders})
        with pytest.raises(BoardError, match=r"other editions of (answer|the rules)"):
            submit(run, CLAIMS, tmp_path)


def test_figures_of_another_report_are_not_submitted(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    path = run.folder / "report.json"
    path.write_text(re.sub(r'"value": 0\.\d+', '"value": 0.99', path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DataError, match=r"report\.json: was changed since it was written"):
        submit(Run(run.folder), CLAIMS, tmp_path / "board")
    assert not (tmp_path / "board").exists()


def test_samples_that_are_copies_are_not_submitted(tmp_path: Path) -> None:
    run = finished(tmp_path / "run", samples=2)
    with pytest.raises(BoardError, match=r"#0 and .*#1 are the same reply.* samples at temperature 1.0 differ"):
        submit(run, CLAIMS, tmp_path)
    greedy = finished(tmp_path / "greedy", samples=2, sampling=Sampling(temperature=0))
    assert submit(greedy, CLAIMS, tmp_path)[0].exists()


@pytest.mark.parametrize("added", ["", " ", "...\u200b"])
@pytest.mark.parametrize(("words", "temperature", "refused"), [(400, 1.0, True), (4, 1.0, False), (400, 0.1, False)])
def test_one_copy_is_refused_where_chance_cannot_make_it(
    tmp_path: Path, words: int, temperature: float, refused: bool, added: str
) -> None:
    run = thinking_run(tmp_path / "run", {"engine": "test", "version": "1", "model": "m"})
    replies = list(run.replies.values())
    first = next(reply for reply in replies if reply.key.endswith("#0"))
    long = f"<think>{'well ' * words}</think>5"
    pair = {f"{first.key[:-1]}{sample}" for sample in (0, 1)}
    said = [
        Generation(reply.key, long + added * (reply.key == first.key), Finish.STOP, None, 1, 1, 1)
        if reply.key in pair
        else reply
        for reply in replies
    ]
    plan = replace(run.plan, sampling=Sampling(temperature=temperature, seed=7))
    again = reported(recorded(plan, run.head["engine"], said, tmp_path / "again"))
    if refused:
        with pytest.raises(BoardError, match="are the same reply"):
            submit(again, CLAIMS, tmp_path)
    else:
        assert submit(again, CLAIMS, tmp_path)[0].exists()


def test_an_engine_that_talks_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BoardError, match=r"/inference: .*description is longer than 20000 characters"):
        submit(told(tmp_path, "x" * 20_000), CLAIMS, tmp_path)


def test_settings_that_the_engine_did_not_work_with_are_refused(tmp_path: Path) -> None:
    run = thinking_run(tmp_path / "run", {"engine": "e", "version": "1", "model": "m", "temperature": 0.6})
    with pytest.raises(BoardError, match=r"/inference/sampling/temperature: found 1.0, but the engine worked with 0.6"):
        submit(run, CLAIMS, tmp_path)


def test_a_limit_that_was_left_to_the_engine_is_what_the_engine_says(tmp_path: Path) -> None:
    run = thinking_run(tmp_path / "run", {"engine": "e", "version": "1", "model": "m", "max_tokens": 768})
    inference = read(submit(run, CLAIMS, tmp_path)[0])["inference"]
    assert (inference["sampling"]["max_tokens"], inference["engine"]["max_tokens"]) == (None, 768)


# Reading


@pytest.fixture(scope="module")
def made(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return submit(run, CLAIMS, tmp_path_factory.mktemp("board"))[0]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "other version": ({"schema_version": 2}, "/schema_version: found 2, expected 1"),
    "no version": ({"schema_version": None}, "/schema_version: found null"),
    "version as a truth value": ({"schema_version": True}, "/schema_version: found true"),
    "name with a path": ({"name": "../../x"}, "/name: "),
    "name of another file": ({"name": "other"}, "/name: found 'other', expected the name of the file"),
    "text for a number": ({"prompts": 5}, "/prompts: "),
    "markup is no path": ({"submitter": "/etc/passwd"}, "/submitter: holds a path"),
    "many methods": ({"methods": {str(number): "x" for number in range(21)}}, "/methods: .*at most 20 items"),
    "other attestation": ({"attestation": "I made it up."}, "/attestation: "),
    "one profile only": ({"profiles": {}}, "/profiles: "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_entry_that_does_not_fit_is_refused_with_its_place(made: Path, tmp_path: Path, name: str) -> None:
    change, message = REFUSED[name]
    path = tmp_path / made.name
    write(path, {**read(made), **change})
    with pytest.raises(BoardError, match=f"^{path}: {message}"):
        read_entry(path)


@pytest.mark.parametrize("name", ["a\n::error::b", "\x1b[31mred", "\u202egro", "UPPER", "a b", "", "-", "x" * 101])
def test_a_file_name_that_could_act_on_a_reader_is_refused_and_shown_inert(tmp_path: Path, name: str) -> None:
    with pytest.raises(BoardError, match="an entry's file is named as its entry") as refused:
        read_entry(tmp_path / f"{name}.json")
    assert str(refused.value).isprintable()


def test_an_entry_changed_after_it_was_made_is_refused(made: Path, tmp_path: Path) -> None:
    path = tmp_path / made.name
    write(path, {**read(made), "submitter": "another"}, sealed=False)
    with pytest.raises(BoardError, match="/digest: is not that of the entry"):
        read_entry(path)


def test_names_with_markup_are_text_like_any_other(run: Run, tmp_path: Path) -> None:
    name = '<script>alert(1)</script> & "quotes"'
    path, _ = submit(run, Claims(CLAIMS.model, name), tmp_path)
    assert read_entry(path).submitter == name


@given(st.floats(-1e6, 1e6))
def test_rounding_takes_the_last_digits_away_and_nothing_more(value: float) -> None:
    short = rounded(value)
    assert isinstance(short, float)
    assert rounded(short) == short
    assert abs(short - value) <= 5.1e-8 * abs(value) or abs(value) < 1e-300
