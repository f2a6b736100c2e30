"""Contracts: what every kind of constraint, problem family and engine keeps, as test classes of pytest.

A package of kinds, families or engines of its own makes a class of its tests from one of these and says what it is
about; the tests of `mathif` do the same with everything that `mathif` has:

    from mathif.testing import KindLaws

    class TestAcrostic(KindLaws):
        name = "acrostics:first_lines"
"""

import pytest

# an assertion without a sentence then shows its values in a package of somebody else's too
pytest.register_assert_rewrite("mathif.testing.family_laws", "mathif.testing.kind_laws")

from mathif.testing.engine_laws import EngineLaws, prompt, prompts  # noqa: E402
from mathif.testing.family_laws import FamilyLaws  # noqa: E402
from mathif.testing.kind_laws import PROBLEMS, KindLaws, drawn  # noqa: E402

__all__ = ["PROBLEMS", "EngineLaws", "FamilyLaws", "KindLaws", "drawn", "prompt", "prompts"]
