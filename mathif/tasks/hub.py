"""The hub: its data sets as plain rows, and plain rows as a data set; the only file that knows `datasets`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mathif.errors import DataError, first_line
from mathif.json_values import JsonObject


def hub_rows(dataset: str, subset: str | None, split: str) -> list[JsonObject]:
    """Return the rows of a split of a data set on the hub.

    Args:
        dataset: `org/name`.
        subset: a configuration of it, or None for its only one.
        split: which part.

    Raises:
        DataError: if it cannot be read.
    """
    return loaded_rows(
        dataset,
        f"split {split!r}",
        "give another --split, or a configuration as org/name:NAME",
        name=subset,
        split=split,
    )


def loaded_rows(repository: str, what: str, instead: str, **how: Any) -> list[JsonObject]:
    """Return what `datasets.load_dataset` gives, as a list.

    Args:
        repository: the data set, or a folder with a copy of it.
        what: names what is read of it in errors.
        instead: what helps where it cannot be read.
        how: for `load_dataset`.

    Raises:
        DataError: if it cannot be read.
    """
    import datasets  # heavy, and needed for data of the hub alone

    datasets.disable_progress_bars()
    try:
        return list(datasets.load_dataset(repository, **how))
    except Exception as error:  # the library raises whatever its transport raises
        raise DataError(
            f"{repository}: {what} cannot be read ({type(error).__name__}: {first_line(error)}); "
            f"check the connection, or {instead}"
        ) from error


def as_dataset(rows: Iterable[Mapping[str, object]]) -> Any:
    """Return rows of plain JSON as a `datasets.Dataset`, for the tools that take nothing else."""
    import datasets

    return datasets.Dataset.from_list([dict(row) for row in rows])


def dataset_of(table: Any) -> Any:
    """Return a `pyarrow.Table` as a `datasets.Dataset`."""
    import datasets

    return datasets.Dataset(datasets.table.InMemoryTable(table))
