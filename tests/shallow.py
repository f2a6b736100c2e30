"""The embedded model without most of its layers: real weights, tokenizer and engine, and a tenth of the arithmetic."""

import struct
from pathlib import Path

from mathif.engines import weights

LAYERS = 4
"""Fewer all say the same."""
_ALIGNED = 32
"""Bytes that the place of every tensor is a multiple of."""


def write_shallow(path: Path, template: str | None = None) -> Path:
    """Write the weights with their first layers alone to `path`, with another chat template where one is given.

    The file is as https://github.com/ggml-org/ggml/blob/master/docs/gguf.md says: a head that counts what follows,
    facts by name, the list of tensors, their data.
    """
    whole = weights.embedded_weights(lambda sentence: None).read_bytes()
    listed = _behind(whole, "token_embd.weight") - len("token_embd.weight") - 8
    magic, version, count, facts = struct.unpack_from("<4sIQQ", whole)
    head = bytearray(whole[24:listed])
    struct.pack_into("<I", head, _behind(head, "llama.block_count") + 4, LAYERS)
    place, tensors = listed, []
    for _ in range(count):
        [size] = struct.unpack_from("<Q", whole, place)
        name = whole[place + 8 : place + 8 + size]
        [rank] = struct.unpack_from("<I", whole, place + 8 + size)
        end = place + 8 + size + 4 + 8 * rank + 4 + 8
        tensors.append((name, whole[place : end - 8], struct.unpack_from("<Q", whole, end - 8)[0]))
        place = end
    data = whole[place + -place % _ALIGNED :]
    ends = [start for _, _, start in tensors[1:]] + [len(data)]
    kept, infos = b"", b""
    for (name, info, start), end in zip(tensors, ends, strict=True):
        if not name.startswith(b"blk.") or int(name.split(b".")[1]) < LAYERS:
            infos += info + struct.pack("<Q", len(kept))
            kept += data[start:end]
    if template:
        spoken = _behind(head, "tokenizer.chat_template") + 4
        [size] = struct.unpack_from("<Q", head, spoken)
        head[spoken : spoken + 8 + size] = struct.pack("<Q", len(template)) + template.encode()
    number = infos.count(b".weight")
    made = struct.pack("<4sIQQ", magic, version, number, facts) + head + infos
    path.write_bytes(made + bytes(-len(made) % _ALIGNED) + kept)
    return path


def _behind(data: bytes | bytearray, name: str) -> int:
    return data.index(struct.pack("<Q", len(name)) + name.encode()) + 8 + len(name)
