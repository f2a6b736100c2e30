"""Wording: where numbers become sentences, each saying what its interval supports and nothing that it does not."""

from mathif.wording.report import of_report

__all__ = ["of_report"]
