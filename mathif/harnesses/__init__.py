"""Harnesses: the bundled tasks inside the evaluation harnesses that people already run, one file or folder a harness.

Each asks what `mathif eval` asks, hands every reply to the same graders, and gives the same figures.
"""

from pathlib import Path

LM_EVAL = Path(__file__).parent / "lm_eval"
"""The folder of tasks for `lm_eval --include_path`."""
