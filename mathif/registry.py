"""Registries: classes found by name, those of this package beside those that installed packages of others offer.

Defining a class registers it. The classes of this package are known once every module of their folder is imported;
those of others are in the modules that entry points of the registry's group name. Both happen as the folder is
imported, so that every command in every process, those of the grading pool too, knows the same ones.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Generic, TypeVar

from mathif.errors import DataError, nearest

Class = TypeVar("Class", bound=type)

_OWN = __name__.partition(".")[0]


class Registry(Mapping[str, Class], Generic[Class]):
    """Classes of one sort by name, in the order in which they were defined.

    Attributes:
        group: entry-point group under which other packages offer theirs; an entry point names a module.
        what: what a sentence calls one of them.
        faults: a sentence about each entry point whose module cannot be imported.
    """

    def __init__(self, group: str, what: str) -> None:
        self.group = group
        self.what = what
        self.faults: list[str] = []
        self._classes: dict[str, Class] = {}
        self._points: tuple[EntryPoint, ...] = ()

    def add(self, name: str, defined: Class) -> None:
        """Register a class; one that is defined again in the same place takes the place of the earlier one.

        Raises:
            ValueError: if another class has this name.
        """
        known = self._classes.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (defined.__module__, defined.__qualname__):
            raise ValueError(
                f"{defined.__module__}: found a second {self.what} {name!r}, the first is of {known.__module__}; "
                "expected another name"
            )
        self._classes[name] = defined

    def fill(self, folder: ModuleType) -> None:
        """Import every module of `folder`, in the order of their names, then those of other packages."""
        for module in sorted(found.name for found in iter_modules(folder.__path__)):
            import_module(f"{folder.__name__}.{module}")
        self._points = tuple(sorted(entry_points(group=self.group), key=lambda point: (point.value, point.name)))
        for point in self._points:
            try:
                import_module(point.module)
            except Exception as error:  # what a package of someone else's raises as it loads is not known
                told = f"{type(error).__name__}: {error}"
                self.faults.append(f"the package {_named(point)} offers a {self.what}, but cannot be loaded ({told})")

    @property
    def own(self) -> list[str]:
        """The names of the classes of this package."""
        return [name for name in self._classes if not self.origin(name)]

    def origin(self, name: str) -> str:
        """Return the package, with its version, that a class is from; "" for this one."""
        module = self._classes[name].__module__
        if _top(module) == _OWN:
            return ""
        return next((_named(point) for point in self._points if _top(point.module) == _top(module)), _top(module))

    def origins(self, names: Iterable[str]) -> dict[str, str]:
        """Return the origin of each of `names` that is not of this package, in the order of the names."""
        return {name: self.origin(name) for name in sorted(set(names)) if self.origin(name)}

    def sources(self, name: str) -> list[Path]:
        """Return the files of the package that a class is from, those that are loaded, in the order of their names."""
        package = _top(self._classes[name].__module__)
        loaded = [module for known, module in list(sys.modules.items()) if _top(known) == package]
        files = {Path(file) for module in loaded if (file := getattr(module, "__file__", None))}
        return sorted(file for file in files if file.is_file())

    def unknown(self, name: str) -> str:
        """Return the sentence about a name that is not known."""
        return "; ".join([f"unknown {self.what} {name!r}{nearest(name, self._classes)}", *self.faults])

    def require(self, origins: Mapping[str, str], where: str) -> None:
        """Refuse what rests on classes of packages that are not there; `where` begins the error.

        Raises:
            DataError: naming the first package, and what it is needed for.
        """
        for name, origin in origins.items():
            if name not in self._classes:
                package = origin.partition(" ")[0]
                told = f"{where}: needs the {self.what} {name!r} of the package {origin}, which is not installed"
                raise DataError("; ".join([f"{told}: pip install {package}", *self.faults]))

    def __getitem__(self, name: str) -> Class:
        return self._classes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


def _named(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.module


def _top(module: str) -> str:
    return module.partition(".")[0]
