"""Drawing: what every chart has in common, and a finished chart as SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import vl_convert

from mathif.stats import Estimate

Chart = alt.LayerChart | alt.FacetChart

SIZE: Mapping[str, int] = {"width": 400, "height": 230}
TITLE_CHARS, LINE_CHARS = 46, 76
"""Where a title and a line below it are cut, so that they are not wider than their chart in any font."""
LABELLED: Mapping[str, int] = {"left": 24, "right": 6, "top": 6, "bottom": 6}
"""Room around a chart whose rows have long names: the reader's font may be wider than the one measured."""
COLOURS = {"HAcc": "#3b7dd8", "Acc": "#d97a1e", "joint": "#2e9d6a"}


def svg(chart: Chart) -> str:
    """Return the chart as an SVG element that takes its text colour from the page around it."""
    text: str = vl_convert.vegalite_to_svg(_spec(chart, "currentColor"))
    return text


def png(chart: Chart) -> bytes:
    """Return the chart as a PNG on white, at twice its size."""
    pixels: bytes = vl_convert.vegalite_to_png({**_spec(chart, "#222222"), "background": "white"}, scale=2)
    return pixels


def _spec(chart: Chart, ink: str) -> dict[str, Any]:
    styled = (
        chart.configure(background="transparent", font="Arial, Helvetica, Liberation Sans, sans-serif", padding=6)
        .configure_view(stroke=None)
        .configure_axis(labelColor=ink, titleColor=ink, gridColor=ink, gridOpacity=0.12, domainColor=ink, tickColor=ink)
        .configure_legend(labelColor=ink, titleColor=ink, orient="top", labelFontSize=12, columnPadding=20)
        .configure_title(color=ink, subtitleColor=ink, anchor="start", fontSize=14, subtitleFontSize=11)
        .configure_text(color=ink, fontSize=10)
    )
    found: dict[str, Any] = styled.to_dict(context={"pre_transform": False})
    return found


def inline(rows: Iterable[dict[str, Any]]) -> alt.InlineData:
    """Return rows as the data of a chart."""
    return alt.InlineData(values=list(rows))


def ends(found: Estimate, times: float = 1) -> dict[str, float | None]:
    """Return an estimate as the fields `value`, `low` and `high` of a chart's rows, `times` as large."""
    places = {"value": found.value, "low": found.low, "high": found.high}
    return {name: None if place is None else times * place for name, place in places.items()}


def colour(field: str, colours: Mapping[str, str]) -> alt.Color:
    """Return the colours of the values of `field`, named in a legend."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(field, title=None, scale=scale, legend=alt.Legend(symbolOpacity=1, symbolStrokeWidth=0))


def share(field: str, label: str = "share of replies") -> alt.Y:
    """Return an upward axis from 0 to 100 %."""
    return alt.Y(field, title=label, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))


def title(text: str, *below: str) -> alt.TitleParams:
    """Return a title with lines below it."""
    return alt.TitleParams(_cut(text, TITLE_CHARS), subtitle=[_cut(line, LINE_CHARS) for line in below])


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars - 1] + "…"
