"""Control items on words and letters: tasks of reading, counting and ordering, without other mathematics.

They belong to the task `control` and never to `core`. An answer is one word or one small count; what is asked for is
care, in sorting, counting, editing and decoding given text.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import ClassVar, Self

from mathif.problems.base import Family, Stories
from mathif.problems.exact import Value
from mathif.problems.wording import ordinal
from mathif.records import Surface

WORDS = (
    "acorn", "anchor", "apple", "arrow", "autumn", "badger", "bakery", "banana", "barrel", "basket", "beetle",
    "bicycle", "blanket", "bottle", "branch", "breeze", "bridge", "bucket", "butter", "cabin", "cactus", "camera",
    "candle", "canoe", "carpet", "castle", "cellar", "cherry", "circus", "cloud", "clover", "copper", "corner",
    "cotton", "curtain", "desert", "dragon", "drawer", "eagle", "engine", "falcon", "farmer", "feather", "fiddle",
    "flower", "forest", "fountain", "garden", "garlic", "ginger", "glacier", "glove", "hammer", "harbor", "hazel",
    "helmet", "honey", "island", "jacket", "jungle", "kettle", "kitchen", "ladder", "lantern", "lemon", "library",
    "lobster", "magnet", "mango", "marble", "market", "meadow", "melon", "mirror", "monkey", "morning", "mountain",
    "needle", "nectar", "oasis", "olive", "onion", "orange", "otter", "oyster", "palace", "panther", "parrot",
    "pebble", "pepper", "pigeon", "pillow", "planet", "plum", "pocket", "potato", "puddle", "rabbit", "raven",
    "ribbon", "river", "rocket", "saddle", "salmon", "school", "shadow", "silver", "spider", "spring", "stable",
    "summer", "sunset", "teapot", "temple", "thunder", "tiger", "tomato", "travel", "tunnel", "turtle", "umbrella",
    "valley", "velvet", "village", "violet", "walnut", "water", "whistle", "window", "winter", "yellow", "zebra",
)  # fmt: skip
"""Plain English nouns, none the beginning of another."""

Words = tuple[str, ...]


@dataclass(frozen=True)
class _WordList(Family):
    """A family that shows a list of words."""

    words: Words

    @property
    def shown(self) -> str:
        """The words as they are given."""
        return ", ".join(self.words)


@dataclass(frozen=True)
class _Ranked(_WordList):
    """A family that asks for one place of a list of words put in another order."""

    place: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two words more than steps."""
        return cls(tuple(rng.sample(WORDS, steps + 2)), rng.randint(1, steps + 2))

    @property
    def rank(self) -> str:
        """The place that is asked for."""
        return ordinal(self.place)


@dataclass(frozen=True)
class AlphabeticalPlace(_Ranked):
    """A list of words put in alphabetical order."""

    name = "alphabetical-place"
    task = "control"
    tier = 1
    topics = ("control", "reorder")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "{name} sorts these words alphabetically: {self.shown}. Which word is the {self.rank} in the sorted list?",
            "The words {self.shown} are to be entered in a dictionary, from A to Z. Which of them comes {self.rank}?",
        ),
        Surface.UNFAMILIAR: (
            "The {things} of the planet {name} march in the alphabetical order of their names. Their names are"
            " {self.shown}. What is the name of the {self.rank} one that marches by?",
        ),
    }

    def answer(self) -> Value:
        """Sort the words."""
        return sorted(self.words)[self.place - 1]

    def check(self) -> Value:
        """Find the word that as many others precede as must."""
        return next(w for w in self.words if sum(other < w for other in self.words) == self.place - 1)


