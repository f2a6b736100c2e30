"""Measure every judge on texts of a megabyte that are made to break pattern matchers.

Usage: PYTHONPATH=. python benchmarks/degenerate.py

Prints, for each text, the slowest kind and profile in milliseconds of processor time, and how many exceed 50 ms.
"""

from tabulate import tabulate

from mathif.constraints import KINDS, judge
from mathif.constraints.language import langdetect_says
from mathif.records import Profile
from mathif.testing import drawn
from tests.linear import seconds
from tests.test_constraints_speed import DEGENERATE, afresh

SIZE = 1_000_000
BOUND_MS = 50


def main() -> None:
    """Print the table."""
    constraints = [drawn(kind)[0][0] for kind in KINDS.values()]
    for constraint in constraints:  # load the models
        judge(constraint, "the answer is five: ответ пять", Profile.UPSTREAM)
    langdetect_says("the answer is five")
    table = []
    for name, text in DEGENERATE.items():
        times = [
            (seconds(afresh(constraint, profile), text(SIZE) + " ") * 1e3, constraint.kind, profile.value)
            for constraint in constraints
            for profile in (tuple(Profile) if constraint.official else (Profile.MATHIF,))
        ]
        slow = sum(milliseconds > BOUND_MS for milliseconds, _, _ in times)
        table.append([name, *max(times), f"{slow} of {len(times)}"])
    headers = ["text", "slowest, ms", "kind", "profile", f"above {BOUND_MS} ms"]
    print(tabulate(table, headers=headers, tablefmt="github", floatfmt=".0f"))


if __name__ == "__main__":
    main()
