"""What can become of a generation, of its thinking, and of a judgement; and by whose rules it is judged."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a grader says.

    UNGRADED is a failure of the grader, never of the model, and stays in the denominator. UNMEASURED says that there is
    nothing to judge, because the reply shows no thinking: it is neither pass nor fail, and is in no denominator.
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNGRADED = "ungraded"
    UNMEASURED = "unmeasured"


class Finish(StrEnum):
    """Why a generation ended: the model stopped, the token limit cut it, no reply was given, or the harness failed.

    REFUSED stands for anything but a reply (a refusal, a call of a tool, an ending without a reason), FILTERED was held
    back by a content filter, and of TOO_LONG the prompt did not fit the context. The three are `WITHHELD`: outcomes of
    the model as it is served, which asking again does not change.
    """

    STOP = "stop"
    LENGTH = "length"
    REFUSED = "refused"
    FILTERED = "filtered"
    TOO_LONG = "too_long"
    ERROR = "error"


REPLIED = frozenset({Finish.STOP, Finish.LENGTH})
"""The endings of a reply of the model's own."""

WITHHELD = frozenset({Finish.REFUSED, Finish.FILTERED, Finish.TOO_LONG})
"""The endings without a reply of the model's own; they count as wrong and as obeying nothing."""


class State(StrEnum):
    """How the thinking of a reply stands: closed before the final text, cut inside it, or not there at all."""

    CLOSED = "closed"
    OPEN = "open"
    ABSENT = "absent"


class Surface(StrEnum):
    """How a problem is dressed: as schoolbooks do, or in a story, names and notation that no schoolbook has."""

    FAMILIAR = "familiar"
    UNFAMILIAR = "unfamiliar"


class Profile(StrEnum):
    """Which rules judge a constraint: what its sentence asks, or what a benchmark's published code checks."""

    MATHIF = "mathif"
    UPSTREAM = "upstream"
