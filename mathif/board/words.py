"""Words and numbers of the board, the same on the page, in Markdown and in CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mathif.board.model import BoardRow
from mathif.counting import counted
from mathif.records import Profile

BADGES: Mapping[str, tuple[str, str]] = {
    "regraded": (
        "regraded",
        "Every verdict and number was recomputed here from the raw replies, with the same result.",
    ),
    "reproduced": ("reproduced", "Regraded, and somebody else's run of the same model agrees with it."),
    "self-reported": ("self-reported", "The submitter's numbers; the raw replies were not at hand to regrade."),
    "published-not-regraded": (
        "published, not regraded",
        "Copied from a publication that does not come with its replies.",
    ),
    "stale": (
        "stale",
        "Graded by rules that judge otherwise today; its replies can be graded again. It has no rank until they are.",
    ),
    "refused": ("refused", "The entry does not hold: see why in its settings. It has no numbers."),
    "floor": (
        "reference",
        "Not a model: a fixed way of answering, against which the others are read. It has no rank.",
    ),
}
"""For each badge its name and what it means."""

NOTHING_BEHIND = {
    True: "Only these numbers were published: no replies, so no length curve and no figures by kind.",
    False: "No replies are kept for this row.",
}
"""What a row opens into that has no replies; whether it was published elsewhere."""

HEADINGS: Mapping[str, str] = {
    "model": "",
    "method": "Published interventions: models trained or asked in another way, without a rank",
    "reference": "For reference",
    "grey": "Entries that do not hold",
}
"""What stands above each part of a table."""
NOT_MEASURED = "not measured"
"""What stands where a model has no value in a column that the board is about."""

READING: Mapping[str, str] = {
    "Intervals": "The small numbers are 95 % intervals. Where a problem has several replies, the problem is the unit. "
    "Published results have the interval that their number of items gives.",
    "Rank range": "A rank is ruled out only where the difference to enough other rows is beyond chance, at 95 % for "
    "all comparisons of a row together. Rows with replies are compared on the same problems by bootstrap; published "
    "ones, which have none, by simulating from their share and number of items.",
    "Profile": "Whose rules judge a constraint: those of its sentence, or, under profile upstream, those of MathIF's "
    "published code. Rows of different tasks or profiles answer different questions and are in different tables.",
    "Floor": "The dashed mark: what a reply scores that is right and ignores every instruction (the null reply). The "
    "dotted mark: what the best fixed text scores, the same for every item and right by chance at most.",
    "Versions": "A task that is made anew has a new version, and its earlier tables stay as they were. A row that "
    "opens says what the same model scored in other tables and versions.",
    "Constant and witness": "Two more references: the same reply to everything, and a reply composed to obey every "
    "constraint.",
}
"""What the page explains below its tables, besides its columns and badges."""


def title(task: str, profile: Profile, limit: int | None) -> str:
    """Return the heading of a table."""
    rules = ", profile upstream" if profile is Profile.UPSTREAM else ""
    each = " of each task" if "+" in task else ""
    part = f", {counted(limit, 'item')}{each}" if limit else ""
    return f"{task}{rules}{part}"


def note(rows: Sequence[BoardRow], ranked: int, newer: str = "") -> str:
    """Return what must be said above a table; `newer` is the version that there is to run in place of it."""
    published = [row for row in rows if row.badge == "published-not-regraded"]
    beside = f", {len(rows) - ranked} without a rank" if len(rows) > ranked else ""
    sentences = [f"{counted(ranked, 'ranked row')}{beside}."]
    if withheld := sum(row.withholds for row in rows):
        sentences.append(
            f"{counted(withheld, 'row shows', 'rows show')} too little of the thinking that was asked for to be ranked."
        )
    if newer:
        sentences.append(f"An earlier version of the task, kept as it was; {newer} is the one to run now.")
    if published:
        sources = "; ".join(sorted({row.submitter for row in published}))
        sentences.append(
            f"{counted(len(published), 'result was', 'results were')} published and not regraded: {sources}."
        )
    return " ".join(sentences)


def clip(text: str, limit: int) -> str:
    """Return `text` with at most `limit` characters, its end left out where it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def number(value: float, digits: int, sign: bool = False) -> str:
    """Return a number with a true minus, and with its plus where it is a difference."""
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = f"{0:.{digits}f}"
    return text.replace("-", "−")


def size(parameters_b: float | None) -> str | None:
    """Return a number of parameters in billions or millions, or None."""
    if parameters_b is None:
        return None
    return f"{parameters_b:g} B" if parameters_b >= 1 else f"{parameters_b * 1000:.0f} M"
