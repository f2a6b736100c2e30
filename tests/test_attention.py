"""Laws of attention: the masses are those of the model's own attention matrix, hiding is a mask, spans are the text."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import CliRunner

from mathif.arms import BLOCK
from mathif.attention.spans import Reading, reading
from mathif.attention.summary import summarize
from mathif.cli import cli
from mathif.constraints import parse
from mathif.items import Item, Layout, Message, Prompt
from mathif.records import Finish, Generation, Key, Problem, Sampling
from mathif.run import Run
from tests.models import KINDS, lens, write_model
from tests.plain import stored
from tests.tiny import rewrite, write_task

SPANS = {"constraints": (20, 33), "question": (3, 20), "random": (1, 14)}
LAYOUT = Layout("\n\nThink.", "\n\nObey:\n", "- ", "\n")
SENTENCES = ("Use no commas.", "End with: done.")


class Letters:
    """A reader whose tokens are letters."""

    def render(self, messages: Any) -> str:
        return "".join(f"<{role}>{content}</{role}>" for role, content in messages) + "<assistant>"

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        return [ord(char) for char in text], [(at, at + 1) for at in range(len(text))]


def prompt(arm: str, question: str = "What is 2 + 3?", sentences: tuple[str, ...] = SENTENCES) -> Prompt:
    demands = (parse("punctuation:no_comma", {}),) * len(sentences)
    item = Item("i", Problem("p", question, "5", "tiny"), demands, sentences)
    block = (BLOCK if arm == "system" else LAYOUT).block(sentences)
    shown = question + LAYOUT.instruction
    chat = (Message("system", block), Message("user", shown)) if arm == "system" else (Message("user", shown + block),)
    return Prompt(Key("t", "i", arm, 0), item, chat, 0)


def read(asked: Prompt, text: str, reasoning: str | None = None) -> Reading:
    found = reading(Letters(), LAYOUT, asked, Generation("k", text, Finish.STOP, reasoning=reasoning))
    assert found is not None
    return found


def text_of(found: Reading, name: str) -> str:
    low, high = found.spans[name]
    return "".join(map(chr, found.ids[low:high]))


@pytest.mark.parametrize("arm", ["constrained", "system"])
def test_the_spans_hold_the_constraints_the_question_and_as_many_tokens_elsewhere(arm: str) -> None:
    found = read(prompt(arm), "<think>\nFive.\n</think>\n\nIt is 5. done.\n")
    assert text_of(found, "question") == "What is 2 + 3?"
    constraints = text_of(found, "constraints")
    assert constraints.endswith("- Use no commas.\n- End with: done.")
    random = found.spans["random"]
    assert 0 < random[1] - random[0] <= len(constraints)
    assert random[0] >= 1
    assert random[1] <= found.spans["constraints"][0] or random[0] >= found.spans["constraints"][1]


def test_the_answer_is_the_final_text_and_nothing_follows_it() -> None:
    found = read(prompt("constrained"), "<think>\nIt is 5.\n</think>\n\nIt is 5.\n")
    assert "".join(map(chr, found.ids[found.begin :])) == "It is 5."
    assert "".join(map(chr, found.ids[found.prompt : found.begin])) == "<think>\nIt is 5.\n</think>\n\n"


def test_thinking_that_the_server_split_off_stands_before_the_answer() -> None:
    found = read(prompt("constrained"), "It is 5.", reasoning="Two and three.")
    assert "".join(map(chr, found.ids[found.prompt :])) == "<think>\nTwo and three.\n</think>\n\nIt is 5."


@pytest.mark.parametrize(
    ("text", "reasoning", "kept"),
    [
        ("<think>\nIt is 5.\n</think>\n\nIt is 5.\n", None, "<think>\nIt is 5.\n</think>\n\n"),
        ("\nIt is 5.", None, "\n"),
        ("\n\nIt is 5.", "Two and three.", "\n\n"),
    ],
)
def test_what_stands_before_the_answer_is_kept_to_the_letter(text: str, reasoning: str | None, kept: str) -> None:
    assert text[: read(prompt("constrained"), text, reasoning).kept] == kept


def test_a_question_that_a_constraint_repeats_is_found_outside_it() -> None:
    asked = prompt("constrained", sentences=('Begin with "What is 2 + 3?".',))
    found = read(asked, "5")
    assert found.spans["question"][1] < found.spans["constraints"][0]


def test_a_template_that_drops_the_constraints_gives_no_reading() -> None:
    class Forgetful(Letters):
        def render(self, messages: Any) -> str:
            return "<user>What is 2 + 3?</user>"

    assert reading(Forgetful(), LAYOUT, prompt("constrained"), Generation("k", "5", Finish.STOP)) is None


def rows(slope: float, gap: float) -> list[Any]:
    """Replies of 30 items whose lift on the constraints has this slope, and is that much higher where they obey."""
    made = []
    for item in range(30):
        for sample in range(4):
            length, obeyed = 100 * 2 ** (sample + item % 3), bool((item + sample) % 2)
            wobble = 1 + 0.01 * ((7 * item + 3 * sample) % 5)
            lifted = (length**slope + gap * obeyed) * wobble
            made.append(
                {
                    "key": f"t/{item}@constrained#{sample}",
                    "problem": str(item),
                    "item": str(item),
                    "arm": "constrained",
                    "obeyed": obeyed,
                    "cot_tokens": length,
                    "answer_tokens": 10,
                    "uniform": {"constraints": 0.01, "question": 0.01, "random": 0.01},
                    "mass": {
                        "constraints": [[0.01 * lifted, 0.01 * lifted], [0.0, 0.02 * lifted]],
                        "question": [[0.01 * wobble] * 2] * 2,
                        "random": [[0.01 * wobble] * 2] * 2,
                    },
                    "logprob": {"seen": -10.0, "constraints": -20.0 * wobble, "random": -10.0 * wobble},
                }
            )
    return made


def test_a_known_slope_and_a_known_gap_are_found() -> None:
    sloped = stored(summarize(rows(-0.3, 0)))["arms"]["constrained"]
    for way in ("raw", "within"):
        found = sloped["slope"][way]["constraints"]
        assert found["value"] == pytest.approx(-0.3, abs=0.02)
        assert found["low"] < -0.3 + 0.02
        assert sloped["slope"][way]["random"]["value"] == pytest.approx(0, abs=0.02)
    parted = stored(summarize(rows(0, 0.5)))["arms"]["constrained"]["obeyed_minus_violated"]
    assert parted["value"] == pytest.approx(0.5, abs=0.03)
    assert parted["low"] > 0.4
    assert sloped["hiding"]["value"] == pytest.approx(1, abs=0.05)


def test_too_few_problems_give_a_reason_instead_of_a_slope() -> None:
    found = stored(summarize([row for row in rows(-0.3, 0) if int(row["problem"]) < 9]))["arms"]["constrained"]
    for estimate in (found["slope"]["within"]["constraints"], found["obeyed_minus_violated"]):
        assert estimate["value"] is None
        assert "9 problems" in estimate["reason"]


def test_heads_and_drops_are_those_of_the_rows() -> None:
    found = stored(summarize(rows(0, 0)))["arms"]["constrained"]
    assert [(row["layer"], row["head"]) for row in found["heads"]] == [(1, 1), (0, 0), (0, 1), (1, 0)]
    assert found["overall"]["obeyed"]["drop"]["constraints"]["value"] == pytest.approx(1.04, abs=0.02)
    assert sum(len(side["lift"]) > 0 and side["n"] for side in found["overall"].values()) == found["n"] == 120
    assert sum(row[side]["n"] for row in found["by_length"] for side in ("obeyed", "violated")) == 120


# With a model.


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(request.param, tmp_path_factory.mktemp(request.param))


def eager(folder: Path, ids: list[int], hidden: tuple[int, int] | None, begin: int) -> tuple[Any, float]:
    """The whole attention matrices, and the log-probability from `begin` on, by the model's own code."""
    import torch
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    mask = torch.full((len(ids), len(ids)), -torch.inf).triu(1)
    if hidden:
        mask[begin - 1 :, hidden[0] : hidden[1]] = -torch.inf
    with torch.inference_mode():
        found = model(torch.tensor([ids]), attention_mask=mask[None, None], output_attentions=True)
    told = found.logits[0, begin - 1 : -1].log_softmax(-1).gather(1, torch.tensor(ids[begin:])[:, None])
    return found.attentions, float(told.sum())


