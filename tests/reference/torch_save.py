"""Writes a state dictionary with Python's torch (legacy: format before 1.6), and the digest of every tensor.

    torch_save.py types|legacy|inception_v3 FILE DIGESTS
"""

import hashlib
import sys

import torch
import torchvision


def types():
    torch.manual_seed(1)
    base = torch.randn(6, 7)
    layer = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
    state = layer.state_dict(keep_vars=True)
    state.update({
        "float64": torch.randn(3, dtype=torch.float64),
        "float16": torch.randn(5).half(),
        "bfloat16": torch.randn(2, 3).bfloat16(),
        "int64": torch.tensor([-(2**60), 7]),
        "int32": torch.arange(4, dtype=torch.int32),
        "int16": torch.arange(4, dtype=torch.int16),
        "int8": torch.arange(-2, 2, dtype=torch.int8),
        "uint8": torch.arange(300, 600).byte(),
        "bool": torch.tensor([[True], [False]]),
        "scalar": torch.tensor(2.5),
        "base": base,
        "transposed": base.t(),
        "part": base[2:5, 1:6:2],
    })
    return state


def digest(name, tensor):
    tensor = tensor.detach().contiguous()
    # Flattened, because a tensor without dimensions cannot be viewed as bytes.
    data = bytes(tensor.flatten().view(torch.uint8).numpy())
    return f"{name} [{', '.join(map(str, tensor.shape))}] {hashlib.sha256(data).hexdigest()}"


def main(kind, path, digests):
    state = torchvision.models.inception_v3(init_weights=False).state_dict() if kind == "inception_v3" else types()
    torch.save(state, path, _use_new_zipfile_serialization=kind != "legacy")
    with open(digests, "w", encoding="utf-8") as file:
        file.writelines(digest(name, tensor) + "\n" for name, tensor in state.items())


main(*sys.argv[1:])
