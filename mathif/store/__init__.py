"""Record files that survive a kill and show damage: one JSON object a line, sealed, synced to disk, locked.

Every stage of a run writes one such file and reads only earlier ones. Nothing here knows what a record means, but that
it has a `key`.
"""

from mathif.store.disk import remove_folder
from mathif.store.files import (
    canonical,
    digest,
    file_digest,
    indented,
    locked,
    make_folder,
    parsed,
    read_json,
    refuse_other,
    refuse_taken,
    write_bytes,
    write_json,
    write_text,
)
from mathif.store.records import Fault, Records
from mathif.store.rows import Appender, append_bytes, appending, read_rows, repair, rewriting
from mathif.store.seals import Mark, line, seal, unsealed_line

__all__ = [
    "Appender",
    "Fault",
    "Mark",
    "Records",
    "append_bytes",
    "appending",
    "canonical",
    "digest",
    "file_digest",
    "indented",
    "line",
    "locked",
    "make_folder",
    "parsed",
    "read_json",
    "read_rows",
    "refuse_other",
    "refuse_taken",
    "remove_folder",
    "repair",
    "rewriting",
    "seal",
    "unsealed_line",
    "write_bytes",
    "write_json",
    "write_text",
]
