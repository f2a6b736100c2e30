"""Modes: how the arms that switch the thinking do it, from the one table of families.

What a family has no way for is refused in a sentence; nothing is left to a default, which differs between engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mathif.arms.kinds import BUDGET, EFFORT, Arm, parse_arm
from mathif.errors import UsageError
from mathif.families import Effort, Family, Place, Switch, family_of
from mathif.items import Budget, Mode
from mathif.json_values import Json

RECORDED = "file:"
"""What the name of recorded replies begins with: they were asked elsewhere, as their arms say."""

MARKS = ("<think>", "</think>")
"""What a budget opens and closes the thinking with where the model is in no known family."""


def modes_of(arms: Iterable[str], model: str, tags: tuple[str, str] | None = None) -> dict[str, Mode]:
    """Return for each arm that switches the thinking how it does so with `model`.

    Args:
        arms: names of arms.
        model: as given to `--model`.
        tags: the marks of the thinking that the user named.

    Raises:
        UsageError: for an arm that the model's family has no way for.
    """
    parsed = {arm: parse_arm(arm) for arm in arms}
    return {name: _mode(name, arm, model, tags) for name, arm in parsed.items() if arm.kind.switches}


def _mode(name: str, arm: Arm, model: str, tags: tuple[str, str] | None) -> Mode:
    if model.startswith(RECORDED):
        return Mode()
    family = family_of(model)
    if arm.kind.name == BUDGET:
        return _budgeted(name, int(arm.value), family, tags)
    if family is None:
        raise UsageError(
            f"--arms {name}: the model {model!r} is in no known family, so it is not known how its thinking is "
            "switched; docs/thinking.md lists the families, and a budget (budget:N) needs none"
        )
    return _effort(name, arm.value, family) if arm.kind.name == EFFORT else _switched(name, arm.value == "on", family)


def _switched(name: str, on: bool, family: Family) -> Mode:
    switch = family.switch
    if switch is None:
        always = "always thinks" if family.marks else "never thinks"
        raise UsageError(f"--arms {name}: {family.name} {always}: its thinking cannot be switched on or off")
    if not on and switch.off is None:
        raise UsageError(f"--arms {name}: the thinking of {family.name} cannot be switched off")
    return _set(switch, switch.on if on else switch.off)


def _effort(name: str, value: str, family: Family) -> Mode:
    effort = family.effort
    if effort is None:
        raise UsageError(f"--arms {name}: {family.name} knows no effort of thinking")
    if value not in effort.values:
        raises = "; its template raises at any other" if effort.refuses else ""
        raise UsageError(f"--arms {name}: {family.name} knows {', '.join(effort.values)}{raises}")
    mode = _set(effort, True if effort.flag else value)
    return _joined(_on(family), mode)


def _budgeted(name: str, tokens: int, family: Family | None, tags: tuple[str, str] | None) -> Mode:
    """Return a mode that bounds the thinking: by the template where it knows a budget, else closed by the run."""
    if family is None or tags:
        opens, closes = tags or MARKS
        return Mode(budget=_closing(tokens, opens, closes))
    if family.budget:
        rewords = family.switch is not None and family.switch.rewords
        return _joined(_on(family), Mode(template={family.budget: tokens}, rewords=rewords))
    if not family.marks:
        raise UsageError(f"--arms {name}: {family.name} never thinks, so there is nothing to bound")
    if family.channels:
        raise UsageError(
            f"--arms {name}: {family.name} thinks in a channel of its own, which cannot be closed and gone on from"
        )
    marks = family.marks[0]
    opens = "" if family.prompt_on else marks.opens
    return replace(_on(family), budget=_closing(tokens, opens, marks.closes))


def _closing(tokens: int, opens: str, closes: str) -> Budget:
    return Budget(tokens, f"{opens}\n" if opens else "", f"\n{closes}\n\n")


def _on(family: Family) -> Mode:
    """Return what switches the thinking on, nothing where it cannot be switched."""
    return Mode() if family.switch is None else _set(family.switch, family.switch.on)


def _set(setting: Switch | Effort, value: Json) -> Mode:
    """Return the mode that gives a setting of a family a value."""
    match setting.place:
        case Place.TEMPLATE:
            return Mode(template={setting.field: value}, rewords=setting.rewords)
        case Place.REQUEST:
            return Mode(request={setting.field: value}, rewords=setting.rewords)
        case Place.SYSTEM:
            return Mode(system=str(value), rewords=True)
        case Place.USER:
            return Mode(user=str(value), rewords=True)


def _joined(first: Mode, second: Mode) -> Mode:
    """Return both; where they set one thing, the second does."""
    return Mode(
        template={**first.template, **second.template},
        request={**first.request, **second.request},
        system=second.system or first.system,
        user=second.user or first.user,
        budget=second.budget or first.budget,
        rewords=first.rewords or second.rewords,
    )
