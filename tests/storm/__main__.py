"""Sail many seeds; name those that break a law."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.storm.voyage import LawError, Sea


def main() -> None:
    """Sail the seeds that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    said = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        sea = Sea(Path(folder))
        for seed in range(said.first, said.first + said.seeds):
            try:
                sea.sail(seed)
            except LawError as error:
                failed.append(seed)
                print(error, "--", repr(error.__cause__)[:300])
    print(f"{said.seeds} seeds, {time.process_time():.1f} s of processor time; failed: {failed or 'none'}")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
