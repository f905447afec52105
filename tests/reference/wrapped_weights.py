"""Writes a MobileNetV2 of torchvision in the ways in which training scripts and libraries save a network.

    wrapped_weights.py FOLDER

plain.pth is the network's state dictionary; the folder good contains the same in other wrappings, the folder bad what
is not a state dictionary of this network, or several.
"""

import collections
import gzip
import json
import os
import sys

import numpy
import torch
import torchvision
from safetensors_writer import write


def below(prefix, state):
    return collections.OrderedDict((prefix + name, value) for name, value in state.items())


def main(folder):
    torch.manual_seed(7)
    model = torchvision.models.mobilenet_v2()
    state = model.state_dict()
    optimizer = torch.optim.Adam(model.parameters())
    sum(p.sum() for p in model.parameters()).backward()
    optimizer.step()
    state = {name: value.clone() for name, value in state.items()}
    loop = {"epoch": 3, "best": torch.tensor(0.9), "optimizer": optimizer.state_dict(), "args": collections.Counter(lr=1)}
    generators = {"numpy": numpy.random.PCG64(3).state, "legacy": numpy.random.RandomState(3).get_state(), "torch": torch.get_rng_state()}
    odd = {"big": 1 << 100, "complex": torch.ones(2, dtype=torch.complex64), "set": {1, 2}, "bytes": b"abc"}
    wide = torch.ones(1).expand(3000)
    head = {"criterion.weight": torch.ones(2), "head.0.weight": torch.ones(2, 3)}
    good = {
        "entry.pth": {**loop, "state_dict": state},
        "model_state_dict.pt": {**loop, "model_state_dict": state},
        "model.pth": {**loop, "model": state},
        "other_entry.pth": {**loop, "encoder": state},
        "nested.pth": {**loop, "model": {"state_dict": below("module.", state)}},
        "averaged.pth.tar": {"state_dict": state, "state_dict_ema": below("module.", state), "epoch": 1},
        "parallel.pth": below("module.", state),
        "compiled.pth": below("_orig_mod.", state),
        "lightning.ckpt": {"state_dict": {**below("model.", state), **head}, "pytorch-lightning_version": "2.1"},
        "metrics.pth": {"model": state, "metrics": {"train": {"loss": torch.ones(1)}, "val": {"loss": torch.ones(1)}}},
        "generators.pth": {"model": state, **generators},
        "odd.pth": {"model": state, "odd": odd},
        "several.pth": {"model": state, "net": below("module.", state), "ema": {"shadow": below("x.", state)}},
        "buffers.pth": {**below("model.", state), "head.empty": torch.empty(0, 4), "head.wide": wide},
        "deep.ckpt": {**loop, "state_dict": below("_orig_mod.module.backbone.", state)},
    }
    bad = {
        "whole.pth": model,
        "twins.pth": {"student": state, "teacher": state.copy()},
        "pair.pth": {**below("encoder_q.", state), **below("encoder_k.", state)},
        "trunk.pth": torch.nn.Sequential(*model.features).state_dict(),
        "parameters.pth": dict(model.named_parameters()),
        "settings.pth": loop,
        "integers.pth": {**state, "features.0.0.weight": state["features.0.0.weight"].int()},
        "complex.pth": {**state, "features.0.0.weight": state["features.0.0.weight"].to(torch.complex64)},
        "state.pth": {"state_dict": {**state, "temperature": 0.07}, "ema_state_dict": state.copy()},
        "other.pth": torchvision.models.resnet18().state_dict(),
        "part.pth": dict(list(state.items())[:100]),
        "pruned.pth": {(name + "_orig" if name.endswith("0.weight") else name): value for name, value in state.items()},
        "progress.pth": {"epoch": 3, "optimizer": optimizer.state_dict()},
        "list.pth": list(state.values()),
        "tensor.pth": state["features.0.0.weight"],
    }
    torch.save(state, os.path.join(folder, "plain.pth"))
    for name, files in (("good", good), ("bad", bad)):
        os.makedirs(os.path.join(folder, name))
        for file, content in files.items():
            torch.save(content, os.path.join(folder, name, file))
    with open(os.path.join(folder, "plain.pth"), "rb") as file:
        whole = file.read()
    with open(os.path.join(folder, "bad", "truncated.pth"), "wb") as file:
        file.write(whole[: len(whole) // 2])
    with gzip.open(os.path.join(folder, "bad", "plain.pth.gz"), "wb", compresslevel=1) as file:
        file.write(whole)
    numpy.savez(os.path.join(folder, "bad", "arrays.npz"), **{name: value.numpy() for name, value in state.items()})
    entry = good["entry.pth"]
    torch.save(entry, os.path.join(folder, "good", "old.pth"), _use_new_zipfile_serialization=False)
    protocol = {"pickle_protocol": 4}
    torch.save({**entry, "odd": odd}, os.path.join(folder, "good", "protocol.pth"), **protocol)
    torch.save(
        {**entry, "odd": odd}, os.path.join(folder, "good", "old_protocol.pth"), _use_new_zipfile_serialization=False, **protocol
    )
    names = list(state)
    parts = {"a.safetensors": names[:100], "b.safetensors": names[100:]}
    divided = os.path.join(folder, "bad", "divided")
    os.makedirs(divided)
    torch.save(state, os.path.join(divided, "pytorch_model-00001-of-00001.bin"))
    with open(os.path.join(divided, "pytorch_model.bin.index.json"), "w", encoding="utf-8") as file:
        json.dump({"weight_map": {name: "pytorch_model-00001-of-00001.bin" for name in names}}, file)
    sharded = os.path.join(folder, "good", "sharded")
    os.makedirs(sharded)
    for file, part in parts.items():
        write(os.path.join(sharded, file), {name: state[name] for name in part})
    index = {"metadata": {}, "weight_map": {name: file for file, part in parts.items() for name in part}}
    with open(os.path.join(sharded, "model.safetensors.index.json"), "w", encoding="utf-8") as file:
        json.dump(index, file)


main(sys.argv[1])
