"""The cache: what is dear to make again and follows from its ingredients alone, kept in a folder of the user.

Every name holds a digest of this package's own source, so that nothing outlives a change of the code that made it. The
folder is `MATHIF_CACHE`, else `mathif` in the user's cache folder; it may be removed at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from mathif import store
from mathif.errors import DataError

FOLDER_VARIABLE = "MATHIF_CACHE"
_PACKAGE = Path(__file__).parent


def remembered(ingredients: Any, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
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
    try:
        store.make_folder(path.parent)
        store.write_json(path, made)
    except DataError:  # a cache that cannot be kept is no failure
        pass
    return made


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
