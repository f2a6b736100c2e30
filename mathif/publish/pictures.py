"""Pictures of a run: those of its arms and of its finished probes; of a probe: its own. And where a page hangs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mathif.errors import MathifError
from mathif.page import Framed, Gallery
from mathif.probe.finished import finished_report, probe_folders
from mathif.records import Profile
from mathif.results import AnyReport
from mathif.run import Drawn, Run
from mathif.wording.pictures import of_same

if TYPE_CHECKING:
    from mathif.charts import Picture

FIRST = ("within", "length", "dose-hacc")
"""The pictures of the first screen, by how their names begin."""
TOPICS = {
    "lift": "What being asked changes",
    "thinking": "The thinking against the reply",
    "position": "Where replies break",
    "joint": "Right and obedient",
    "length": "Length, asked in other ways",
}
"""The headings of a run's pictures, in their order."""


class Hung(NamedTuple):
    """Pictures as a page hangs them.

    Attributes:
        first: those of the first screen.
        galleries: the others.
        notes: sentences on those that are not there.
    """

    first: Sequence[Framed]
    galleries: Sequence[Gallery]
    notes: Sequence[str]


def draw(run: Run, report: AnyReport, profile: Profile) -> tuple[list[Drawn], list[str]]:
    """Return what is drawn of a run or a probe under one profile, the most important first, and what is not.

    Args:
        run: the run or the probe.
        report: its report.
        profile: one of its profiles.

    Returns:
        The pictures of the main arm, of every finished probe and of the other arms; sentences on what was left out.
    """
    own = run.subject.charts(report, profile)
    probes, notes = _probes(run, profile)
    return [*own[:1], *probes, *own[1:]], notes


def _probes(run: Run, profile: Profile) -> tuple[list[Drawn], list[str]]:
    """Return the pictures of every finished probe of a run, and one sentence on those left out."""
    from mathif.charts import probe_charts

    drawn, left_out = [], []
    for folder in probe_folders(run):
        try:
            figures = finished_report(folder).profiles.get(profile)
            shown = probe_charts(figures, folder.name) if figures else {}
        except MathifError as error:
            left_out.append(f"{folder.name} ({error})")
        else:
            drawn.append(Drawn(f"Probe {folder.name}", shown, opened=True))
    return drawn, [f"Probes left out: {'; '.join(left_out)}."] if left_out else []


def hang(run: Run, report: AnyReport, profile: Profile) -> Hung:
    """Return the pictures of a run or a probe as its page hangs them; what repeats another picture is only named."""
    try:
        import mathif.charts  # noqa: F401 - whether its packages are there
    except ImportError:
        return Hung([], [], ["No pictures were drawn: install the extra charts and run mathif report."])
    drawn, notes = draw(run, report, profile)
    if not any(one.pictures for one in drawn):
        return Hung([], [], [*notes, "There is too little to draw."])
    frame = _Frame()
    main, *others = drawn
    first = {name: picture for name, picture in main.pictures.items() if name.startswith(FIRST)}
    first_framed = frame.framed(first)
    rest = {name: picture for name, picture in main.pictures.items() if name not in first}
    galleries = [
        *(Gallery(heading, frame.framed(shown), opened=True) for heading, shown in _by_topic(main.name, rest)),
        *(Gallery(one.name, frame.framed(one.pictures), one.opened) for one in others),
    ]
    return Hung(first_framed, [one for one in galleries if one.pictures], [*notes, *frame.notes()])


def _by_topic(name: str, pictures: Mapping[str, Picture]) -> Iterator[tuple[str, dict[str, Picture]]]:
    """Yield pictures under the heading of their topic; those of a probe under its name."""
    for topic, heading in {**TOPICS, "probe": name}.items():
        yield heading, {one: picture for one, picture in pictures.items() if picture.topic == topic}


class _Frame:
    """Frames pictures, each drawing once."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._same: list[str] = []

    def framed(self, pictures: Mapping[str, Picture]) -> list[Framed]:
        """Return those pictures that do not look like one that was framed before."""
        from mathif.charts import svg

        framed = []
        for name, picture in pictures.items():
            drawn = svg(picture)
            look = drawn.partition(">")[2]  # behind the tag that holds its title
            if look in self._seen:
                self._same.append(name)
            else:
                framed.append(Framed(picture.title, picture.lines, drawn))
            self._seen.add(look)
        return framed

    def notes(self) -> list[str]:
        """Name what was left out."""
        return [of_same(self._same)] if self._same else []
