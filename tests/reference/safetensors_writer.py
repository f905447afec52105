"""Writes a .safetensors file."""

import json
import struct

import torch


def write(path, state):
    """By the format's published layout: Debian has no package of its own library."""
    header, data, place = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in state.items():
        content = tensor.numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [place, place + len(content)]}
        data.append(content)
        place += len(content)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data))
