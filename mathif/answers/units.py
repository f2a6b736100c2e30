"""Units: which words are units, and whether two of them measure the same thing.

A unit is reduced to a factor and to powers of base dimensions. A word that is not in the table is a dimension of
its own, in the singular: `5 apples` is `5 apple` and not `5 pears`. The word `unit` itself says nothing and matches
every unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SI_PREFIXES = {
    "p": -12, "n": -9, "u": -6, "mu": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6, "G": 9, "T": 12,
    "pico": -12, "nano": -9, "micro": -6, "milli": -3, "centi": -2, "deci": -1, "hecto": 2, "kilo": 3, "mega": 6,
    "giga": 9,
    "tera": 12,
}  # fmt: skip
_PREFIXED = {
    "m": "m", "meter": "m", "metre": "m", "g": "g", "gram": "g", "gramme": "g", "s": "s", "sec": "s", "second": "s",
    "A": "A", "amp": "A",
    "ampere": "A", "K": "K", "kelvin": "K", "mol": "mol", "mole": "mol", "Hz": "Hz", "hertz": "Hz", "N": "N",
    "newton": "N", "J": "J",
    "joule": "J", "W": "W", "watt": "W", "Pa": "Pa", "pascal": "Pa", "V": "V", "volt": "V", "C": "C",
    "coulomb": "C", "F": "F",
    "farad": "F", "ohm": "ohm", "Omega": "ohm", "T": "T", "tesla": "T", "L": "L", "l": "L", "liter": "L",
    "litre": "L", "eV": "eV",
    "electronvolt": "eV", "bit": "bit", "byte": "byte", "B": "byte", "cal": "cal", "calorie": "cal", "H": "H",
    "henry": "H",
    "bar": "bar", "pc": "pc", "parsec": "pc", "Wb": "Wb",
}  # fmt: skip
_Dims = dict[str, int]
_DEFINED: dict[str, tuple[Fraction, _Dims]] = {
    "m": (Fraction(1), {"m": 1}),
    "g": (Fraction(1, 1000), {"kg": 1}),
    "s": (Fraction(1), {"s": 1}),
    "A": (Fraction(1), {"A": 1}),
    "K": (Fraction(1), {"K": 1}),
    "mol": (Fraction(1), {"mol": 1}),
    "Hz": (Fraction(1), {"s": -1}),
    "N": (Fraction(1), {"kg": 1, "m": 1, "s": -2}),
    "J": (Fraction(1), {"kg": 1, "m": 2, "s": -2}),
    "W": (Fraction(1), {"kg": 1, "m": 2, "s": -3}),
    "Pa": (Fraction(1), {"kg": 1, "m": -1, "s": -2}),
    "bar": (Fraction(100_000), {"kg": 1, "m": -1, "s": -2}),
    "V": (Fraction(1), {"kg": 1, "m": 2, "s": -3, "A": -1}),
    "C": (Fraction(1), {"A": 1, "s": 1}),
    "F": (Fraction(1), {"kg": -1, "m": -2, "s": 4, "A": 2}),
    "H": (Fraction(1), {"kg": 1, "m": 2, "s": -2, "A": -2}),
    "ohm": (Fraction(1), {"kg": 1, "m": 2, "s": -3, "A": -2}),
    "T": (Fraction(1), {"kg": 1, "s": -2, "A": -1}),
    "Wb": (Fraction(1), {"kg": 1, "m": 2, "s": -2, "A": -1}),
    "L": (Fraction(1, 1000), {"m": 3}),
    "eV": (Fraction("1.602176634e-19"), {"kg": 1, "m": 2, "s": -2}),
    "cal": (Fraction("4.184"), {"kg": 1, "m": 2, "s": -2}),
    "pc": (Fraction("3.0856775814913673e16"), {"m": 1}),
    "bit": (Fraction(1), {"bit": 1}),
    "byte": (Fraction(8), {"bit": 1}),
}
_FIXED: dict[str, tuple[Fraction, _Dims]] = {
    "minute": (Fraction(60), {"s": 1}),
    "hour": (Fraction(3600), {"s": 1}),
    "day": (Fraction(86400), {"s": 1}),
    "week": (Fraction(604_800), {"s": 1}),
    "fortnight": (Fraction(1_209_600), {"s": 1}),
    "month": (Fraction(1), {"month": 1}),
    "year": (Fraction(12), {"month": 1}),
    "decade": (Fraction(120), {"month": 1}),
    "century": (Fraction(1200), {"month": 1}),
    "inch": (Fraction("0.0254"), {"m": 1}),
    "foot": (Fraction("0.3048"), {"m": 1}),
    "yard": (Fraction("0.9144"), {"m": 1}),
    "mile": (Fraction("1609.344"), {"m": 1}),
    "angstrom": (Fraction(1, 10**10), {"m": 1}),
    "pound": (Fraction("0.45359237"), {"kg": 1}),
    "ounce": (Fraction("0.028349523125"), {"kg": 1}),
    "tonne": (Fraction(1000), {"kg": 1}),
    "ton": (Fraction(1), {"ton": 1}),
    "gallon": (Fraction(16), {"cup": 1}),
    "quart": (Fraction(4), {"cup": 1}),
    "pint": (Fraction(2), {"cup": 1}),
    "cup": (Fraction(1), {"cup": 1}),
    "acre": (Fraction("4046.8564224"), {"m": 2}),
    "hectare": (Fraction(10_000), {"m": 2}),
    "mph": (Fraction("0.44704"), {"m": 1, "s": -1}),
    "kph": (Fraction(5, 18), {"m": 1, "s": -1}),
    "mpg": (Fraction("1609.344") / 16, {"m": 1, "cup": -1}),
    "fps": (Fraction("0.3048"), {"m": 1, "s": -1}),
    "knot": (Fraction(1852, 3600), {"m": 1, "s": -1}),
    "rpm": (Fraction(1, 60), {"revolution": 1, "s": -1}),
    "psi": (Fraction("0.45359237") / Fraction("0.0254") ** 2, {"kg": 1, "m": -2}),
    "degree": (Fraction(1), {"degree": 1}),
    "radian": (Fraction(1), {"radian": 1}),
    "revolution": (Fraction(1), {"revolution": 1}),
    "atm": (Fraction(101_325), {"kg": 1, "m": -1, "s": -2}),
    "dollar": (Fraction(1), {"dollar": 1}),
    "cent": (Fraction(1, 100), {"dollar": 1}),
    "euro": (Fraction(1), {"euro": 1}),
    "gbp": (Fraction(1), {"gbp": 1}),
    "yen": (Fraction(1), {"yen": 1}),
    "rupee": (Fraction(1), {"rupee": 1}),
    "yuan": (Fraction(1), {"yuan": 1}),
    "percent": (Fraction(1), {"percent": 1}),
    "dozen": (Fraction(12), {}),
    "AU": (Fraction(149_597_870_700), {"m": 1}),
    "celsius": (Fraction(1), {"celsius": 1}),
    "fahrenheit": (Fraction(1), {"fahrenheit": 1}),
}
_ALIASES = {
    "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "wk": "week",
    "yr": "year", "yrs": "year",
    "in": "inch", "inches": "inch", "ft": "foot", "feet": "foot", "yd": "yard", "yds": "yard", "mi": "mile",
    "lb": "pound", "lbs": "pound",
    "oz": "ounce", "gal": "gallon", "qt": "quart", "pt": "pint", "ha": "hectare", "kmh": "kph", "kmph": "kph",
    "km/h": "kph",
    "deg": "degree", "degs": "degree", "°": "degree", "rad": "radian", "rev": "revolution", "revs": "revolution",
    "$": "dollar", "usd": "dollar",
    "buck": "dollar", "¢": "cent", "€": "euro", "eur": "euro", "£": "gbp", "¥": "yen", "₹": "rupee", "rs": "rupee",
    "inr": "rupee",
    "rmb": "yuan", "cny": "yuan", "pct": "percent", "percentage": "percent", "centuries": "century", "halves": "half",
    "au": "AU", "å": "angstrom", "pennies": "cent", "penny": "cent", "metric": "tonne", "people": "person",
    "children": "child",
    "men": "man", "women": "woman", "mice": "mouse", "dice": "die", "vertices": "vertex", "matrices": "matrix",
    "ways": "way",
    "m²": "m", "sq": "square", "cu": "cubic", "cc": "cm3", "ml": "mL", "kilometer": "kilometer", "bpm": "beat/minute",
}  # fmt: skip
_SILENT = {"unit", "of", "a", "the", "each", "time", "times", "total", "approximately", "about", "exactly", "only"}
NOT_UNITS = {
    "to", "through", "until", "plus", "minus", "than", "not", "if", "but", "is", "for", "when", "where", "because",
    "since", "either", "isn't", "except", "vs", "no", "none",
}  # fmt: skip
"""Words that may follow a number and are never its unit."""
_PART = re.compile(r"\^|/|\*|-?\d+|[^\W\d_]+(?:-[^\W\d_]+)*|[^\s\w]")
_SHORT = {"sq": "square", "cu": "cubic"}
_POWERS = {"square": 2, "squared": 2, "cubic": 3, "cubed": 3}
_LONGEST_JOINED = 3
_LONE_LETTERS = frozenset("msgNJWVKLAhCTF")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, reduced.

    Attributes:
        factor: its size in base units.
        dims: base dimensions with their powers, sorted; empty for `unit`.
    """

    factor: Fraction
    dims: tuple[tuple[str, int], ...]


