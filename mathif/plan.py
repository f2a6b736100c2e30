"""What the user asked for: the settings of a run, those of sampling and of the engine among them.

A room of its own, light to load, because the command line makes its flags and its help from it.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mathif.credentials import refuse_credentials
from mathif.errors import DataError, UsageError
from mathif.json_values import Json, JsonObject, fields, texts
from mathif.records import Sampling, marks_read
from mathif.settings import Setting, Value, record_of, setting, settings

EMBEDDED = "smollm2-135m"
"""Name of the embedded default model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says about an engine; each engine refuses what it cannot honour.

    Every field is None (or empty) unless the user set it.
    """

    base_url: tuple[str, ...] = setting(
        (),
        "An OpenAI-compatible server, its key read from OPENAI_API_KEY; several share the work.",
        repeated=True,
        kept=False,
    )
    concurrency: int | None = setting(None, "Replies under way, at each server or in llama.cpp.", low=1, kept=False)
    timeout_s: float | None = setting(None, "Seconds for one whole reply.", flag="timeout", above=0, kept=False)
    idle_timeout_s: float | None = setting(
        None, "Seconds without a sign of life.", flag="idle-timeout", above=0, kept=False
    )
    patience_s: float | None = setting(
        None, "Seconds to wait for a server that is away.", flag="patience", low=0, kept=False
    )
    tensor_parallel_size: int | None = setting(None, "How many GPUs share each layer of one model (vLLM).", low=1)
    pipeline_parallel_size: int | None = setting(None, "How many GPUs share out the layers of one model (vLLM).", low=1)
    data_parallel_size: int | None = setting(
        None, "How many copies of the engine share the prompts, each an actor of Ray (vLLM).", low=1, kept=False
    )
    ray_address: str | None = setting(
        None, "Cluster of Ray on which the copies run.", default_told="one on this machine", kept=False
    )
    max_model_len: int | None = setting(None, "Longest context, in tokens, reply included (vLLM, llama.cpp).", low=1)
    dtype: str | None = setting(
        None,
        "Number format of the weights: auto, bfloat16, float16 or float32 (vLLM).",
        default_told="auto; float32 without a GPU",
    )
    quantization: str | None = setting(
        None,
        "How to quantize the weights or read quantized ones: fp8, awq, gptq, bitsandbytes and others (vLLM).",
        default_told="as the model's files say",
    )
    gpu_memory_utilization: float | None = setting(None, "Share of a GPU's memory to use (vLLM).", above=0, high=1)
    lora: str | None = setting(None, "Folder of a LoRA adapter that is put on the model (vLLM).")
    revision: str | None = setting(None, "Revision of the model on the hub: a branch, a tag or a commit (vLLM).")
    trust_remote_code: bool = setting(False, "Let the model's repository run its own code (vLLM).")
    reasoning_tags: tuple[str, ...] | None = setting(
        None, "OPEN and CLOSE mark of the thinking, for a model that is in no known family.", words=2, kept=False
    )
    tokenizer: str | None = setting(
        None,
        "What counts lengths where the engine did not: a tokenizer.json, a model of the hub, or characters.",
        kept=False,
    )
    engine_args: Mapping[str, Json] = setting(
        None,
        "Any other argument of the engine, as JSON or text; may be given several times.",
        factory=dict,
        flag="engine-arg",
    )

    def __post_init__(self) -> None:
        """Refuse unusable marks, and an engine argument that is a credential, which a run would record.

        Raises:
            UsageError: naming it.
        """
        refuse_credentials(self.engine_args)
        if self.reasoning_tags is not None:
            try:
                marks_read(self.reasoning_tags)
            except ValueError as error:
                raise UsageError(f"--reasoning-tags: {error}") from error

    @property
    def tags(self) -> tuple[str, str] | None:
        """The marks of the thinking that the user named."""
        return marks_read(self.reasoning_tags) if self.reasoning_tags else None


OTHER_WORDINGS = range(1, 3)
"""Wordings of a constraint beside its own; every kind has three or more."""

IN_OTHER_WORDINGS = {
    arm: tuple(f"{anew}:{number}" for number in OTHER_WORDINGS)
    for arm, anew in (("constrained", "wording"), ("thinking", "thinking-wording"), ("both", "both-wording"))
}
"""Arms that can be asked in every wording, each with the arms that ask the others."""

SWITCHING = ("thinking:", "effort:", "budget:")
"""What arms begin with that say how the model is to think."""

WAYS = frozenset(one.field for one in settings(Options) if not one.declared.kept)
"""Fields of `Options` that change no reply, such as how an engine is reached; a resumed run may have others."""


def kept(options: Options) -> Options:
    """Return what the engine was told without the `WAYS`: what a run keeps however it is resumed."""
    return dataclasses.replace(options, **{name: getattr(Options(), name) for name in WAYS})


HONOURED_BY_ALL = frozenset({"reasoning_tags", "tokenizer"})
"""Fields of `Options` that suit any engine: one that counts thinking may look at them, and what it says is read so."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for; kept in `run.json`, so that a run is resumed with the same settings.

    Attributes:
        model: as given to `--model`.
        tasks: names or folders of tasks.
        arms: names of arms, those of other wordings added where all are asked.
        wordings: `own` for the wording that each constraint has in its task, or `all`.
        data: file or folder with the data of a task that are not in this package, or None.
        samples: replies for each item and arm.
        limit: number of items of each task, from a fixed shuffle of its problems, or None for all.
        shard: the part of the problems that is asked, as `I/N`, or None for all.
        system_prompt: stands at the beginning of the system turn of every prompt; "" for none.
        sampling: how replies are drawn; holds the seed.
        options: what the engine was told.
    """

    model: str = setting(
        EMBEDDED,
        "org/name or a local folder (vLLM), a .gguf file, smollm2-135m, file:REPLIES.jsonl, "
        "mock:witness|contrary|null|constant, mock:difficulty|length|both|position, "
        "or the name that a server at --base-url knows.",
    )
    tasks: tuple[str, ...] = setting(("core",), "Tasks, by name or folder, comma-separated.", flag="task")
    arms: tuple[str, ...] = setting(
        ("plain", "constrained"),
        "What the model is shown, comma-separated: plain, constrained, shuffled, scrambled, before, after, system, "
        "self, thinking, both, wording:N, thinking-wording:N, both-wording:N, repeat:N, self-check, few-shot, turn:N, "
        "conflict, thinking:on|off, effort:LEVEL, budget:N.",
    )
    wordings: str = setting(
        "own",
        "Wordings of each constraint that arms constrained, thinking and both ask; all shows what is obeyed in each.",
        choices=("own", "all"),
    )
    data: str | None = setting(None, "File or folder with the data of a task that are not in this package.")
    samples: int = setting(1, "Replies for each item and arm.", low=1)
    limit: int | None = setting(None, "Only so many items of each task, whole problems first.", low=1)
    shard: str | None = setting(None, "Only the I-th of N parts of the problems, as I/N; `mathif merge` joins them.")
    system_prompt: str = setting("", "What the system turn of every prompt begins with: a text, or a file with it.")
    sampling: Sampling = field(default_factory=Sampling)
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        """Refuse an impossible shard, and add the arms of the other wordings.

        Raises:
            UsageError: saying what a shard looks like, or which arms have other wordings, and which have none.
        """
        if self.part is not None and not 1 <= self.part[0] <= self.part[1]:
            raise UsageError(f"--shard: found {self.shard!r}, expected I/N with I from 1 to N")
        if self.wordings == "all":
            others = [other for arm in self.arms for other in IN_OTHER_WORDINGS.get(arm, ())]
            if not others:
                names = " or ".join(IN_OTHER_WORDINGS)
                raise UsageError(f"--wordings all: found --arms {','.join(self.arms)}, expected {names} among them")
            switched = [arm for arm in self.arms if arm.startswith(SWITCHING)]
            if switched:
                raise UsageError(
                    f"--wordings all: arm {switched[0]} is asked in each constraint's own wording alone, so that arms"
                    " which switch the thinking differ in nothing else; ask them in a run of their own"
                )
            object.__setattr__(self, "arms", tuple(dict.fromkeys([*self.arms, *others])))

    @property
    def part(self) -> tuple[int, int] | None:
        """The shard as its number, from 1, and the number of all; None where everything is asked.

        Raises:
            UsageError: if it is not of the form `I/N`.
        """
        if self.shard is None:
            return None
        number, slash, count = self.shard.partition("/")
        if not (slash and number.isascii() and number.isdigit() and count.isascii() and count.isdigit()):
            raise UsageError(f"--shard: found {self.shard!r}, expected I/N, as 1/8")
        return int(number), int(count)

    def value(self, one: Setting) -> Value:
        """Return what a setting is, one of sampling and of the engine too."""
        record = next(part for part in (self, self.sampling, self.options) if hasattr(part, one.field))
        value: Value = getattr(record, one.field)
        return value

    def to_json(self) -> dict[str, Json]:
        """Return the plan as plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, row: JsonObject) -> Plan:
        """Read what `to_json` wrote; a run of an earlier mathif has fewer settings.

        Raises:
            DataError: if a field is missing, unknown or not what it must be.
        """
        try:
            texts(row, "tasks"), texts(row, "arms")  # nobody's default stands for what was asked
            flat = {**row, **fields(row, "sampling"), **fields(row, "options")}
            # a run of an earlier mathif holds None
            flat = {name: value for name, value in flat.items() if (name, value) != ("base_url", None)}
            return record_of(cls, {name: flat[name] for name in flat if name not in ("sampling", "options")})
        except KeyError as error:
            raise DataError(f"the plan cannot be read: {error} is missing") from error
        except (ValueError, UsageError) as error:
            raise DataError(f"the plan cannot be read: {error}") from error

    @classmethod
    def of(cls, **settings: Value) -> Plan:
        """Return the plan of flat settings, those of sampling and engine among them, each checked.

        Raises:
            UsageError: for a name that is no setting, or a value that it cannot have.
        """
        given = settings.get("system_prompt")
        return record_of(cls, {**settings, "system_prompt": _text(given)} if given else settings)


def _whole(path: Path) -> str:
    """Return the text in a file.

    Raises:
        UsageError: if none stands in it, since that would ask without a system prompt and not say so.
    """
    text = path.read_text(encoding="utf-8").strip()
    if not text:
        raise UsageError(f"--system-prompt {path}: nothing stands in it; leave it out to ask without one")
    return text


def _text(given: Value) -> Value:
    """Return the content of a file that is named, and anything else as it is."""
    if not isinstance(given, str | os.PathLike):
        return given
    try:
        if Path(given).is_dir():
            raise UsageError(f"--system-prompt {given}: found a folder, expected a text or a file with it")
        if Path(given).is_file():
            return _whole(Path(given))
        if Path(given).suffix in (".txt", ".md") and not re.search(r"\s", str(given)):
            raise UsageError(f"--system-prompt {given}: there is no such file")
        return given
    except (OSError, ValueError) as error:
        # a text may be too long for the name of a file, or hold what no name can
        if isinstance(error, UnicodeDecodeError):
            raise UsageError(f"--system-prompt {given}: not a text file in UTF-8") from error
        return given