@pytest.mark.parametrize(("chunk", "scores"), [(1024, 1 << 25), (7, 1), (16, 900)])
def test_masses_and_hiding_are_exactly_those_of_the_whole_attention_matrix(
    folder: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, scores: int
) -> None:
    looked = lens(folder)
    monkeypatch.setattr("mathif.attention.lens.CHUNK", chunk)
    monkeypatch.setattr("mathif.attention.lens.SCORES", {"cpu": scores, "cuda": scores})
    ids, begin = [(37 * at * at + 11 * at) % 256 for at in range(120)], 70
    here = looked.at(ids, begin)
    seen = here.look(SPANS)
    matrices, logprob = eager(folder, ids, None, begin)
    assert seen.logprob == pytest.approx(logprob, rel=1e-5)
    for name, (low, high) in SPANS.items():
        for layer, matrix in enumerate(matrices):
            expected = matrix[0, :, begin - 1 : -1, low:high].sum(-1).mean(-1).tolist()
            assert seen.mass[name][layer] == pytest.approx(expected, rel=1e-4, abs=1e-6)
    for name in ("constraints", "random"):
        without = here.logprob(SPANS[name])
        assert without == pytest.approx(eager(folder, ids, SPANS[name], begin)[1], rel=1e-5)
        assert not math.isclose(without, logprob, rel_tol=1e-5)