def is_unit_word(word: str) -> bool:
    """Say whether a run of two letters or more, right after a number, is a unit rather than a product of variables."""
    return len(word) > 1 and _known(word) is not None


def is_unit_name(name: str) -> bool:
    r"""Say whether a name after a number may be a unit: `m` in `5 m`, `mol`, `M_\odot`, and `\mu` before one."""
    return name in _LONE_LETTERS or name in ("mu", "Omega") or name.endswith("_odot") or is_unit_word(name)


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit:
    """Reduce a unit as written (`m / s ^ 2`, `square centimeters`, `miles per hour`, `apples`)."""
    factor = Fraction(1)
    dims: _Dims = {}
    sign, pending = 1, 1
    last: tuple[Fraction, _Dims, int] | None = None
    for spelled, raised in _words(text):
        word = _SHORT.get(spelled, spelled)
        if word in ("/", "per", "an", "pro", "par"):
            sign = -1
        elif word in ("square", "cubic"):
            pending = _POWERS[word]
        elif word in ("squared", "cubed") and last is not None:
            size, base, exponent = last
            more = exponent * (_POWERS[word] - 1)
            factor *= size**more
            _raise(dims, base, more)
        elif word == "in" and last is not None and sign == 1 and not raised:
            continue  # `3 apples in total`; elsewhere it is an inch
        elif (word in _PREFIXED or word.lower() not in _SILENT) and word not in ("*", "^"):  # `A` is no article
            exponent = sign * (raised or pending)
            size, base = _known(word) or (Fraction(1), {_singular(word.lower()): 1})
            factor *= size**exponent
            _raise(dims, base, exponent)
            last = size, base, exponent
            pending, sign = 1, 1
    if "celsius" in dims or "fahrenheit" in dims:
        dims.pop("degree", None)
    return Unit(factor, tuple(sorted((name, power) for name, power in dims.items() if power and name != "unit")))


