"""The cache: what is dear to make again and follows from its ingredients alone, kept in a folder of the user.

Every name holds a digest of what the result follows from; where that is code of this package, the digest of its own
source too, so that nothing outlives a change of the code that made it. The folder is `MATHIF_CACHE`, else `mathif` in
the user's cache folder; it may be removed at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from mathif import store
from mathif.errors import DataError
from mathif.json_values import Json, JsonObject

if TYPE_CHECKING:
    from mathif.stats import Array, Values

FOLDER_VARIABLE = "MATHIF_CACHE"
_PACKAGE = Path(__file__).parent


def remembered(ingredients: Json, make: Callable[[], JsonObject]) -> JsonObject:
    """Return what `make` gives, or gave when it was last asked with the same ingredients.

    Args:
        ingredients: plain JSON that says everything the result depends on, this package apart.
        make: makes the result, plain JSON.
    """
    path = folder() / f"{store.digest([_source(), ingredients])}.json"
    try:
        return store.read_json(path)
    except DataError:
        made = make()
    with suppress(DataError):  # a cache that cannot be kept is no failure
        store.make_folder(path.parent)
        store.write_json(path, made)
    return made


def remembered_arrays(ingredients: Json, make: Callable[[], Mapping[str, Values]]) -> list[Array]:
    """Return the arrays that `make` gives, or gave when it was last asked with the same ingredients, in its order.

    For what a process needs at its start, and would take longer to unpack than to read.

    Args:
        ingredients: plain JSON that says everything the arrays depend on, as their name holds nothing else.
        make: makes arrays, or sequences of numbers or words.
    """
    from mathif import stats

    path = folder() / f"{store.digest(ingredients)}.npz"
    try:
        return stats.unpacked(path)
    except ValueError:
        made = stats.packed(make())
    with suppress(DataError):
        store.make_folder(path.parent)
        store.write_bytes(path, made)
    return stats.unpacked(BytesIO(made))


def folder() -> Path:
    """Return the folder of the cache, which may not exist."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser() if named else user_cache_path("mathif")


@cache
def _source() -> str:
    """Return the SHA-256 over the source of this package."""
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(f"{path.relative_to(_PACKAGE).as_posix()} {store.file_digest(path)}\n".encode())
    return total.hexdigest()