def test_reading_one_reply_leaves_nothing_behind_for_the_next(folder: Path) -> None:
    looked = lens(folder)
    ids = [(13 * at) % 256 for at in range(90)]
    here = looked.at(ids, 50)
    first = here.look(SPANS), here.logprob(SPANS["constraints"])
    here.redraw([None, SPANS["constraints"]], Sampling(), 1, 5)
    looked.at(ids[::-1], 40).look(SPANS)
    assert (here.look(SPANS), here.logprob(SPANS["constraints"])) == first
    again = looked.at(ids, 50)
    assert (again.look(SPANS), again.logprob(SPANS["constraints"])) == first


def test_an_attention_that_is_not_plain_is_refused() -> None:
    pytest.importorskip("torch", reason="the extra 'attention' is not installed")
    import torch

    from mathif.attention.lens import _attend
    from mathif.errors import EngineError

    q = torch.zeros(1, 2, 5, 4)
    with pytest.raises(EngineError, match="a window of 3 tokens"):
        _attend(SimpleNamespace(layer_idx=0), q, q, q, None, sliding_window=3)
    with pytest.raises(EngineError, match="softcap"):
        _attend(SimpleNamespace(layer_idx=0), q, q, q, None, softcap=30.0)


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run of four items, whose replies obey and may have 12 tokens."""
    monkeypatch.chdir(tmp_path)
    write_task(tmp_path / "tiny")
    asked = ["eval", "--model", "mock:witness", "--task", "tiny", "--max-tokens", "12", "--out", "run"]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    return tmp_path / "run"


def attend(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["attend", "run", *arguments])


def test_the_command_reads_a_run_once_and_says_what_it_found(folder: Path, recorded: Path) -> None:
    done = attend("--model", str(folder))
    assert done.exit_code == 0, done.output
    assert "Lift over uniform attention" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    written = (recorded / "attention.jsonl").read_bytes()
    rows = [json.loads(line) for line in written.splitlines()]
    assert {row["key"].partition("@")[0] for row in rows} == {
        "tiny/sum.single",
        "tiny/sum.double",
        "tiny/half.single",
        "tiny/half.double",
    }
    for row in rows:
        assert all(0 < share < 1 for name in SPANS for layer in row["mass"][name] for share in layer)
        assert row["logprob"]["seen"] < 0
        assert set(row["redrawn"]) == {"seen", "constraints", "random"}
        for drawn in row["redrawn"].values():
            assert drawn["finish"] == ("length" if drawn["tokens"] == 12 else "stop")
            assert drawn["tokens"] <= 12
            assert len(drawn["text"]) <= drawn["tokens"]
    assert attend("--model", str(folder)).exit_code == 0
    assert (recorded / "attention.jsonl").read_bytes() == written
    whole = (recorded / "attention.json").read_bytes()
    (recorded / "attention.json").unlink()
    assert attend().stdout == done.stdout
    assert (recorded / "attention.json").read_bytes() == whole


def test_an_answer_is_redrawn_with_the_seed_of_its_prompt_and_what_the_limit_leaves(
    folder: Path, recorded: Path
) -> None:
    attend("--model", str(folder))
    rows = {row["key"]: row for row in map(json.loads, (recorded / "attention.jsonl").open())}
    run, looked = Run(recorded), lens(folder)
    replies = {generation.key: generation for generation in run.replies.values()}
    asked = [prompt for prompt in run.prompts() if str(prompt.key) in rows]
    assert len({prompt.seed for prompt in asked}) == len(asked) == 4
    for prompt in asked:
        found = reading(looked, run.tasks[0].layout, prompt, replies[str(prompt.key)])
        assert found is not None
        here = looked.at(found.ids, found.begin)
        for name, place in (("seen", None), *((name, found.spans[name]) for name in ("constraints", "random"))):
            (drawn,) = here.redraw([place], Sampling(), prompt.seed, 12)
            assert rows[str(prompt.key)]["redrawn"][name]["text"] == looked.decode(drawn.tokens)


def test_a_number_of_replies_to_read_goes_with_the_model_that_reads_them(recorded: Path) -> None:
    done = attend("--limit", "3")
    assert (done.exit_code, "--limit 3: no reply is read without its model" in done.stderr) == (2, True)


def test_verdicts_are_those_of_now_and_need_no_model(folder: Path, recorded: Path) -> None:
    attend("--model", str(folder))
    path, verdicts = recorded / "attention.jsonl", recorded / "verdicts.jsonl"

    def figures() -> Any:
        done = attend()
        assert done.exit_code == 0, done.output
        return json.loads((recorded / "attention.json").read_text())["arms"]["constrained"]

    found = figures()
    assert found["overall"]["obeyed"]["n"] == 4
    assert found["redrawn"]["profiles"]["mathif"]["changes"]["constraints"]["hacc"]["lost"] == 0
    replies = {row["key"]: row for row in map(json.loads, (recorded / "generations.jsonl").open())}

    def redrawn(row: dict[str, Any]) -> dict[str, Any]:
        """As if the model had drawn the recorded answer again, and one that violates with nothing to see."""
        own = {"text": replies[row["key"]]["text"][row["kept"] :], "finish": "stop", "tokens": 9}
        return {**row, "redrawn": {"seen": own, "constraints": {**own, "text": ", no"}, "random": own}}

    rewrite(path, lambda rows: list(map(redrawn, rows)))
    rewrite(verdicts, lambda rows: json.loads(json.dumps(rows).replace('"outcome": "pass"', '"outcome": "fail"')))
    found = figures()
    assert found["overall"]["violated"]["n"] == 4
    assert found["redrawn"]["profiles"]["mathif"]["changes"]["constraints"]["hacc"]["lost"] == 4


def test_replies_that_were_drawn_in_a_way_that_is_not_drawn_anew_are_refused_with_what_is_in_the_way() -> None:
    from mathif.attention import attend
    from mathif.errors import UsageError

    drawn = SimpleNamespace(sampling=Sampling(top_p=None, repetition_penalty=1.15))
    with pytest.raises(UsageError, match=r"^here: .* drawn with top_p None, repetition_penalty 1\.15, and answers"):
        attend(cast(Run, SimpleNamespace(folder="here", plan=drawn)), None, None, cast(Any, None))


def add_row(run: Path, row: dict[str, Any]) -> None:
    """Write a row, sealed and known to the head, as the program itself would."""
    (run / "attention.jsonl").touch()
    rewrite(run / "attention.jsonl", lambda rows: [*rows, row])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: rows[:-1], "found 1 record, expected 2"),
        (lambda rows: [], "found 0 records, expected 2"),
        (lambda rows: [rows[0].replace(b"0.25", b"0.75"), rows[1]], "line 1: the record was changed"),
        (lambda rows: [rows[0], rows[0]], "line 2: an earlier record has the same key"),
    ],
)
def test_rows_that_are_damaged_or_missing_are_named_and_nothing_is_summed_up_without_them(
    recorded: Path, change: Callable[[list[bytes]], list[bytes]], told: str
) -> None:
    for item in ("sum", "half"):
        add_row(recorded, {"model": "tiny-llama", "key": f"tiny/{item}.single@constrained#0", "kept": 0.25})
    path = recorded / "attention.jsonl"
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    refused = attend()
    assert refused.exit_code == 3
    assert f"attention.jsonl: {told}" in refused.stderr
    assert "remove it, and read the replies again with --model" in refused.stderr
    assert not (recorded / "attention.json").exists()
    path.unlink()
    assert "no reply is read yet; name the model" in attend().stderr


def test_rows_of_an_earlier_version_are_refused_in_a_sentence(recorded: Path) -> None:
    add_row(recorded, {"key": "tiny/sum.single@constrained#0", "mass": {}})
    refused = attend()
    assert refused.exit_code == 3
    assert "remove it" in refused.stderr


def test_another_model_than_the_one_that_began_is_refused(recorded: Path) -> None:
    add_row(recorded, {"model": "tiny-llama", "key": "tiny/sum.single@constrained#0", "reason": "a span was not found"})
    refused = attend("--model", "org/other")
    assert refused.exit_code == 2
    assert "was read by tiny-llama; name that model" in refused.stderr


def test_without_a_model_nothing_is_read(recorded: Path) -> None:
    refused = attend()
    assert refused.exit_code == 3
    assert "--model" in refused.stderr


def test_a_model_that_is_not_there_is_one_sentence(recorded: Path) -> None:
    pytest.importorskip("torch", reason="the extra 'attention' is not installed")
    done = attend("--model", str(recorded / "nowhere"))
    assert done.exit_code == 2
    assert "cannot be opened" in done.stderr
