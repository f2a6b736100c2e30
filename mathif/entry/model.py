"""The closed schema of an entry, version 1; `leaderboard/schema.json` is generated from it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar, get_args

from mathif import schemas, store
from mathif.entry.names import readable
from mathif.errors import BoardError
from mathif.json_values import Json
from mathif.records import TAIL_CHARS, Profile
from mathif.results import ProfileReport
from mathif.schemas import shown
from mathif.schemas.held import (
    AfterValidator,
    Closed,
    Field,
    FiniteFloat,
    Growing,
    JsonValue,
    json_schema,
    model_validator,
)
from mathif.stats import Count

SCHEMA = 1
"""Version of the entry; a change of meaning or of a field's name raises it."""

Attestation = Literal[
    "Every reply is the model's own under the settings above; none was edited, chosen among others, or left out."
]
(ATTESTATION,) = get_args(Attestation)
"""What a submitter signs by handing in an entry."""

DIGITS = 8
"""Significant digits of a figure: the last bits of a sum differ between processors, and decide nothing."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ENGINE_CHARS = 20_000
"""Longest description that an engine may give of itself, as JSON."""

SLUG = re.compile(r"^[a-z0-9][a-z0-9._-]{0,99}$")
"""Name of an entry, a task or an arm."""
Slug = Annotated[str, Field(pattern=SLUG.pattern)]
# a name, and behind a colon the value that some arms take
ArmName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}(:[A-Za-z0-9_]{1,40})?$")]
Mark = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Text that a program wrote, and that nobody tells two entries by."""
Name = Annotated[Mark, AfterValidator(readable)]
# what hubs and servers take as a name
ModelId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+( [!-~]+)*$")]
Link = Annotated[str, Field(max_length=500, pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(/[\w./?=&%#~+-]*)?$")]
Relation = Literal["author", "third-party"]
Part = TypeVar("Part", bound=Growing)


class ModelFacts(Closed):
    """What is said of a model beside its name; null where nobody said."""

    revision: Name | None = None
    organisation: Name | None = None
    parameters_b: Annotated[FiniteFloat, Field(gt=0, le=1e6)] | None = None
    open: bool | None = None
    precision: Name | None = None
    licence: Name | None = None
    link: Link | None = None


class Model(ModelFacts):
    """The model under test."""

    id: ModelId


class TaskStamp(Closed):
    """Which data the items came from."""

    name: Slug
    version: Name
    digest: Digest


class Sampling(Closed):
    """How replies were drawn; `max_tokens` null left it to the engine, whose description names its default.

    `temperature` and `top_p` null are the model's own, as its server knows them (`source` is `model`).
    """

    temperature: Annotated[FiniteFloat, Field(ge=0, le=2)] | None
    top_p: Annotated[FiniteFloat, Field(gt=0, le=1)] | None
    top_k: Annotated[int, Field(ge=0, le=10_000_000)]
    min_p: Annotated[FiniteFloat, Field(ge=0, le=1)]
    repetition_penalty: Annotated[FiniteFloat, Field(gt=0, le=100)]
    presence_penalty: Annotated[FiniteFloat, Field(ge=-2, le=2)]
    stop: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=16)]
    seeds: Literal["per-prompt", "run", "none"]
    source: Literal["settings", "model"]
    max_tokens: Annotated[int, Field(gt=0, le=10_000_000)] | None
    seed: Annotated[int, Field(ge=-(2**53), le=2**53)]


class Reasoning(Closed):
    """How the model was made to think, and for how many replies the thinking was read where."""

    mode: Name | None
    server: Count
    tags: Count
    none: Count


class Inference(Closed):
    """How the replies were made; `engine` is the engine's own description, `hardware` is information only."""

    engine: dict[Mark, JsonValue]
    chat_template: Digest | None
    sampling: Sampling
    samples: Annotated[int, Field(gt=0, le=1000)]
    limit: Annotated[int, Field(gt=0, le=1_000_000)] | None
    system_prompt: Annotated[str, Field(max_length=20_000)]
    arms: Annotated[list[ArmName], Field(min_length=1, max_length=40)]
    reasoning: Reasoning
    hardware: Name | None

    @model_validator(mode="after")
    def _short(self) -> Inference:
        """Refuse a description that nobody would read."""
        if len(store.canonical(self.engine)) > ENGINE_CHARS:
            raise ValueError(f"the engine's description is longer than {ENGINE_CHARS} characters")
        return self


class Replies(Closed):
    """The raw replies: how many, the digest of their content, and where they are if not beside the entry.

    `digest` is the SHA-256 over the sorted pairs of a reply's key and the SHA-256 of the reply.
    """

    count: Count
    digest: Digest
    url: Link | None
    sha256: Digest | None
    bytes: Annotated[int, Field(gt=0)] | None

    @model_validator(mode="after")
    def _whole(self) -> Replies:
        """Refuse a place without what proves the file there."""
        if len({self.url is None, self.sha256 is None, self.bytes is None}) > 1:
            raise ValueError("url, sha256 and bytes belong together")
        return self


class Tokens(Closed):
    """Tokens of one arm: their sum, over the `known` replies whose number the engine could tell."""

    total: Count
    known: Count


class ArmTokens(Closed):
    """Tokens of the prompts, of all that was generated, and of the thinking alone."""

    prompt: Tokens
    completion: Tokens
    reasoning: Tokens


class Entry(Growing):
    """One line of the leaderboard: what was run, by whom, and every number that came out.

    `registered` is the digest of the plan where it was written down before the first reply.
    Numbers that this program does not know are passed over, as an entry may come from a later one.
    """

    schema_version: Literal[1]
    name: Slug
    mathif: Name
    tasks: Annotated[list[TaskStamp], Field(min_length=1, max_length=20)]
    prompts: Digest
    registered: Digest | None = None
    graders: dict[Mark, Digest]
    model: Model
    submitter: Name
    relation: Relation
    inference: Inference
    replies: Replies
    verdicts: Digest
    tokens: dict[ArmName, ArmTokens]
    profiles: Annotated[dict[Profile, ProfileReport], Field(min_length=2)]
    methods: Annotated[dict[Mark, Mark], Field(max_length=20)]
    attestation: Attestation
    digest: Digest

    @property
    def simulated(self) -> bool:
        """Whether its replies come from no model."""
        return self.inference.engine.get("engine") == "mock"


class RenderedPrompt(Closed):
    """What is kept of a prompt as the model's template wrote it: its digest and its last characters."""

    sha256: Digest
    tail: Annotated[str, Field(max_length=TAIL_CHARS)]


class ReplyRow(Closed):
    """One line of a replies file: the record of a raw reply, as in `generations.jsonl`."""

    key: Mark
    text: str
    finish: Literal["stop", "length", "refused", "filtered", "too_long"]
    reasoning: str | None
    prompt_tokens: Count | None
    completion_tokens: Count | None
    reasoning_tokens: Count | None
    error: Annotated[str, Field(max_length=2000)]
    opened: bool = False
    summarized: bool = False
    tags: tuple[Mark, Mark] | None = None
    rendered: RenderedPrompt | None = None
    forced: tuple[tuple[Count, Count], ...] = ()


def schema() -> dict[str, Json]:
    """Return the JSON Schema of an entry."""
    return json_schema(Entry)


def checked(row: Mapping[str, object], where: str) -> Entry:
    """Return `row` as an entry; `where` begins every error.

    Raises:
        BoardError: if it does not fit, with the pointer of the first field that does not.
    """
    version = plain(row.get("schema_version"))
    if type(version) is not int or version != SCHEMA:
        raise BoardError(
            f"{where}: /schema_version: found {shown(version)}, expected {SCHEMA}; use the mathif that wrote the entry"
        )
    return fitted(Entry, row, where)


def fitted(kind: type[Part], row: Mapping[str, object], where: str) -> Part:
    """Return `row` as a `kind`; `where` begins every error.

    Raises:
        BoardError: if it does not fit, with the pointer of the first field that does not.
    """
    return schemas.from_json(kind, {name: plain(part) for name, part in row.items()}, where, BoardError)


def dumped(entry: Entry) -> dict[str, Json]:
    """Return an entry as plain JSON, fields that say nothing left out; it holds numbers and no sentences on them."""
    row = entry.model_dump(mode="json", exclude_defaults=True, exclude={"profiles"})
    return {**row, "profiles": numbers(entry.profiles)}


def numbers(profiles: Mapping[Profile, ProfileReport]) -> dict[str, Json]:
    """Return the profiles of a report as an entry holds them, at `DIGITS` significant digits."""
    return {
        profile.value: {part: rounded(own) for part, own in schemas.to_json(figures).items() if part != "findings"}
        for profile, figures in profiles.items()
    }


def seal(row: Mapping[str, object]) -> str:
    """Return the digest of an entry: SHA-256 over everything but itself, however its numbers are written."""
    return store.digest({name: plain(value) for name, value in row.items() if name != "digest"})


def plain(value: object) -> object:
    """Return a JSON value in which a whole number is an integer, as JSON itself does not tell `1.0` from `1`."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def rounded(value: Json) -> Json:
    """Return a JSON value with its numbers at `DIGITS` significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else value
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return value
