"""Reads a .safetensors file using only the published format, and writes the digest of every tensor.

    safetensors_digests.py FILE DIGESTS
"""

import hashlib
import json
import math
import struct
import sys

WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


def main(path, digests):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = content[8 + length :]
    place = 0
    lines = [f"{key}={value}" for key, value in metadata.items()]
    for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = tensor["data_offsets"]
        assert begin == place and end - begin == math.prod(tensor["shape"]) * WIDTHS[tensor["dtype"]]
        place = end
        shape = ", ".join(map(str, tensor["shape"]))
        lines.append(f"{name} [{shape}] {hashlib.sha256(data[begin:end]).hexdigest()}")
    assert place == len(data) and length % 8 == 0
    with open(digests, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


main(*sys.argv[1:])
