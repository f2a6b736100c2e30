"""A run: what was asked, every raw reply, every verdict and the report, made stage by stage, in memory or in a folder.

`Plan` is what the user asked for, a `Subject` what a run is about, an `Asking` one way in which it makes its prompts;
`pipeline` turns replies into verdicts and knows of no file; `Run` is the folder, and `stages` are what writes it.
"""

from mathif.plan import Plan as Plan
from mathif.run.dealing import chosen, dealt
from mathif.run.folder import GENERATIONS, Replies, Run
from mathif.run.merging import merge
from mathif.run.stages import Progress, draw, generate, grade, report, silent, stoppable, unheard
from mathif.run.subject import Aside, Drawn, Items, Subject, new_items

__all__ = [
    "GENERATIONS",
    "Aside",
    "Drawn",
    "Items",
    "Plan",
    "Progress",
    "Replies",
    "Run",
    "Subject",
    "chosen",
    "dealt",
    "draw",
    "generate",
    "grade",
    "merge",
    "new_items",
    "report",
    "silent",
    "stoppable",
    "unheard",
]
