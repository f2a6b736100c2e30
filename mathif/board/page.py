"""The board as one HTML file: tables that stand without script, and a script that makes them answer questions.

A pure function of `board.json`. Whatever came from a submission is escaped here and becomes text nodes there; the
content security policy names the one style and the one script by their digests, so nothing else can run or load.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from mathif.board.text import BADGES, READING, clip, number, size, title

Json = Mapping[str, Any]

NAME_CHARS = 80
"""Longest name that is shown; `board.json` has it whole."""
REPLY_CHARS = 400
"""Longest reply that is shown."""


class Column(NamedTuple):
    """One column of the tables.

    Attributes:
        key: name of the field of a row; what the page sorts by.
        name: heading.
        unit: what stands below the heading.
        tip: what it is, in one sentence.
        scale: what a value is multiplied by to be shown.
        digits: decimals shown.
    """

    key: str
    name: str
    unit: str
    tip: str
    scale: float = 100
    digits: int = 1


RANK = Column("rank", "Rank", "95 % range", "Ranks by HAcc that the data do not rule out.", 1, 0)
COLUMNS = (
    Column("hacc", "HAcc", "%", "Replies that obey every constraint."),
    Column(
        "above_floor",
        "Above floor",
        "points",
        "HAcc minus what a reply scores that ignores every instruction; its interval is that of HAcc, moved.",
    ),
    Column("sacc", "SAcc", "%", "Mean share of a reply's constraints that are obeyed."),
    Column("acc", "Acc", "%", "Replies with the right answer, constraints shown."),
    Column("acc_plain", "Acc unasked", "%", "Replies with the right answer, no constraints shown."),
    Column("joint", "Joint", "%", "Replies that are right and obey every constraint."),
    Column("lift", "Lift", "points", "HAcc minus the HAcc of the same model on the same problems when not asked."),
    Column(
        "dilution",
        "Dilution",
        "log-odds",
        "Change in the log-odds of obeying per doubling of the CoT, within items.",
        1,
        2,
    ),
    Column("open", "OPEN", "%", "Replies that ran out of tokens inside their thinking."),
    Column("tokens", "Tokens", "mean", "Tokens generated for a reply.", 1, 0),
)
_SCALE = (
    '<th scope="col" class="p"><span class="vh">HAcc drawn</span>'
    '<span class="axis" aria-hidden="true"><span>0</span><span>50</span><span>100 %</span></span></th>'
)
SIGNED = {"above_floor", "lift", "dilution"}
"""Columns whose numbers are differences and carry their sign."""


def html(board: Json) -> str:
    """Return the page of a board."""
    room = files(__package__)
    style, script, skeleton = ((room / f"board.{kind}").read_text("utf-8") for kind in ("css", "js", "html"))
    sections = board["sections"]
    return Template(skeleton).substitute(
        style=style,
        style_digest=_digest(style),
        script=script,
        script_digest=_digest(script),
        links="".join(f'<li><a href="#{_place(s)}">{_text(title(s))}</a></li>' for s in sections),
        badges="".join(f'<option value="{badge}">{_text(name)}</option>' for badge, (name, _) in BADGES.items()),
        sections="".join(map(_section, sections)),
        legend=_legend(),
        keys=" ".join(column.key for column in (RANK, *COLUMNS)),
        packed=_packed(sections),
    )


def shown(row: Json, column: Column) -> tuple[str, str]:
    """Return a row's value in a column and its interval, as text; "–" and "" where they are unknown.

    The distance from the floor has the interval of HAcc, which is not said twice.
    """
    found = row[column.key]
    if found is None:
        return "–", ""
    if column.key == "rank":
        return (f"{found['best']}–{found['worst']}" if found["best"] < found["worst"] else str(found["best"])), ""
    sign = column.key in SIGNED
    if not isinstance(found, Mapping):
        return number(found * column.scale, column.digits, sign), ""
    value = number(found["value"] * column.scale, column.digits, sign)
    if found["low"] is None or column.key == "above_floor":
        return value, ""
    ends = [number(found[end] * column.scale, column.digits) for end in ("low", "high")]
    return value, f"{ends[0]} to {ends[1]}" if sign else f"{ends[0]}–{ends[1]}"


def columns_of(section: Json) -> list[Column]:
    """Return the columns that some row of the section has a value in; the two first always."""
    return [RANK, *(column for column in COLUMNS if any(row[column.key] is not None for row in section["rows"]))]


def _place(section: Json) -> str:
    return f"t-{section['id']}"


def _row_id(section: Json, row: Json) -> str:
    return f"{section['id']}.{row['name']}"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(value: object, limit: int = NAME_CHARS) -> str:
    """Return a value as markup that shows it and does nothing else."""
    return escape(clip(str(value), limit))


def _section(section: Json) -> str:
    place, columns = _place(section), columns_of(section)
    heading = _text(title(section))
    head = "".join(
        [
            '<th scope="col" class="m" data-k="model" data-n="Model">Model</th>',
            _head(RANK),
            _SCALE,
            *map(_head, columns[1:]),
            '<th scope="col" class="b" data-k="badge" data-n="Trust">Trust</th>',
        ]
    )
    body = "".join(_row(section, row, columns) for row in section["rows"])
    return f"""<section id="{place}" aria-labelledby="h-{place}"><h2 id="h-{place}">{heading}</h2>
