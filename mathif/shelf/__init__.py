"""The shelf: many runs in one folder, a row for each, for a terminal and as one page that needs no server.

A row is read from the head and the report of its run alone, so that a shelf of hundreds of runs is listed at once.
"""

from mathif.shelf.finding import COMPLETE, ShelvedRun, shelf
from mathif.shelf.showing import page, save_page, terminal

__all__ = ["COMPLETE", "ShelvedRun", "page", "save_page", "shelf", "terminal"]
