"""Answers: is the final text right?

`grade_answer` is the whole room in one call; `extract` says where the answer stands, `equal` whether two answers
are the same one, and `read_answer` what stands in a box. Importing this package loads mpmath and no other third-party
module; grading imports, opens and starts nothing more, but for the worker that a hard question needs.
"""

from mathif.answers.compare.ladder import equal, grade_answer
from mathif.answers.read.place import Extracted, extract
from mathif.answers.read.reading import Reading, read_answer

__all__ = ["Extracted", "Reading", "equal", "extract", "grade_answer", "read_answer"]
