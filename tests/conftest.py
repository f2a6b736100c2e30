"""What every test may ask for: the folder of reference data, and Hypothesis settings that repeat."""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("mathif", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("mathif")

# Where the environment forbids to keep what is compiled, each process that a test starts would compile the package
# anew, in 0.6 s; git ignores what is kept.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Give each worker tests that stand together: what a module makes once is made once, not once a worker."""
    if config.getoption("numprocesses", None) and config.option.dist == "no":
        config.option.dist = "worksteal"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected: there is none, and the search took a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Leave nine thousand collected tests out of every later search for garbage, which took longer than small tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of the session's own, which its workers share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    folder.mkdir(exist_ok=True)
    os.environ["MATHIF_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def shallow(own_cache: Path) -> str:
    """The embedded model without most of its layers, named as a user would, made by the worker that needs it first."""
    from mathif.store import locked
    from tests.shallow import write_shallow

    path = own_cache / "shallow" / "shallow.gguf"
    path.parent.mkdir(exist_ok=True)
    with locked(path.parent, wait_s=600):
        return str(path if path.exists() else write_shallow(path))


@pytest.fixture(scope="module")
def without_pictures() -> Iterator[None]:
    """Reports without their pictures, which take half of the time of a small run, where none is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "mathif.charts", None)
        yield


DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """Folder with the reference data; the test skips, visibly, where it is absent."""
    if not DATA.is_dir():
        pytest.skip("no reference data beside the checkout (../shared/data)")
    return DATA