def _raise(dims: _Dims, base: _Dims, exponent: int) -> None:
    """Multiply dimensions by the powers of another unit."""
    for name, power in base.items():
        dims[name] = dims.get(name, 0) + power * exponent


def _words(text: str) -> list[tuple[str, int]]:
    """Split a unit into words with the power each one carries, 0 for none."""
    parts = _PART.findall(text)
    words: list[tuple[str, int]] = []
    for at, part in enumerate(parts):
        if re.fullmatch(r"-?\d+", part):
            continue
        raised = 0
        if at + 2 < len(parts) and parts[at + 1] == "^" and re.fullmatch(r"-?\d+", parts[at + 2]):
            raised = int(parts[at + 2][:3])
        words.append((part, raised))
    return words


@lru_cache(maxsize=4096)
def _known(word: str) -> tuple[Fraction, _Dims] | None:
    """Look a word up as it is, then without its plural, then with an SI prefix cut off."""
    for form in (word, word.lower(), _singular(word.lower())):
        named = _ALIASES.get(form, form)
        if named in _FIXED:
            return _FIXED[named]
        if named in _PREFIXED and (len(named) > 1 or form == word):
            return _DEFINED[_PREFIXED[named]]
    return _prefixed(word) or _joined(word)


def _joined(word: str) -> tuple[Fraction, _Dims] | None:
    """Read two symbols that are written together (`Nm`, `kWh`)."""
    for cut in range(len(word) - 1, 0, -1):
        first, second = word[:cut], word[cut:]
        if (
            len(word) <= _LONGEST_JOINED
            and second in _LONE_LETTERS
            and (one := _symbol(first))
            and (other := _symbol(second))
        ):
            dims = dict(one[1])
            _raise(dims, other[1], 1)
            return one[0] * other[0], dims
    return None


def _symbol(word: str) -> tuple[Fraction, _Dims] | None:
    """Look up a unit by its symbol, with a prefix of one letter or without."""
    if word == "h":
        return _FIXED["hour"]
    if len(word) == 1 and word in _PREFIXED:
        return _DEFINED[_PREFIXED[word]]
    return _prefixed(word) if len(word) == 2 and word[0] in "kM" else None


def _prefixed(word: str) -> tuple[Fraction, _Dims] | None:
    for form in (word, _singular(word.lower())) if len(word) > _LONGEST_JOINED else (word,):
        for cut in (1, 2, 4, 5):
            prefix, rest = form[:cut], form[cut:]
            if prefix in _SI_PREFIXES and rest in _PREFIXED and (len(prefix) > 2) == (len(rest) > 3):
                size, dims = _DEFINED[_PREFIXED[rest]]
                return size * Fraction(10) ** _SI_PREFIXES[prefix], dims
    return None


def _singular(word: str) -> str:
    """Return an English word without its plural ending."""
    if word in _ALIASES:
        return _ALIASES[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