@dataclass(frozen=True)
class LengthOrder(_Ranked):
    """A list of words put in order of length, then against the alphabet."""

    name = "length-order"
    task = "control"
    tier = 2
    topics = ("control", "sort by a rule")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Sort these words from the shortest to the longest, words of the same length from Z to A: {self.shown}."
            " Which word is the {self.rank} in the sorted list?",
            "{name} puts name tags on a shelf: shorter words stand further left, and among words with the same"
            " number of"
            " letters the one that is later in the alphabet stands further left. The words are {self.shown}. Which word"
            " is the {self.rank} from the left?",
        ),
        Surface.UNFAMILIAR: (
            "At the court of {name}, whoever has the shorter title bows first; of two titles of the same length, the"
            " one"
            " later in the alphabet goes first. The titles are {self.shown}. Which title is the {self.rank} to bow?",
        ),
    }

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two words more than steps, two of them equally long."""
        while True:
            words = tuple(rng.sample(WORDS, steps + 2))
            if len({len(word) for word in words}) < len(words):
                return cls(words, rng.randint(1, steps + 2))

    def answer(self) -> Value:
        """Sort twice, the weaker rule first."""
        return sorted(sorted(self.words, reverse=True), key=len)[self.place - 1]

    def check(self) -> Value:
        """Insert the words one by one where the rule puts them."""
        ordered: list[tuple[int, list[int], str]] = []
        for word in self.words:
            insort(ordered, (len(word), [-ord(letter) for letter in word], word))
        return ordered[self.place - 1][2]


@dataclass(frozen=True)
class LetterCount(_WordList):
    """How often a letter stands in a given text."""

    name = "letter-count"
    task = "control"
    tier = 1
    topics = ("control", "count")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            'How many times does the letter "{self.letter}" occur in this list of words: {self.shown}?',
            '{name} reads the line "{self.shown}" and circles every {self.letter}. How many letters are circled?',
        ),
        Surface.UNFAMILIAR: (
            'The {things} of {name} eat nothing but the letter {self.letter}. They are served the line "{self.shown}".'
            " How many letters do they eat?",
        ),
    }

    letter: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw as many words as steps, and a letter of one of them."""
        words = tuple(rng.sample(WORDS, steps))
        return cls(words, rng.choice(rng.choice(words)))

    @property
    def shown(self) -> str:
        """The words as they are given."""
        return " ".join(self.words)

    def answer(self) -> Value:
        """Count."""
        return sum(word.count(self.letter) for word in self.words)

    def check(self) -> Value:
        """Cut the text at the letter and count the cuts."""
        return len(self.shown.split(self.letter)) - 1


@dataclass(frozen=True)
class WordsWith(_WordList):
    """How many words of a list hold a letter."""

    name = "words-with-letter"
    task = "control"
    tier = 1
    topics = ("control", "count")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            'How many of these words contain the letter "{self.letter}" at least once: {self.shown}?',
            "{name} writes each of these words on a card: {self.shown}. Then all cards with a letter {self.letter} on"
            " them are taken away. How many cards are taken away?",
        ),
        Surface.UNFAMILIAR: (
            "A door in the tower of {name} opens for words that contain the letter {self.letter} and stays shut for all"
            " others. The words {self.shown} knock. For how many of them does the door open?",
        ),
    }

    letter: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw two words more than steps, and a letter of one of them."""
        words = tuple(rng.sample(WORDS, steps + 2))
        return cls(words, rng.choice(rng.choice(words)))

    def answer(self) -> Value:
        """Count the words that hold the letter."""
        return sum(self.letter in word for word in self.words)

    def check(self) -> Value:
        """Take away the words that do not change when the letter is deleted."""
        return len(self.words) - sum(word.replace(self.letter, "") == word for word in self.words)


_EDITS = {
    "reverse": "write the letters in reverse order",
    "first": "delete the first letter",
    "last": "delete the last letter",
    "swap": "exchange the first and the last letter",
    "front": "move the last letter to the front",
    "double": "write the first letter twice",
}


@dataclass(frozen=True)
class LetterEdits(Family):
    """A word that is edited letter by letter."""

    name = "letter-edits"
    task = "control"
    tier = 2
    topics = ("control", "follow directions")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            'Start with the word "{self.word}" and follow these directions in order: {self.told}. What do you have at'
            " the end?",
            '{name} writes "{self.word}" on a board and changes it like this: {self.told}. What stands on the board'
            " then?",
        ),
        Surface.UNFAMILIAR: (
            'The spell of {name} begins as "{self.word}". In the course of the night it changes by these rules, one'
            " after the other: {self.told}. What is the spell at dawn?",
        ),
    }

    word: str
    edits: Words

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one edit for each step, no two alike in a row, on a word that stays long enough."""
        word = rng.choice([word for word in WORDS if len(word) >= 6])
        edits: list[str] = []
        while len(edits) < steps:
            edit = rng.choice(tuple(_EDITS))
            shortened = edits.count("first") + edits.count("last")
            if (edits and edits[-1] == edit) or (edit in ("first", "last") and shortened == 3):
                continue
            edits.append(edit)
        return cls(word, tuple(edits))

    @property
    def told(self) -> str:
        """The edits as numbered by words."""
        phrases = [_EDITS[edit] for edit in self.edits]
        return "; then ".join(phrases)

    def answer(self) -> Value:
        """Edit the string."""
        word = self.word
        for edit in self.edits:
            word = _edited(word, edit)
        return word

    def check(self) -> Value:
        """Carry places instead of letters, and look the letters up at the end."""
        places = list(range(len(self.word)))
        for edit in self.edits:
            if edit == "reverse":
                places.reverse()
            elif edit == "swap":
                places[0], places[-1] = places[-1], places[0]
            elif edit == "front":
                places.insert(0, places.pop())
            elif edit == "double":
                places.insert(0, places[0])
            else:
                places.pop(0 if edit == "first" else -1)
        return "".join(self.word[place] for place in places)


