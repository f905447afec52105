"""Inception V3 with random weights as Keras's HDF5 files, written by h5py, and its pooled features by Python's torch.

    keras_file.py FOLDER LAYERS SIZE

FOLDER/pictures: bytes, N x SIZE x SIZE x 3 (RGB). LAYERS: Keras's layers in the model's order, a table with the columns
index, kind and number (of the convolution, in order of creation). Writes weights.h5 like save_weights without top, in a
process that has created another model before; model.h5 like save with top, with the names of newer Keras versions;
features: float32, N x 2048. The folder same has the same weights in the other ways in which Keras saves a model, the
folder bad a file with Theano's kernels.
"""

import io
import os
import sys
import zipfile

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


def put(group, name, value):
    value = np.asarray(value, np.float32)
    group.create_dataset(name, value.shape, dtype=value.dtype)[:] = value


def write(group, layers):
    """As Keras's save_weights_to_hdf5_group. A model that is used as a layer has a list of layers instead of weights."""
    group.attrs["layer_names"] = [name.encode() for name, _ in layers]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.1.2"
    for name, weights in layers:
        part = group.create_group(name)
        inner = weights if isinstance(weights, list) else [(name, weights)]
        flat = [(f"{layer}/{weight}:0", value) for layer, all in inner for weight, value in all.items()]
        if isinstance(weights, list):
            # Keras lists what is trained first.
            flat.sort(key=lambda item: "/moving_" in item[0])
        part.attrs["weight_names"] = [weight.encode() for weight, _ in flat]
        for weight, value in flat:
            put(part, weight, value)


def write_objects(group, layers):
    """As the saving_lib of Keras 3: each kind of layer is counted in the order of the model."""
    counts = {}
    for kind, weights in layers:
        counts[kind] = counts.get(kind, -1) + 1
        name = f"{kind}_{counts[kind]}" if counts[kind] else kind
        part = group.create_group(f"layers/{name}")
        variables = part.create_group("vars")
        if isinstance(weights, list):
            write_objects(part, weights)
            continue
        for i, value in enumerate(weights.values()):
            put(variables, str(i), value)


def others(folder, old):
    head = [("dense_1", {"kernel": torch.ones(2048, 4), "bias": torch.ones(4)}), ("dense_2", {"kernel": torch.ones(4, 2)})]
    objects = [(name.rsplit("_", 1)[0], weights) for name, weights in old]
    os.makedirs(os.path.join(folder, "same"))
    os.makedirs(os.path.join(folder, "bad"))
    with h5py.File(os.path.join(folder, "same", "nested_head.h5"), "w") as file:
        file.attrs["model_config"] = "{}"
        write(file.create_group("model_weights"), old + [("sequential_1", head)])
    with h5py.File(os.path.join(folder, "same", "augmented.h5"), "w") as file:
        write(file, [("random_flip", {}), ("normalization", {}), *old, *head])
        for layer, values in (
            ("random_flip", {"StateVar:0": np.zeros(3, np.int64)}),
            ("normalization", {"mean:0": np.zeros(3, np.float32), "variance:0": np.ones(3, np.float32), "count:0": np.int64(3)}),
        ):
            file[layer].attrs["weight_names"] = [name.encode() for name in values]
            for name, value in values.items():
                file[layer].create_dataset(name, data=value)
    with h5py.File(os.path.join(folder, "same", "nested_backbone.h5"), "w") as file:
        write(file, [("input_1", {}), ("inception_v3", old), *head])
    frozen = [item for item in old if item[1]]
    with h5py.File(os.path.join(folder, "same", "partly_frozen.h5"), "w") as file:
        write(file, [("inception_v3", frozen[100:] + frozen[:100]), *head])
    with h5py.File(os.path.join(folder, "same", "keras_3.weights.h5"), "w") as file:
        file.create_group("vars")
        write_objects(file, objects + [("dense", head[0][1])])
        for state in ("dropout/seed_generator", "random_flip/generator"):
            file.create_dataset(f"layers/{state}/vars/0", data=np.array([1, 2], np.uint32))
        for i, value in enumerate((np.zeros(3, np.float32), np.ones(3, np.float32), np.int64(3))):
            file.create_dataset(f"layers/normalization/vars/{i}", data=value)
    with h5py.File(os.path.join(folder, "same", "nested_keras_3.weights.h5"), "w") as file:
        write_objects(file, [("input_layer", {}), ("functional", objects), ("dense", head[0][1])])
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        write_objects(file, objects)
        file.create_group("optimizer/vars")
    with zipfile.ZipFile(os.path.join(folder, "same", "model.keras"), "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", content.getvalue())
    # A head with layers of the backbone's kinds, counted after those of the backbone.
    norm = next(weights for kind, weights in objects if kind == "batch_normalization")
    top = [("conv2d", {"kernel": torch.ones(1, 1, 2048, 8)}), ("batch_normalization", norm), ("dense", head[0][1])]
    with h5py.File(os.path.join(folder, "same", "convolution_head.weights.h5"), "w") as file:
        write_objects(file, objects + top)
    with h5py.File(os.path.join(folder, "bad", "twice.h5"), "w") as file:
        write(file, [("inception_v3", old), ("inception_v3_b", old)])
    with h5py.File(os.path.join(folder, "bad", "flat_twice.weights.h5"), "w") as file:
        write_objects(file, objects + objects)
    theano = [(name, {k: v.permute(3, 2, 0, 1) if k == "kernel" else v for k, v in all.items()}) for name, all in old]
    with h5py.File(os.path.join(folder, "bad", "theano.h5"), "w") as file:
        write(file, theano)
    with h5py.File(os.path.join(folder, "bad", "few.weights.h5"), "w") as file:
        write_objects(file, objects[:100])


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
        others(folder, old)
        model.double()(pictures.double()).float().numpy().tofile(os.path.join(folder, "features"))


main(*sys.argv[1:])
