"""What is remembered is what was made: damage is made anew, other ingredients are another thing."""

from pathlib import Path
from typing import Any

import pytest

from mathif import cache
from mathif.constraints.language import CANDIDATES, _identifier
from mathif.constraints.phrases import PHRASES


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATHIF_CACHE", str(tmp_path))
    return tmp_path


def test_arrays_are_made_once_for_the_same_ingredients_and_come_back_as_they_were() -> None:
    made = []

    def make() -> dict[str, Any]:
        made.append(1)
        return {"numbers": [1, 2, 2**31], "words": ["de", "fr"]}

    for ingredients in ("a", "a", "b"):
        numbers, words = cache.remembered_arrays(ingredients, make)
        assert (numbers.tolist(), words.tolist()) == ([1, 2, 2**31], ["de", "fr"])
    assert len(made) == 2


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other"])
def test_a_damaged_file_of_arrays_is_made_anew(own: Path, damage: str) -> None:
    def make() -> dict[str, list[int]]:
        return {"numbers": list(range(1000))}

    cache.remembered_arrays("a", make)
    [path] = own.iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    path.write_bytes({"flip": flipped, "cut": whole[:middle], "empty": b"", "other": b"[]\n"}[damage])
    [numbers] = cache.remembered_arrays("a", make)
    assert numbers.tolist() == list(range(1000))
    assert path.read_bytes() == whole


def test_what_cannot_be_kept_is_made_all_the_same(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "file").touch()
    monkeypatch.setenv("MATHIF_CACHE", str(own / "file"))
    [numbers] = cache.remembered_arrays("a", lambda: {"numbers": [1]})
    assert numbers.tolist() == [1]


def test_the_classifier_of_languages_ranks_as_the_package_does() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    for script in ("Latin", "Cyrillic", "Arabic", "Devanagari"):
        whole.set_languages(CANDIDATES[script])
        for text in PHRASES.values():
            assert _identifier(script).rank(text) == whole.rank(text)
