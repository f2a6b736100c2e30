"""What an entry takes from its submitter's word: who hands it in, what the model is, and where the replies are."""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mathif.credentials import CREDENTIAL
from mathif.entry.model import Entry, Model, ModelFacts, ModelId, Name, Relation, fitted
from mathif.errors import BoardError, why_unread
from mathif.json_values import JsonObject
from mathif.run import Run
from mathif.schemas.held import Closed
from mathif.submission import pointer, texts

ANONYMOUS = "anonymous"
"""Submitter of an entry that names none."""

_PATH = re.compile(
    r"(?<![\w:/\\.])(?:(?:~|\.{1,2})[/\\]\w|(?:file:/*|[A-Za-z]:)?[/\\][\w.@-]+[/\\][\w.@-])|\\\\[\w.-]+\\"
)
"""A path that is absolute and has two parts or more, or that begins at home or at the current folder; not a name with
a slash, such as `Qwen/Qwen3-4B`."""
_FROM_OUTSIDE = ("model", "submitter", "inference", "replies")
"""The parts of an entry that hold words from outside this package."""
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)


class AboutModel(ModelFacts):
    """The model, its id only where the run does not name it well."""

    id: ModelId | None = None


class About(Closed):
    """The content of the file that `mathif submit --about` reads."""

    model: AboutModel = AboutModel()
    hardware: Name | None = None
    reasoning: Name | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What no reply can prove.

    Attributes:
        model: what the model is.
        submitter: who hands the entry in.
        relation: whether the submitter made the model.
        hardware: what it ran on.
        reasoning: the mode in which the model was made to think.
        url: where the replies are, if they are not beside the entry.
        sha256: of the replies file there.
        bytes: size of the replies file there.
        registered: whether the plan was written down before the first reply.
    """

    model: Model
    submitter: str = ANONYMOUS
    relation: Relation = "third-party"
    hardware: str | None = None
    reasoning: str | None = None
    url: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    registered: bool = False

    @classmethod
    def of(cls, entry: Entry) -> Claims:
        """Return what `entry` claims."""
        inference, replies = entry.inference, entry.replies
        return cls(
            entry.model,
            entry.submitter,
            entry.relation,
            inference.hardware,
            inference.reasoning.mode,
            replies.url,
            replies.sha256,
            replies.bytes,
            entry.registered is not None,
        )


def claims_of(run: Run, about: Path | None, submitter: str, relation: Relation, replies_url: str | None) -> Claims:
    """Return what a submitter says of `run`, with what the run itself knows of its model where the file is silent.

    Raises:
        BoardError: if the file at `about` is refused.
    """
    said = About() if about is None else read_about(about)
    registered = run.head.get("registered") is not None
    model = model_of(run, said)
    return Claims(model, submitter, relation, said.hardware, said.reasoning, replies_url, registered=registered)


def read_about(path: Path) -> About:
    """Read the facts on a model that a submitter wrote down as TOML.

    Raises:
        BoardError: if it is not TOML, or a field is unknown or of the wrong type, naming the field.
    """
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BoardError(f"{path}: cannot be read as TOML: {why_unread(error)}") from error
    return fitted(About, row, str(path))


def model_of(run: Run, about: About) -> Model:
    """Return what is known of the model of `run`: what `about` says, and what the run says where it is silent."""
    options = run.plan.options
    by_run = {
        "id": str(run.engine["model"]),
        "revision": options.revision,
        "precision": options.quantization or options.dtype,
    }
    said = about.model.model_dump(exclude_none=True)
    return fitted(Model, {**by_run, **said}, str(run.folder))


def refuse_paths(row: JsonObject, where: str) -> None:
    """Refuse an entry that holds a path of somebody's machine.

    Raises:
        BoardError: with the pointer to it.
    """
    for place, text in texts(row):
        if _PATH.search(text):
            raise BoardError(f"{where}: {pointer(place)}: holds a path of a machine; name the thing as others know it")


def refuse_private(row: JsonObject, where: str) -> None:
    """Refuse an entry that would tell the world something about this machine: a host name, a key, the environment.

    Raises:
        BoardError: with the pointer to it, and without the thing itself.
    """
    private = list(_private())
    for place, text in texts({name: row[name] for name in _FROM_OUTSIDE}):
        for what, pattern in private:
            if pattern.search(text):
                raise BoardError(f"{where}: {pointer(place)}: holds {what}; an entry is public, so leave it out")


def _private() -> Iterator[tuple[str, re.Pattern[str]]]:
    yield "what looks like a key", CREDENTIAL
    yield "this machine's name", _word(socket.gethostname())
    if len(str(Path.home())) > 1:
        yield "the path of your home", _word(str(Path.home()))
    for name, value in os.environ.items():
        if _SECRET_NAME.search(name) and len(value) >= 8:
            yield f"the value of the environment variable {name}", re.compile(re.escape(value))


def _word(text: str) -> re.Pattern[str]:
    # standing alone: `node` is not in `node-5` nor in `a.node`; a full stop may follow
    return re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])")