def _edited(word: str, edit: str) -> str:
    """Apply one edit to a word of at least two letters."""
    return {
        "reverse": word[::-1],
        "first": word[1:],
        "last": word[:-1],
        "swap": word[-1] + word[1:-1] + word[0],
        "front": word[-1] + word[:-1],
        "double": word[0] + word,
    }[edit]


@dataclass(frozen=True)
class LineReading(_WordList):
    """The word at a place of a list, read from the other end."""

    name = "backward-reading"
    task = "control"
    tier = 1
    topics = ("control", "reorder")
    steps = range(2, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Read this list from right to left and skip {self.skip}: {self.shown}. Which is the {self.rank} word that"
            " you read?",
            "{name} has these words on cards, from left to right: {self.shown}. The pile is read from the right, and"
            " {self.skip} is left out. Which is the {self.rank} word that is read?",
        ),
        Surface.UNFAMILIAR: (
            "In the land of {name} lists are read from the end to the beginning, and {self.skip} is forbidden and"
            " passed over in silence. The list is {self.shown}. Which is the {self.rank} word that is spoken?",
        ),
    }

    forbidden: str
    place: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three words more than steps, one of them to be skipped."""
        words = tuple(rng.sample(WORDS, steps + 3))
        return cls(words, rng.choice(words), rng.randint(2, steps + 2))

    @property
    def skip(self) -> str:
        """The word to be skipped."""
        return f'the word "{self.forbidden}"'

    @property
    def rank(self) -> str:
        """The place that is asked for."""
        return ordinal(self.place)

    def answer(self) -> Value:
        """Read backwards."""
        return [word for word in reversed(self.words) if word != self.forbidden][self.place - 1]

    def check(self) -> Value:
        """Count places from the left."""
        kept = list(self.words)
        kept.remove(self.forbidden)
        return kept[len(kept) - self.place]


@dataclass(frozen=True)
class SymbolCode(Family):
    """A word decoded with a given key."""

    name = "letter-key"
    task = "control"
    tier = 2
    topics = ("control", "look up")
    steps = range(5, 8)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "In a code each letter stands for another one. The key is: {self.key}. Decode the word {self.secret}.",
            "{name} finds a note that reads {self.secret} and this key: {self.key}. Which word is on the note?",
        ),
        Surface.UNFAMILIAR: (
            "The {things} of {name} pronounce letters in their own way: {self.key}. One of them says {self.secret}."
            " Which word does it mean?",
        ),
    }

    word: str
    factor: int
    shift: int

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw a word with one letter for each step, and a key: the alphabet counted in jumps from some letter on."""
        word = rng.choice([word for word in WORDS if len(word) == steps])
        return cls(word, rng.choice((3, 5, 7, 9, 11, 15, 17, 19, 21, 23)), rng.randint(1, 25))

    @property
    def secret(self) -> str:
        """The coded word, in capitals."""
        return "".join(chr(((ord(letter) - 97) * self.factor + self.shift) % 26 + 65) for letter in self.word)

    @property
    def key(self) -> str:
        """What each coded letter means, in the order of the coded letters."""
        return ", ".join(
            f"{code} means {letter}" for code, letter in sorted({*zip(self.secret, self.word, strict=True)})
        )

    def answer(self) -> Value:
        """The word itself."""
        return self.word

    def check(self) -> Value:
        """Decode the coded word with the key as it is shown."""
        key = dict(entry.split(" means ") for entry in self.key.split(", "))
        return "".join(key[code] for code in self.secret)


