"""The kind and the family keep the contracts of `mathif`."""

from mathif.testing import FamilyLaws, KindLaws


class TestAcrostic(KindLaws):
    """The kind."""

    name = "acrostics:first_lines"


class TestAcrostics(FamilyLaws):
    """The family."""

    name = "lines-of-an-acrostic"
