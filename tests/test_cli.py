"""The command line as a user meets it: sentences, tables, exit codes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from mathif import tasks
from mathif.cli import cli
from mathif.harnesses.lm_eval.documents import LISTED
from tests.tiny import rewrite_head, write_task

pytestmark = pytest.mark.usefixtures("without_pictures")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the tiny task in it."""
    monkeypatch.chdir(tmp_path)
    write_task(tmp_path / "tiny")
    return tmp_path


def call(*args: str) -> Result:
    return CliRunner().invoke(cli, args, prog_name="mathif")


def test_eval_prints_a_table_and_leaves_a_whole_run(here: Path) -> None:
    done = call("eval", "--model", "mock:witness", "--task", "tiny")
    assert done.exit_code == 0, done.output
    assert "HAcc" in done.stdout
    folder = here / "runs" / "mock-witness-tiny"
    files = {"run.json", "generations.jsonl", "verdicts.jsonl", "report.json", "report.md"}
    assert files <= {path.name for path in folder.iterdir()}
    report = json.loads((folder / "report.json").read_text())
    for profile in ("mathif", "upstream"):
        overall = report["profiles"][profile]["arms"]["constrained"]["overall"]
        for metric in ("hacc", "sacc", "acc", "joint"):
            assert overall[metric]["value"] == 1.0
            assert {"value", "n", "low", "high"} <= overall[metric].keys()


