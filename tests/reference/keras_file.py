"""Inception V3 with random weights as Keras's HDF5 files, written by h5py, and its pooled features by Python's torch.

    keras_file.py FOLDER LAYERS SIZE

FOLDER/pictures: bytes, N x SIZE x SIZE x 3 (RGB). LAYERS: Keras's layers in the model's order, a table with the columns
index, kind and number (of the convolution, in order of creation). Writes weights.h5 like save_weights without top, in a
process that has created another model before; model.h5 like save with top, with the names of newer Keras versions;
features: float32, N x 2048.
"""

import os
import sys

import h5py
import numpy as np
import torch
import torch.nn.functional as F
import torchvision.models.inception as inception


def made(pictures):
    torch.manual_seed(21)
    model = inception.inception_v3(transform_input=False, init_weights=False)
    units = [
        module
        for name, module in model.named_modules()
        if isinstance(module, inception.BasicConv2d) and not name.startswith("AuxLogits")
    ]
    for unit in units:
        unit.bn.momentum = None
        torch.nn.init.normal_(unit.bn.bias, 0, 0.1)
    noise = F.interpolate(torch.randn(2, 3, 9, 9), size=pictures.shape[2:])
    model.AuxLogits = None
    model.aux_logits = False
    model.train()(torch.cat([pictures, noise]))
    model.fc = torch.nn.Identity()
    return model.eval(), units


def layer(kind, unit):
    if kind == "Conv2D":
        return {"kernel": unit.conv.weight.permute(2, 3, 1, 0)}
    return {"beta": unit.bn.bias, "moving_mean": unit.bn.running_mean, "moving_variance": unit.bn.running_var}


def write(group, layers):
    """As Keras's save_weights_to_hdf5_group."""
    group.attrs["layer_names"] = [name.encode() for name, _ in layers]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.1.2"
    for name, weights in layers:
        part = group.create_group(name)
        names = [f"{name}/{weight}:0" for weight in weights]
        part.attrs["weight_names"] = [weight.encode() for weight in names]
        for weight, value in zip(names, weights.values()):
            value = np.asarray(value, np.float32)
            part.create_dataset(weight, value.shape, dtype=value.dtype)[:] = value


def main(folder, table, size):
    torch.set_num_threads(2)
    average_pool = F.avg_pool2d
    F.avg_pool2d = lambda x, **window: average_pool(x, count_include_pad=False, **window)
    rgb = np.fromfile(os.path.join(folder, "pictures"), np.uint8).reshape(-1, int(size), int(size), 3)
    pictures = torch.from_numpy(rgb.transpose(0, 3, 1, 2).astype(np.float32)) / 127.5 - 1
    with open(table, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t")[:3] for line in file][1:]
    names = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization"}
    with torch.no_grad():
        model, units = made(pictures)
        old, new = [], []
        for index, kind, number in rows:
            if kind in names:
                weights = layer(kind, units[int(number) - 1])
                old.append((f"{names[kind]}_{int(number) + 94}", weights))
                new.append((names[kind] if number == "1" else f"{names[kind]}_{int(number) - 1}", weights))
            else:
                old.append((f"{kind.lower()}_{index}", {}))
        new.append(("predictions", {"kernel": torch.zeros(2048, 3), "bias": torch.zeros(3)}))
        with h5py.File(os.path.join(folder, "weights.h5"), "w") as file:
            write(file, old)
        with h5py.File(os.path.join(folder, "model.h5"), "w") as file:
            file.attrs["model_config"] = "{}"
            write(file.create_group("model_weights"), new)
        model.double()(pictures.double()).float().numpy().tofile(os.path.join(folder, "features"))


main(*sys.argv[1:])
