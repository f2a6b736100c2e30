"""The data set of a task as a repository of the Hugging Face hub: its items, a card, and Croissant metadata.

Croissant 1.1 with the fields of its vocabulary for responsible AI (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
and https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html). Only the items of our own format are
written; those of a published benchmark stay where their authors publish them, under their licence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from mathif import store
from mathif.items import Item, Task
from mathif.json_values import Json


class Licence(NamedTuple):
    """Under what the items may be used: as the hub names it, where it stands, and in words."""

    name: str
    url: str
    told: str


OURS = Licence(
    "apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0", "Apache 2.0, problems and constraints alike."
)
OF_OTHERS = Licence(
    "unknown",
    "https://choosealicense.com/no-permission/",
    "The problems are their authors', who have to say how they may be used; the constraints are Apache 2.0.",
)

_PAPER = "https://arxiv.org/abs/2505.14810"
_TEXT, _NUMBER = "sc:Text", "sc:Integer"
FIELDS: Mapping[str, tuple[str, bool, str]] = {
    "key": (_TEXT, False, "Name of the item."),
    "problem": (_TEXT, False, "Name of its problem; the items of one problem differ in their constraints alone."),
    "question": (_TEXT, False, "What is asked, without any instruction."),
    "answer": (_TEXT, False, "The right answer, in LaTeX."),
    "source": (_TEXT, False, "The set that the problem is from."),
    "tier": (_NUMBER, False, "Difficulty, from 1 (grade school) to 5 (olympiad)."),
    "kinds": (_TEXT, True, "The kind of each constraint."),
    "arguments": (_TEXT, True, "The arguments of each constraint, as JSON."),
    "sentences": (_TEXT, True, "How each constraint is put to the model."),
    "canary": (_TEXT, False, "A string that is in no prompt, by which training on this file is found out."),
}
"""Each column: its type, whether it is a list, and what it holds."""


def write_data_set(task: Task, licence: Licence, published: str, folder: Path) -> list[Path]:
    """Write `README.md`, `croissant.json` and `test.jsonl` of a task in our own format, and return their paths.

    Args:
        task: the task.
        licence: under what its items may be used.
        published: the date, as `2026-01-31`.
        folder: where the files go.

    Raises:
        UsageError: if one of them is there with other content, such as a card that its publisher has completed.
    """
    rows = "".join(store.line(item_row(task, item)) for item in task.items)
    croissant = _croissant(task, licence, published, sha256(rows.encode()).hexdigest())
    files = {
        folder / "README.md": _card(task, licence),
        folder / "croissant.json": store.indented(croissant),
        folder / "test.jsonl": rows,
    }
    for path, content in files.items():
        store.refuse_other(path, content)
    store.make_folder(folder)
    for path, content in files.items():
        store.write_text(path, content)
    return list(files)


def item_row(task: Task, item: Item) -> dict[str, Json]:
    """Return an item as a flat row; `FIELDS` says what its columns hold."""
    problem = item.problem
    return {
        "key": item.key,
        "problem": problem.key,
        "question": problem.question,
        "answer": problem.answer,
        "source": problem.source,
        "tier": problem.tier,
        "kinds": [demand.kind for demand in item.constraints],
        "arguments": [json.dumps(demand.args(), ensure_ascii=False) for demand in item.constraints],
        "sentences": list(item.sentences),
        "canary": task.canary,
    }


def _card(task: Task, licence: Licence) -> str:
    """Return the card: its head in YAML, which the hub reads, and what a reader should know."""
    count = len(task.items)
    size = next(name for most, name in ((1000, "n<1K"), (10_000, "1K<n<10K"), (10**9, "10K<n<100K")) if count < most)
    columns = "\n".join(f"- `{name}`: {meaning}" for name, (_, _, meaning) in FIELDS.items())
    return f"""---
license: {licence.name}
language:
- en
pretty_name: mathif {task.name}
task_categories:
- text-generation
tags:
- mathematics
- instruction-following
- reasoning
- benchmark
size_categories:
- {size}
configs:
- config_name: default
  data_files:
  - split: test
    path: test.jsonl
---

# mathif {task.name}, edition {task.version}

{task.title}. Each problem is asked alone and with constraints on how to answer; `mathif` grades the answer and
every constraint, and shows how both change with the length of the thinking.

```bash
mathif eval --task {task.name} --model org/name
```

Digest of the content: `{task.digest}`. Canary: `{task.canary}`. **Do not train on this file.**

## Columns

{columns}

## Licence and sources

{licence.told} The kinds of constraints and the question that the set is made for go back to
MathIF ([arXiv 2505.14810]({_PAPER})), whose own items are not in it.

## Limits

{_LIMITS}
"""


_LIMITS = (
    "The instructions are in English and can be checked by a rule; the mathematics has short, exact answers. What a "
    "model does with vague instructions, or in long conversations, is not measured. No person is in the data: names in "
    "the stories are drawn from a list."
)


def _croissant(task: Task, licence: Licence, published: str, digest: str) -> dict[str, Json]:
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": f"mathif-{task.name}",
        "description": f"{task.title}. Canary: {task.canary}",
        "version": "1.0.0",
        "datePublished": published,
        "license": licence.url,
        "url": f"https://huggingface.co/datasets/mathif/{task.name}",
        "creator": {"@type": "sc:Organization", "name": "The mathif maintainers"},
        "citeAs": f"mathif {task.name} {task.version}; MathIF, {_PAPER}",
        "keywords": ["mathematics", "instruction following", "reasoning", "benchmark"],
        "isLiveDataset": False,
        **_RESPONSIBLE,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "items",
                "name": "items",
                "contentUrl": "test.jsonl",
                "encodingFormat": "application/jsonlines",
                "sha256": digest,
            }
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "default", "name": "default", "field": list(_fields())}],
    }


def _fields() -> Iterator[dict[str, Json]]:
    for name, (kind, several, meaning) in FIELDS.items():
        shape: dict[str, Json] = {"isArray": True, "arrayShape": "-1"} if several else {}
        yield {
            "@type": "cr:Field",
            "@id": f"default/{name}",
            "name": name,
            "description": meaning,
            "dataType": kind,
            **shape,
            "source": {"fileObject": {"@id": "items"}, "extract": {"column": name}},
        }


_USE = (
    "Testing of language models: right answers, obedience to instructions, and how both change with the length of the "
    "thinking. It is not to be trained on."
)
_RESPONSIBLE = {
    "rai:dataCollection": "Problems are drawn from families with an exact answer and an independent check of it; "
    "constraints are dealt so that no two contradict each other and a reply exists that obeys them all.",
    "rai:dataCollectionType": ["Software Collection"],
    "rai:dataUseCases": [_USE],
    "rai:dataLimitations": [_LIMITS],
    "rai:dataBiases": ["Stories are those of schoolbooks in English, or made up."],
    "rai:personalSensitiveInformation": ["None."],
    "rai:dataSocialImpact": "A model that scores well does what it is told in form, whether or not it should.",
    "rai:dataReleaseMaintenancePlan": "Editions are kept; a new one is made where a fixed text scores too well.",
}

_CONTEXT: dict[str, Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification recommends."""