<p class="dim">{_text(section["note"], 500)}</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="h-{place}">
<table class="board" data-task="{heading}" aria-labelledby="h-{place}">
<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>
"""


def _head(column: Column) -> str:
    name = column.name.replace(" ", "\n")
    return (
        f'<th scope="col" data-k="{column.key}" data-n="{column.name}" title="{escape(column.tip)}">'
        f"{name}<small>{column.unit}</small></th>"
    )


def _row(section: Json, row: Json, columns: Sequence[Column]) -> str:
    model = row["model"]
    about = [model["organisation"], size(model["parameters_b"])]
    if model["open"] is False:
        about.append("closed")
    small = " · ".join(clip(part, NAME_CHARS) for part in about if part)
    cells = "".join(_cell(row, column) for column in columns[1:])
    kind = {"floor": "row floor", "stale": "row grey", "refused": "row grey"}.get(row["badge"], "row")
    flags = " ".join(
        f'data-{name}="{value}"'
        for name, value in (
            ("v", " ".join(_value(row, column) for column in (RANK, *COLUMNS))),
            ("b", "" if model["parameters_b"] is None else f"{model['parameters_b']:g}"),
            ("open", _flag(model["open"])),
            ("reasoning", _flag(row["reasoning"])),
            ("badge", row["badge"]),
        )
    )
    return (
        f'<tr class="{kind}" id="r-{_text(_row_id(section, row), 200)}" {flags}>'
        f'<th scope="row" class="m"><bdi>{_text(model["id"])}</bdi><small>{escape(small)}</small></th>'
        f'<td class="rk">{shown(row, RANK)[0]}</td>'
        f'<td class="p">{_whisker(row)}</td>{cells}<td class="b">{_text(BADGES[row["badge"]][0])}</td></tr>\n'
    )


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


def _cell(row: Json, column: Column) -> str:
    value, interval = shown(row, column)
    return f"<td>{value}<small>{interval}</small></td>" if interval else f"<td>{value}</td>"


def _value(row: Json, column: Column) -> str:
    """Return what a column is sorted by, "" where it is unknown."""
    found = row[column.key]
    if found is None:
        return ""
    if column.key == "rank":
        return f"{found['best'] + found['worst'] / 10_000:g}"
    return f"{found['value'] if isinstance(found, Mapping) else found:.5g}"


def _whisker(row: Json) -> str:
    """Return HAcc, its interval and the floor on a line from 0 to 100 %."""
    found, floor = row["hacc"], row["floor"]
    parts = ['<line class="x" x2="100%" y1="10" y2="10"/>']
    if floor:
        x = f"{floor['hacc']:.1%}"
        parts.append(f'<line class="z" x1="{x}" x2="{x}" y2="20"/>')
    if found:
        if found["low"] is not None:
            parts.append(f'<line class="w" x1="{found["low"]:.1%}" x2="{found["high"]:.1%}" y1="10" y2="10"/>')
        parts.append(f'<circle class="d" cx="{found["value"]:.1%}" cy="10" r="3.5"/>')
    return f'<svg class="f" aria-hidden="true">{"".join(parts)}</svg>'


def _legend() -> str:
    columns = [(column.name, column.tip) for column in (RANK, *COLUMNS)]
    parts = (("Columns", columns), ("Terms", READING.items()), ("Trust", BADGES.values()))
    return "".join(f"<div><h3>{heading}</h3><dl>{_terms(terms)}</dl></div>" for heading, terms in parts)


def _terms(terms: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in terms)


def _packed(sections: Iterable[Json]) -> str:
    """Return what a row opens into, packed: shares in tenths of a percent, kinds by their numbers."""
    rows = {_row_id(section, row): row for section in sections for row in section["rows"]}
    kinds = sorted({kind["kind"] for row in rows.values() for kind in row["kinds"]})
    places = {kind: place for place, kind in enumerate(kinds)}
    details = {name: _details(row, places) for name, row in rows.items()}
    data = json.dumps({"kinds": kinds, "rows": details}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(data.encode("utf-8", "replace"), 9)).decode()


def _details(row: Json, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "facts": list(_facts(row)),
        "lengths": [[b["low"], b["high"], b["n"], *_mille(b["hacc"]), *_mille(b["acc"])] for b in row["lengths"]],
        "kinds": [[places[k["kind"]], *_mille(k["obeyed"]), _tenths(k["floor"])] for k in row["kinds"]],
        "samples": [
            [clip(reply["item"], NAME_CHARS), reply["verdict"], clip(reply["text"], REPLY_CHARS)]
            for reply in row["replies"]
        ],
        "note": "Only these numbers were published: no replies, so no length curve and no figures by kind."
        if row["badge"] == "published-not-regraded"
        else "No replies are kept for this row.",
    }


def _facts(row: Json) -> Iterator[tuple[str, str]]:
    model = row["model"]
    known = {
        "trust": BADGES[row["badge"]][1],
        "model": model["id"],
        "link": model["link"],
        "licence": model["licence"],
        "submitter": row["submitter"],
        "samples for each item": row["samples"],
        "items asked": row["limit"] or "all",
        "floor": _floor(row),
        **row["settings"],
    }
    for name, value in known.items():
        if value not in (None, ""):
            yield clip(name, NAME_CHARS), clip(str(value), 200)


def _floor(row: Json) -> str:
    """Return what the null reply scores on the same items, and how far the row is above it."""
    parts = []
    for name, metric, column in (("HAcc", "hacc", "above_floor"), ("SAcc", "sacc", "sacc_above_floor")):
        if row[column]:
            floor, above = (100 * value for value in (row["floor"][metric], row[column]["value"]))
            parts.append(f"{name} {number(floor, 1)} % ({number(above, 1, True)} points)")
    return ", ".join(parts)


def _mille(found: Json | None) -> list[int | None]:
    return [_tenths(found[end]) for end in ("value", "low", "high")] if found else [None] * 3


def _tenths(share: float | None) -> int | None:
    return None if share is None else round(share * 1000)
