"""The questions about values that a comparison asks, each answered here or, where that costs too much, by the worker.

A room of its own because the caller of a question must not know who answered it. The worker runs `answer`.
"""

from __future__ import annotations

from collections.abc import Callable

from mathif.answers.settle import numeric, pool, roots, series
from mathif.answers.settle.budget import CostlyError
from mathif.answers.settle.numeric import WORKER, NotNumericError, NoValueError
from mathif.answers.tree import Big, TooLargeError, Tree, from_json, to_json
from mathif.json_values import Json, JsonObject, count, items, text


def agree(first: Tree, second: Tree) -> bool:
    """Say whether two expressions have the same value.

    Raises:
        NoValueError: if they have no value in common points.
        NotNumericError: if one of them is no expression.
        TooLargeError: if that could not be decided within the limits.
    """
    try:
        return numeric.agree(first, second)
    except NotNumericError:
        if not _is_open(first, second):
            raise
    except CostlyError:
        pass
    return bool(_asked("agree", first, second))


def known_to_agree(first: Tree, second: Tree) -> bool:
    """Say whether two expressions have values, the same ones; raises `TooLargeError`."""
    try:
        return agree(first, second)
    except (NoValueError, NotNumericError):
        return False


def proportional(first: Tree, second: Tree) -> int:
    """Return the sign of the ratio of two expressions, 0 where it is not constant; raises `TooLargeError`."""
    return int(_decided("proportional", numeric.proportional, first, second))


def differ_by_constant(first: Tree, second: Tree) -> bool:
    """Say whether the difference of two expressions is a constant; raises `TooLargeError`."""
    return bool(_decided("differ_by_constant", numeric.differ_by_constant, first, second))


def same_solutions(first: Tree, second: Tree) -> bool:
    """Say whether two expressions vanish at the same places; raises `TooLargeError`."""
    return bool(_decided("same_solutions", roots.same_solutions, first, second))


def decimal_digits(tree: Tree, digits: int) -> str | None:
    """Return a constant to so many significant digits, None where it has no real value; raises `TooLargeError`."""
    try:
        return numeric.decimal_digits(tree, digits)
    except NoValueError:
        return None
    except NotNumericError:
        return None
    except CostlyError:
        try:
            answered = _asked("decimal_digits", tree, digits=digits)
        except NoValueError:
            return None
        return None if answered is None else str(answered)


def _decided(name: str, question: Callable[[Tree, Tree], int], first: Tree, second: Tree) -> int:
    try:
        return question(first, second)
    except NoValueError:
        return 0
    except NotNumericError as error:
        if _is_open(first, second):
            raise TooLargeError(f"no arithmetic for {error}") from error
        return 0
    except CostlyError:
        return _sign(_asked(name, first, second))


def _sign(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _is_open(*trees: Tree) -> bool:
    """Say whether a sum, a product, an integral or a limit occurs."""
    return any(isinstance(part, Big) for tree in trees for part in tree.walk())


def _asked(name: str, *trees: Tree, digits: int = 0) -> Json:
    answered = pool.ask({"ask": name, "trees": [to_json(tree) for tree in trees], "digits": digits})
    if "none" in answered:
        raise NoValueError(text(answered, "none"))
    if "value" not in answered:
        raise TooLargeError(f"the worker could not tell: {answered.get('error', 'no decision')}")
    return answered["value"]


def answer(question: JsonObject) -> JsonObject:
    """Answer a question inside the worker: `value`, or `none` where there is no value, or `error`."""
    first, *others = map(from_json, items(question, "trees"))
    try:
        match question["ask"], others:
            case "agree", [second]:
                same = _agree(first, second)
                return {"error": "algebra cannot decide it"} if same is None else {"value": same}
            case "proportional", [second]:
                return {"value": numeric.proportional(first, second, WORKER)}
            case "differ_by_constant", [second]:
                return {"value": numeric.differ_by_constant(first, second, WORKER)}
            case "same_solutions", [second]:
                return {"value": roots.same_solutions(first, second, WORKER)}
            case "decimal_digits", []:
                return {"value": numeric.decimal_digits(first, count(question, "digits"), WORKER)}
            case name, _:
                return {"error": f"{name} is no question"}
    except NoValueError as error:
        return {"none": str(error)}


def _agree(first: Tree, second: Tree) -> bool | None:
    from mathif.answers.settle import symbolic

    try:
        return numeric.agree(first, second, WORKER)
    except NotNumericError:
        return series.agree(first, second) or symbolic.same(first, second)