def test_replies_of_any_text_end_in_a_report(here: Path) -> None:
    hostile = ["\ud800", "\x00", "</script><b>", "\u202e", "<think>", "\\boxed{"]
    keys = ["sum", "sum.single", "sum.double", "half", "half.single", "half.double"]
    rows = [
        {"item": key, "response": text, "arm": "constrained" if "." in key else "plain"}
        for key, text in zip(keys, hostile, strict=True)
    ]
    (here / "replies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = call("eval", "--model", "file:replies.jsonl", "--task", "tiny", "--out", "run")
    assert done.exit_code == 0, done.output
    assert "next: " not in done.stderr  # nobody can be asked again
    assert json.loads((here / "run" / "report.json").read_text())["complete"]


def test_a_second_run_gets_a_folder_of_its_own(here: Path) -> None:
    for _ in range(2):
        assert call("eval", "--model", "mock:null", "--task", "tiny").exit_code == 0
    assert {path.name for path in (here / "runs").iterdir()} == {"mock-null-tiny", "mock-null-tiny-2"}


def test_the_stages_done_one_by_one_give_the_same_report(here: Path) -> None:
    assert call("eval", "--model", "mock:null", "--task", "tiny", "--out", "whole").exit_code == 0
    assert call("generate", "--model", "mock:null", "--task", "tiny", "--out", "parts").exit_code == 0
    assert call("grade", "parts").exit_code == 0
    assert call("report", "parts").exit_code == 0
    assert (here / "parts" / "report.json").read_text() == (here / "whole" / "report.json").read_text()
    assert (here / "parts" / "verdicts.jsonl").read_text() == (here / "whole" / "verdicts.jsonl").read_text()


def test_a_finished_run_resumed_says_so_and_is_no_failure(here: Path) -> None:
    call("eval", "--model", "mock:null", "--task", "tiny", "--out", "run")
    done = call("eval", "--resume", "run")
    assert done.exit_code == 0
    assert "every reply is there already" in done.stderr


REFUSED = [
    (["evil"], 2, r"No such command 'evil'"),
    (["eval", "--model", "mock:witnes"], 2, r"unknown mock 'witnes'; did you mean 'witness'\?"),
    (["eval", "--task", "coer"], 2, r"no task 'coer'; did you mean 'core'\?"),
    (["eval", "--task", "mine"], 2, r"no task 'mine'; .*folder of a task can be given too; `mathif tasks make`"),
    (["eval", "--task", "tiny", "--arms", "plane"], 2, r"unknown arm 'plane'; did you mean 'plain'\?"),
    (["eval", "--task", "tiny,core", "--data", "x"], 2, r"--data x: nothing of it would be read by --task tiny,core"),
    (["eval", "--dry-run", "--data", "x"], 2, r"--data x: nothing of it would be read"),
    (["prompts", "tiny", "--data", "x"], 2, r"--data x: nothing of it would be read"),
    (["validate", "tiny", "--data", "x"], 2, r"--data x: nothing of it would be read"),
    (["tasks", "show", "tiny", "--data", "x"], 2, r"--data x: nothing of it would be read"),
    (["eval", "--task", "tiny", "--system-prompt", "tiny"], 2, r"--system-prompt tiny: found a folder"),
    (
        ["eval", "--task", "tiny", "--system-prompt", "prompts/sober.txt"],
        2,
        r"sober.txt: there is no such file",
    ),
    (["eval", "--dry-run", "--arms", "constrained", "--limit", "1"], 2, r"there is nothing to ask"),
    (["prompts", "core", "--arms", "constrained", "--limit", "1"], 2, r"there is nothing to ask"),
    (["view", "tiny"], 2, r"tiny: found no run in it; name a folder that holds runs"),
    (["board", "--board", "tiny"], 5, r"tiny: found other things, and none of entries,"),
    (["eval", "--task", "tiny", "--limit", "0"], 2, r"0 is not in the range"),
    (["eval", "--task", "tiny", "--temperature", "-1"], 2, r"-1(\.0)? is not in the range"),
    (["eval", "--task", "tiny", "--temperature", "hot"], 2, r"'hot' is not a valid number"),
    (["eval", "--config", "none.toml"], 2, r"--config none\.toml: cannot be read: No such file or directory"),
    (["eval", "--model", "http://localhost:8000/v1"], 2, r"is an address; give it as --base-url"),
    (["compare", "run"], 2, r"found 1 run, expected at least two"),
    (["eval", "--task", "tiny", "--engine-arg", "seed"], 2, r"--engine-arg: found 'seed', expected NAME=VALUE"),
    (["eval", "--task", "tiny", "--model", "nowhere.gguf"], 2, r"nowhere\.gguf"),
    (["eval", "--task", "tiny", "--model", "file:none.jsonl"], 2, r"none\.jsonl"),
    (["eval", "--resume", "nowhere"], 3, r"nowhere: there is no run here .no run.json.; expected the folder of a run"),
    (["eval", "--resume", "run", "--seed", "1"], 2, r"--resume keeps the settings of the run; leave out --seed"),
    (["grade", "nowhere"], 3, r"nowhere: there is no run here .no run.json.; expected the folder of a run"),
    (["constraints", "keywords:existance"], 2, r"did you mean 'keywords:existence'\?"),
    (["tasks", "show", "coer"], 2, r"did you mean 'core'\?"),
    (["report", "nowhere"], 3, r"nowhere: there is no run here"),
    (["probe", "tiny"], 3, r"tiny: there is no run here"),
    (["submit", "nowhere"], 3, r"nowhere: there is no run here .no run.json.; expected the folder of a run"),
    (["board"], 5, r"leaderboard: no such folder"),
    (["board", "--check"], 5, r"leaderboard: no such folder"),
    (["board", "--check", "--regrade"], 2, r"--check writes nothing, and --regrade does; leave out one of the two"),
    (["constraints", "keywords:existence", "--markdown"], 2, r"--markdown: .* every kind; leave it out, or keywords:"),
    (["prompts", "tiny", "--temperature", "0.5"], 2, r"--temperature: only a batch .* with --batch-model"),
    (["report", "run", "--json", "--tables", "all"], 2, r"--tables: is printed as text, and --json"),
    (["report", "run", "--json", "--recut", "9"], 2, r"--recut: is printed as text, and --json"),
    (
        ["eval", "--resume", "run", "--config", "set.toml"],
        2,
        r"--resume keeps the settings .* leave out --config",
    ),
    (["tasks", "make", "families:bead-pattern", "--answer", "gold"], 2, r"--answer gold: .* no columns; leave it out"),
    (["tasks", "make", "families:bead-pattern", "--split", "train"], 2, r"--split train: only a data set of the hub"),
    (["tasks", "make", "mine.csv", "--split", "train"], 2, r"--split train: only a data set of the hub"),
    (["tasks", "make", "mine.csv", "--rungs", "0", "--kinds", "layout:headings"], 2, r"--kinds: .* by --rungs 0"),
]


@pytest.mark.parametrize(("args", "code", "message"), REFUSED, ids=[" ".join(args) for args, _, _ in REFUSED])
def test_what_cannot_be_done_is_one_sentence_and_an_exit_code(
    here: Path, args: list[str], code: int, message: str
) -> None:
    (here / "set.toml").write_text("seed = 1\n")
    done = call(*args)
    assert done.exit_code == code, done.output
    assert re.search(message, done.stderr), done.stderr
    assert "Traceback" not in done.output
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)


