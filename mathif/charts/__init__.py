"""Charts: a report as pictures, drawn once and saved as SVG or PNG.

Nothing is computed here that a table does not show. Text and axes take the colour of the text around them, so a
picture inside a page suits a light and a dark screen.
"""

from mathif.charts.arms import charts
from mathif.charts.drawing import Chart, png, svg
from mathif.charts.probes import probe_charts

__all__ = ["Chart", "charts", "png", "probe_charts", "svg"]
