"""`mathif` measures whether reasoning models still obey instructions when they think for long.

`mathif.api` is the program as functions; those that a notebook begins with stand here too.
The graders are for anyone: `grade_answer`, `check_constraint` and `grade` are pure, and any thread or process may call
them. All load when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mathif import api
    from mathif.api import evaluate, load_task, make_prompts, make_task, open_run, write_prompts
    from mathif.grading import Grades, check_constraint, grade, grade_answer
    from mathif.items import Item
    from mathif.records import Outcome, Problem, Profile, Verdict

__version__ = "0.1.0"

__all__ = [
    "Grades",
    "Item",
    "Outcome",
    "Problem",
    "Profile",
    "Verdict",
    "__version__",
    "api",
    "check_constraint",
    "evaluate",
    "grade",
    "grade_answer",
    "load_task",
    "make_prompts",
    "make_task",
    "open_run",
    "write_prompts",
]

_HOMES = {
    "evaluate": "mathif.api",
    "load_task": "mathif.api",
    "make_prompts": "mathif.api",
    "make_task": "mathif.api",
    "open_run": "mathif.api",
    "write_prompts": "mathif.api",
    "Grades": "mathif.grading",
    "check_constraint": "mathif.grading",
    "grade": "mathif.grading",
    "grade_answer": "mathif.grading",
    "Item": "mathif.items",
    "Outcome": "mathif.records",
    "Problem": "mathif.records",
    "Profile": "mathif.records",
    "Verdict": "mathif.records",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    if name == "api":
        return import_module("mathif.api")
    if name not in _HOMES:
        raise AttributeError(f"module 'mathif' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