RUBBISH = [
    ("grade", "run"),
    ("report", "run"),
    ("compare", "run", "run"),
    ("export", "run", "--to", "csv"),
    ("verify", "rubbish"),
    ("submit", "good", "--about", "rubbish"),
    ("submit", "good", "--about", "tiny"),
    ("eval", "--dry-run", "--config", "rubbish"),
    ("eval", "--task", "tiny", "--model", "file:rubbish", "--arms", "constrained"),
    ("eval", "--dry-run", "--task", "tiny", "--system-prompt", "rubbish"),
    ("eval", "--task", "torn"),
    ("tasks", "make", "rubbish"),
    ("tasks", "make", "tiny"),
    ("tasks", "calibrate", "run"),
]


@pytest.mark.parametrize("content", [b"", b"\xa2\x00\xff rubbish"], ids=["empty", "binary"])
def test_rubbish_in_a_file_is_a_sentence_without_the_words_of_a_codec_or_a_parser(here: Path, content: bytes) -> None:
    assert call("eval", *TINY, "--out", "good").exit_code == 0
    for path in (here / "rubbish", here / "run" / "run.json", here / "torn" / "task.toml"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    for args in RUBBISH:
        done = call(*args)
        assert done.exit_code in ((2, 3, 5) if content else (0, 2, 3, 5)), (args, done.output)  # no TOML is TOML too
        assert "Traceback" not in done.output
        assert not re.search(r"codec|Expecting|Errno|line 1 column|\bchar 0", done.output), (args, done.output)


def test_every_command_has_help_of_its_own() -> None:
    for name, command in cli.commands.items():
        done = call(name, "--help")
        assert done.exit_code == 0
        assert command.help
        assert command.help.splitlines()[0].split()[:8] == done.stdout.splitlines()[2].split()[:8]


def test_constraints_lists_every_kind_and_shows_one(here: Path) -> None:
    from mathif.constraints import KINDS

    listed = call("constraints").stdout
    assert all(kind in listed for kind in KINDS)
    for kind in KINDS:
        page = call("constraints", kind)
        assert page.exit_code == 0, page.output
        assert "does not obey" in page.stdout


def test_tasks_lists_the_bundled_tasks_and_shows_a_prompt(here: Path) -> None:
    from mathif.tasks import names

    listed = call("tasks").stdout
    assert all(name in listed for name in names())
    shown = call("tasks", "show", "tiny", "--item", "sum.double").stdout
    assert 'Use the word "total" at least 2 times.' in shown
    assert call("tasks", "show", "tiny", "--item", "sun").exit_code == 2


def test_validate_proves_a_sound_task_and_fails_on_a_new_defect(here: Path) -> None:
    assert call("validate", "tiny").exit_code == 0
    path = here / "tiny" / "items.jsonl"
    clash = '{"kind": "startend:end_checker", "args": {"end_phrase": "Never mind."}, "sentence": "End so."}]}'
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:5], lines[5][: -len("]}")] + ", " + clash]) + "\n")
    done = call("validate", "tiny")
    assert done.exit_code == 3
    assert re.search(r"half\.double +NEW", done.stdout)


def test_a_closed_pipe_is_no_traceback(here: Path) -> None:
    command = f"{sys.executable} -m mathif constraints | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def rows_of_replies(here: Path, *rows: dict[str, object]) -> None:
    (here / "replies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("mock", r"--model mock: lacks its name; expected mock:NAME, such as mock:null or mock:length$"),
        ("file", r"--model file: lacks its name; expected file:REPLIES\.jsonl"),
        ("witness", r"did you mean 'mock:witness'\?$"),
    ],
)
def test_half_a_name_of_a_model_is_told_its_other_half(here: Path, model: str, told: str) -> None:
    done = call("eval", "--model", model, "--task", "tiny")
    assert done.exit_code == 2
    assert re.search(told, done.stderr.strip()), done.stderr
    assert not list((here / "runs").iterdir())


def test_a_run_that_recorded_replies_cannot_answer_leaves_no_folder(here: Path) -> None:
    rows_of_replies(here, {"item": "sum.single", "response": "4"})
    for _ in range(2):
        done = call("eval", "--model", "file:replies.jsonl", "--task", "tiny")
        assert done.exit_code == 3
        assert re.search(r"\d prompts without a reply, first .*; --arms, --samples and --limit choose", done.stderr)
        assert not list((here / "runs").iterdir())