@dataclass(frozen=True)
class WordTally(_WordList):
    """How many words stand between two given ones."""

    name = "words-between"
    task = "control"
    tier = 1
    topics = ("control", "count")
    steps = range(3, 9)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            'How many words stand between "{self.first}" and "{self.second}" in this list: {self.shown}?',
            "{name} walks past shop signs in this order: {self.shown}. How many signs come after {self.first} and"
            " before {self.second}?",
        ),
        Surface.UNFAMILIAR: (
            "A procession of {things} passes the gate of {name}. They are called {self.shown}, in this order. How many"
            " pass after {self.first} and before {self.second}?",
        ),
    }

    first: str
    second: str

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw three words more than steps, and two of them in the order of the list."""
        words = tuple(rng.sample(WORDS, steps + 3))
        start, end = sorted(rng.sample(range(len(words)), 2))
        return cls(words, words[start], words[end])

    def answer(self) -> Value:
        """Subtract places."""
        return self.words.index(self.second) - self.words.index(self.first) - 1

    def check(self) -> Value:
        """Cut the list out and count what is left."""
        between = self.shown.partition(self.first + ", ")[2].partition(self.second)[0]
        return between.count(", ")


@dataclass(frozen=True)
class DoubledLetter(_WordList):
    """The one doubled letter in a list of words."""

    name = "double-letters"
    task = "control"
    tier = 2
    topics = ("control", "look up")
    steps = range(2, 7)
    stories: ClassVar[Stories] = {
        Surface.FAMILIAR: (
            "Exactly one of these words has a letter written twice in a row: {self.shown}. Which letter is it?",
            "{name} looks for a doubled letter, that is, two equal letters next to each other, in these words:"
            " {self.shown}. Only one word has one. Which letter is doubled?",
        ),
        Surface.UNFAMILIAR: (
            "Twins rule the realm of {name}: whoever has two equal letters side by side is crowned. The candidates are"
            " {self.shown}. Exactly one of them is crowned. Which letter is its twin letter?",
        ),
    }

    @classmethod
    def draw(cls, rng: Random, steps: int) -> Self:
        """Draw one word with a doubled letter and two more than steps without."""
        doubled = [word for word in WORDS if _doubled(word)]
        plain = [word for word in WORDS if not _doubled(word)]
        words = [rng.choice(doubled), *rng.sample(plain, steps + 2)]
        rng.shuffle(words)
        return cls(tuple(words))

    def answer(self) -> Value:
        """Look at neighbours in every word."""
        return next(filter(None, map(_doubled, self.words)))

    def check(self) -> Value:
        """Look for each letter of the alphabet twice."""
        return next(letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter * 2 in self.shown)


def _doubled(word: str) -> str:
    """Return the letter that stands twice in a row in `word`, or ""."""
    return next((a for a, b in pairwise(word) if a == b), "")
