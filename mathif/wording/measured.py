"""What was measured, in the few lines that head a terminal, a Markdown report and a page."""

from __future__ import annotations

from mathif.counting import counted
from mathif.results import Measured
from mathif.yardstick import CHARACTERS


def of_measured(measured: Measured | None) -> list[str]:
    """Return who was asked, what, how, and which analysis is the primary one; nothing where a report does not tell."""
    if measured is None:
        return []
    lines = (
        _who(measured),
        _what(measured),
        _how(measured),
        _counting(measured),
        _reworded(measured),
        _primary(measured),
    )
    return [line for line in lines if line]


def _who(measured: Measured) -> str:
    revision = f" ({measured.revision})" if measured.revision else ""
    day = f" on {measured.started}" if measured.started else ""
    if measured.engine == "mock":
        return f"SIMULATED: {measured.model} is no model but a program of mathif {measured.mathif}{day}"
    engine = f"{measured.engine} {measured.engine_version}".strip()
    return f"{measured.model}{revision}, asked through {engine} by mathif {measured.mathif}{day}"


def _what(measured: Measured) -> str:
    tasks = ", ".join(f"{task.name} {task.version}" for task in measured.tasks)
    several = len(measured.tasks) > 1
    part = f", {counted(measured.limit, 'item')}{' of each' if several else ''}" if measured.limit else ""
    samples = f"{counted(measured.samples, 'sample')} of each"
    asked = f"{counted(measured.asked, 'prompt')}, {samples}" if measured.asked else f"{samples} prompt"
    return f"{'tasks' if several else 'task'} {tasks}{part}; arms {', '.join(measured.arms)}; {asked}"


def _how(measured: Measured) -> str:
    sampling, tokens = measured.sampling, measured.tokens
    spent = counted(tokens.generated, _unit(measured)) if tokens.told else "no token counts"
    came = f"{counted(measured.replies, 'reply')}, {spent}"
    if not measured.draws:
        return f"seed {sampling.seed}; {came}" if measured.engine == "mock" else f"recorded elsewhere; {came}"
    drawn = "drawn as its server likes" if sampling.temperature is None else f"temperature {sampling.temperature:g}"
    nucleus = "" if sampling.top_p is None else f", top-p {sampling.top_p:g}"
    most = "" if measured.most_tokens is None else f", at most {counted(measured.most_tokens, 'token')} a reply"
    return f"{drawn}{nucleus}{most}, seed {sampling.seed}; {came}"


def _unit(measured: Measured) -> str:
    return "character" if measured.tokenizer == CHARACTERS else "token"


def _counting(measured: Measured) -> str:
    """Say what counted the lengths, where not only the engine did."""
    if measured.tokenizer is None:
        return ""
    return (
        f"lengths that the engine did not count are counted in {_unit(measured)}s by --tokenizer {measured.tokenizer}"
    )


def _reworded(measured: Measured) -> str:
    """Say which arms differ from the others in more than the thinking, "" where none does."""
    arms = ", ".join(arm for arm, mode in measured.modes.items() if mode.get("rewords"))
    return f"what switches the thinking changes the text of a turn too in {arms}" if arms else ""


def _primary(measured: Measured) -> str:
    if not measured.primary:
        return ""
    when = f", registered before the first reply as {measured.registered[:12]}" if measured.registered else ""
    return f"primary analysis{when}: {measured.primary}; everything else is secondary"
