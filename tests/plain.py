"""A result as the plain JSON of its file, for tests that look into it by names."""

import json
from typing import Any

from mathif.schemas import to_json


def stored(result: object) -> dict[str, Any]:
    """Return a report, a comparison or a probe's report as whoever reads its file has it."""
    row: dict[str, Any] = json.loads(json.dumps(to_json(result)))
    return row
