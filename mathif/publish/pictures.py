"""Pictures of a run: those of its arms and of its finished probes; of a probe: its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mathif.errors import MathifError
from mathif.interventions import BASE
from mathif.probe import Probe
from mathif.probe.finished import finished_report, probe_folders
from mathif.run import Run

if TYPE_CHECKING:
    from mathif.charts import Chart

Json = Mapping[str, Any]


class Drawn(NamedTuple):
    """The charts of an arm or of a probe.

    Attributes:
        name: what they are of.
        charts: the charts by name.
        opened: whether a reader sees them at once.
    """

    name: str
    charts: Mapping[str, Chart]
    opened: bool = False


def draw(run: Run, report: Json, profile: str) -> tuple[list[Drawn], list[str]]:
    """Return what is drawn of a run or a probe under one profile, the most important first, and what is not.

    Args:
        run: the run or the probe.
        report: its report.
        profile: one of its profiles.

    Returns:
        The charts of the main arm, of every finished probe and of the other arms; sentences on what was left out.
    """
    from mathif.charts import charts, probe_charts

    figures = report["profiles"].get(profile)
    if isinstance(run, Probe):
        name = run.folder.name
        return [Drawn(f"Probe {name}", probe_charts(figures, name))] if figures else [], []
    probes, notes = _probes(run, profile)
    arms = [Drawn(f"Arm {arm}", charts(figures, arm)) for arm in sorted(figures["arms"], key=_late)] if figures else []
    return [*arms[:1], *probes, *arms[1:]], notes


def _late(arm: str) -> tuple[bool, str]:
    return arm != BASE, arm


def _probes(run: Run, profile: str) -> tuple[list[Drawn], list[str]]:
    """Return the charts of every finished probe of a run, and one sentence on those left out."""
    from mathif.charts import probe_charts

    drawn, left_out = [], []
    for folder in probe_folders(run):
        try:
            found = finished_report(folder)["profiles"].get(profile)
            shown = probe_charts(found, folder.name) if found else {}
        except MathifError as error:
            left_out.append(f"{folder.name} ({error})")
        except (AttributeError, LookupError, TypeError, ValueError):  # what a file holds that no probe has written
            left_out.append(f"{folder.name} ({folder / 'report.json'}: not the report of a probe)")
        else:
            drawn.append(Drawn(f"Probe {folder.name}", shown, opened=True))
    return drawn, [f"Probes left out: {'; '.join(left_out)}."] if left_out else []
