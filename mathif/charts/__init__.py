"""Charts: a report as pictures, each with a title that says what it shows, for a page or as SVG and PNG files.

Nothing is computed here that a table does not show.
"""

from mathif.charts.arms import charts
from mathif.charts.drawing import Chart, Picture, png, svg, vector
from mathif.charts.probes import probe_charts

__all__ = ["Chart", "Picture", "charts", "png", "probe_charts", "svg", "vector"]