def test_a_run_that_is_not_graded_is_told_to_be_graded(here: Path) -> None:
    call("generate", "--model", "mock:null", "--task", "tiny", "--out", "run")
    done = call("report", "run")
    assert done.exit_code == 3
    assert done.stderr.strip() == "mathif: run: is not graded yet; grade it with: mathif grade run"


def test_an_incomplete_run_says_what_is_missing_and_ends_as_one(here: Path) -> None:
    call("generate", "--model", "mock:null", "--task", "tiny", "--out", "run")
    # as a run that was killed has none
    rewrite_head(here / "run", lambda head: {name: value for name, value in head.items() if name != "records"})
    replies = here / "run" / "generations.jsonl"
    replies.write_text("".join(replies.read_text().splitlines(keepends=True)[:-1]))
    missing = "run: 1 of 6 prompts have no reply yet; ask for them with: mathif eval --resume run"
    graded = call("grade", "run")
    assert (graded.exit_code, f"warning: {missing}" in graded.stderr) == (0, True)
    reported = call("report", "run")
    assert (reported.exit_code, missing in reported.stderr) == (3, True)
    assert "no reply yet, not asked or not answered" in " ".join(reported.stdout.split())
    assert "failed" not in reported.stdout
    assert call("eval", "--resume", "run").exit_code == 0
    assert call("report", "run").exit_code == 0


def test_several_samples_at_temperature_0_are_warned_of(here: Path, shallow: str) -> None:
    pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")
    sampled = ("--samples", "2", "--temperature", "0", "--max-tokens", "4", "--limit", "1", "--arms", "plain")
    assert (
        "the samples of a prompt are all the same"
        in call("eval", "--model", shallow, "--task", "tiny", *sampled).stderr
    )
    assert "all the same" not in call("eval", "--model", "mock:null", "--task", "tiny", *sampled).stderr


def test_every_flag_has_help(here: Path) -> None:
    for command in cli.commands.values():
        for flag in command.params:
            assert not isinstance(flag, click.Option) or len(flag.help or "") > len(flag.name or ""), flag


