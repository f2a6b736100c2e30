"""Pictures of a run: those of its arms and of its finished probes; of a probe: its own."""

from __future__ import annotations

from mathif.errors import MathifError
from mathif.probe.finished import finished_report, probe_folders
from mathif.records import Profile
from mathif.results import AnyReport
from mathif.run import Drawn, Run


def draw(run: Run, report: AnyReport, profile: Profile) -> tuple[list[Drawn], list[str]]:
    """Return what is drawn of a run or a probe under one profile, the most important first, and what is not.

    Args:
        run: the run or the probe.
        report: its report.
        profile: one of its profiles.

    Returns:
        The charts of the main arm, of every finished probe and of the other arms; sentences on what was left out.
    """
    own = run.subject.charts(report, profile)
    probes, notes = _probes(run, profile)
    return [*own[:1], *probes, *own[1:]], notes


def _probes(run: Run, profile: Profile) -> tuple[list[Drawn], list[str]]:
    """Return the charts of every finished probe of a run, and one sentence on those left out."""
    from mathif.charts import probe_charts

    drawn, left_out = [], []
    for folder in probe_folders(run):
        try:
            found = finished_report(folder).profiles.get(profile)
            shown = probe_charts(found, folder.name) if found else {}
        except MathifError as error:
            left_out.append(f"{folder.name} ({error})")
        else:
            drawn.append(Drawn(f"Probe {folder.name}", shown, opened=True))
    return drawn, [f"Probes left out: {'; '.join(left_out)}."] if left_out else []