@pytest.mark.parametrize("group", [(), ("tasks",)])
def test_a_list_of_commands_has_their_sentences_whole_on_80_columns(
    group: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = call(*group, "--help").stdout.partition("Commands:")[2].strip()
    assert [line for line in listed.splitlines() if not line.endswith(".") or "..." in line] == []


TINY = ("--model", "mock:null", "--task", "tiny")


def test_the_files_of_a_run_are_named_within_the_columns_of_the_terminal(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = call("eval", *TINY, "--out", "run-of-a-model").stderr
    assert max(map(len, said.splitlines())) <= 80
    named = said.partition("files: ")[2].partition("\ntables: ")[0].partition("\nnext: ")[0]
    assert named.split() == [
        "run-of-a-model/report.html,",
        "report.md,",
        "report.json,",
        "verdicts.jsonl,",
        "generations.jsonl",
    ]


def test_json_is_the_report_and_nothing_else_on_stdout(here: Path) -> None:
    done = call("eval", *TINY, "--out", "run", "--json")
    assert json.loads(done.stdout) == json.loads((here / "run" / "report.json").read_text())
    assert "files: run/" in done.stderr
    assert json.loads(call("report", "run", "--json").stdout)["complete"]
    assert "HAcc" in call("report", "run").stdout


def test_what_shows_a_result_shows_it_as_json(here: Path) -> None:
    call("eval", *TINY, "--out", "run")
    call("eval", *TINY, "--out", "shard", "--shard", "1/1")
    for args in (
        ("eval", *TINY, "--dry-run"),
        ("probe", "run", "--limit", "1", "--arms", "extend:0", "--model", "mock:null"),
        ("merge", "shard", "--out", "merged"),
        ("compare", "run", "run"),
        ("validate", "tiny"),
        ("validate", "tiny", "--adversarial"),
    ):
        done = call(*args, "--json")
        assert done.exit_code in (0, 3), done.output
        assert json.loads(done.stdout), args


def test_quiet_leaves_the_result_and_what_went_wrong(here: Path) -> None:
    done = call("eval", *TINY, "--quiet")
    assert "HAcc" in done.stdout
    assert done.stderr == ""
    assert call("grade", "nowhere", "--quiet").stderr.startswith("mathif: nowhere: there is no run")


def test_a_log_hears_all_that_is_said_and_when(here: Path) -> None:
    call("eval", *TINY, "--out", "run", "--quiet", "--log", "said.log")
    call("eval", *TINY, "--out", "run", "--log", "said.log")
    lines = (here / "said.log").read_text().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S", line) for line in lines)
    assert any("run: run" in line for line in lines)
    assert "mathif: run: not empty" in lines[-1]
    assert "cannot be written" in call("grade", "run", "--log", "tiny").stderr


def test_how_one_command_speaks_is_not_how_the_next_one_does(here: Path) -> None:
    call("eval", *TINY, "--out", "run", "--quiet", "--json", "--log", "said.log")
    heard = (here / "said.log").read_text()
    done = call("report", "run")
    assert ("HAcc" in done.stdout, "files:" in done.stderr) == (True, True)
    assert (here / "said.log").read_text() == heard


def test_help_lists_the_arms_and_the_interventions() -> None:
    from mathif.arms import ARMS
    from mathif.interventions import FAMILIES

    shown = call("eval", "--help").stdout.partition("Arms:")[2]
    assert all(f"\n  {arm} " in shown for arm in ARMS)
    shown = call("probe", "--help").stdout.partition("Interventions:")[2]
    assert all(f"\n  {name}" in shown for name in FAMILIES)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell: str) -> None:
    done = CliRunner().invoke(cli, [], prog_name="mathif", env={"_MATHIF_COMPLETE": f"{shell}_source"})
    assert "_MATHIF_COMPLETE" in done.output


def test_a_begun_flag_is_completed() -> None:
    asked = {"_MATHIF_COMPLETE": "bash_complete", "COMP_WORDS": "mathif eval --samp", "COMP_CWORD": "2"}
    assert {"plain,--samples", "plain,--sampling"} <= set(
        CliRunner().invoke(cli, [], prog_name="mathif", env=asked).output.split()
    )


def test_prompts_that_are_asked_elsewhere_come_back_as_replies(here: Path) -> None:
    done = call("prompts", "tiny", "--arms", "constrained", "--samples", "2", "--out", "prompts.jsonl")
    assert done.exit_code == 0, done.output
    command = "mathif eval --model file:REPLIES.jsonl --task tiny --arms constrained --samples 2"
    assert done.stderr.endswith(f"8 prompts written to prompts.jsonl; next: {command}\n")
    rows = [json.loads(line) for line in (here / "prompts.jsonl").read_text().splitlines()]
    assert rows[0]["custom_id"] == "tiny/sum.single@constrained#0"
    assert 'End with "That is all."' in rows[0]["messages"][-1]["content"]
    replies = [{"custom_id": row["custom_id"], "response": "It is $\\boxed{5}$. That is all."} for row in rows]
    (here / "replies.jsonl").write_text("".join(json.dumps(reply) + "\n" for reply in replies))
    done = call(*command.replace("REPLIES", "replies").split()[1:], "--out", "run")
    assert done.exit_code == 0, done.output
    assert json.loads((here / "run" / "report.json").read_text())["complete"]


def test_prompts_are_written_as_the_batch_of_a_service(here: Path) -> None:
    words = ["--arms", "plain", "--batch-model", "gpt-5", "--max-tokens", "900", "--temperature", "0"]
    assert call("prompts", "tiny", *words, "--out", "batch.jsonl").exit_code == 0
    [first, _] = [json.loads(line) for line in (here / "batch.jsonl").read_text().splitlines()]
    assert (first["method"], first["url"], first["custom_id"]) == ("POST", "/v1/chat/completions", "tiny/sum@plain#0")
    body = first["body"]
    assert (body["model"], body["max_completion_tokens"], body["temperature"]) == ("gpt-5", 900, 0)
    assert body.keys() == {"model", "messages", "seed", "temperature", "max_completion_tokens"}


def test_prompts_are_never_written_over_a_file_that_holds_something_else(here: Path) -> None:
    asked = ("prompts", "tiny", "--out", "prompts.jsonl")
    assert [call(*asked).exit_code for _ in range(2)] == [0, 0]
    path = here / "prompts.jsonl"
    path.write_text(answered := path.read_text().replace('"seed"', '"response": "It is 5.", "seed"'))
    done = call(*asked)
    assert (done.exit_code, done.stderr.endswith("choose another --out, or move it away first\n")) == (2, True)
    assert path.read_text() == answered


def test_a_dry_run_tells_its_cost_as_json_too(here: Path) -> None:
    asked = ("eval", "--dry-run", "--task", "tiny", "--json", "--price-in", "1000000")
    told = json.loads(call(*asked).stdout)
    assert told["cost"] == told["prompt_tokens"] > 0
    assert "cost" not in json.loads(call(*asked[:-2]).stdout)


def test_prompts_that_need_replies_are_refused(here: Path) -> None:
    done = call("prompts", "tiny", "--arms", "plain,self")
    assert (done.exit_code, "made from the plain replies" in done.stderr) == (2, True)


def test_the_demo_is_a_whole_run_that_says_it_is_simulated(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mathif.api.DEMO", {"model": "mock:length", "task": "tiny", "samples": 2})
    for _ in range(2):  # the second one shows what is there
        done = call("demo")
        assert done.exit_code == 0, done.output
        assert "SIMULATED: mock:length is no model" in done.stdout
        for name in ("report.md", "report.html"):
            assert "SIMULATED" in (here / "runs" / "demo" / name).read_text()
    assert "every reply is there already" in done.stderr


def test_only_a_terminal_gets_colours(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("eval", *TINY, "--out", "run")
    shown = [CliRunner().invoke(cli, ["report", "run"], color=color).stdout for color in (False, True)]
    assert ("\x1b[" in shown[0], "\x1b[" in shown[1]) == (False, True)
    assert click.unstyle(shown[1]) == shown[0]
    monkeypatch.setenv("NO_COLOR", "1")
    assert CliRunner().invoke(cli, ["report", "run"], color=True).stdout == shown[0]


def test_the_settings_of_a_run_are_taken_from_its_own_file(here: Path) -> None:
    call("eval", *TINY, "--out", "run", "--arms", "constrained,after", "--system-prompt", "Be brief.", "--seed", "7")
    done = call("eval", "--config", "run/run.json", "--out", "again", "--seed", "8")
    assert done.exit_code == 0, done.output
    first, second = (json.loads((here / name / "run.json").read_text())["plan"] for name in ("run", "again"))
    assert (first["sampling"].pop("seed"), second["sampling"].pop("seed")) == (7, 8)
    assert first == second
    refused = call("eval", "--config", "run/report.json", "--out", "third")
    assert (refused.exit_code, "not the run.json of a run" in refused.stderr) == (2, True)


def test_a_run_says_where_it_is_once_it_asks_and_what_to_run_next(here: Path) -> None:
    done = call("eval", *TINY, "--out", "run")
    assert done.stderr.splitlines()[0] == "run: run"
    again = done.stderr.splitlines()[-1].removeprefix("next: mathif ").split()
    assert call(*again, "--out", "several").stderr.splitlines()[-1] == "next: mathif probe several"
    assert "run:" not in call("eval", "--model", "mock:nil", "--task", "tiny").stderr


def test_without_constrained_replies_nothing_is_asked_of_them(here: Path) -> None:
    assert "Does obeying" not in call("eval", "-m", "mock:null", "-t", "tiny", "--arms", "plain", "--out", "run").stdout


def test_a_set_to_train_on_is_told_apart_from_one_to_measure_with(here: Path) -> None:
    assert call("tasks", "build", "control", "--seed", "7", "--out", "train").exit_code == 0
    apart = call("tasks", "disjoint", "train", "control")
    assert (apart.exit_code, apart.stdout) == (0, "0 problems of train in control\n")
    same = call("tasks", "disjoint", "tiny", "tiny")
    assert (same.exit_code, same.stdout) == (3, "2 problems of tiny in tiny, first 'What is 2 + 3?'\n")


def test_the_tasks_for_another_harness_are_where_the_command_says() -> None:
    folder = Path(call("tasks", "path", "lm-eval").stdout.strip())
    files = {path.stem: yaml.safe_load(path.read_text()) for path in folder.glob("**/*.yaml")}
    assert files.keys() == {"mathif_core", "mathif_knowledge", "mathif_control", "mathif_official"}
    for name, said in files.items():
        # what they share lies in one file, whose name ends otherwise, so that the harness takes it for no task
        assert said.keys() == {"include", "task", "dataset_kwargs"}
        assert said["task"] == name
        assert said["dataset_kwargs"]["task"] in tasks.names()
        shared = yaml.safe_load((folder / said["include"]).read_text().replace("!function ", ""))
        assert tuple(metric["metric"] for metric in shared["metric_list"]) == LISTED


def test_a_result_that_cannot_be_printed_is_one_sentence() -> None:
    command = f"{sys.executable} -c 'from mathif.cli import main; main()' constraints > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == (
        "mathif: what it prints cannot be written: No space left on device; make room there and run the command again\n"
    )
