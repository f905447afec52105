"""Pooled features of Keras-lineage Inception V3 by Python's torch: the reference for our own backbone.

    inception_v3_keras.py MODEL_FOLDER PICTURES SIZE FEATURES

PICTURES: bytes, N x SIZE x SIZE x 3 (RGB). Writes FEATURES: float32, N x 2048.
The network is torchvision's own, with average pools that exclude their padding as in TensorFlow. Only numpy reads the
weights from the TensorFlow.js layers model.
"""

import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.models.inception as inception


def read_layers_model(folder):
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        groups = json.load(file)["weightsManifest"]
    arrays = {}
    for group in groups:
        data = b"".join(open(os.path.join(folder, path), "rb").read() for path in group["paths"])
        place = 0
        for weight in group["weights"]:
            quantization = weight.get("quantization", {"dtype": weight["dtype"], "scale": 1.0, "min": 0.0})
            stored = np.frombuffer(data, quantization["dtype"], int(np.prod(weight["shape"])), place)
            place += stored.nbytes
            values = stored.astype(np.float64) * quantization["scale"] + quantization["min"]
            arrays[weight["name"]] = values.reshape(weight["shape"]).astype(np.float32)
        assert place == len(data)
    return arrays


def load(model, arrays):
    units = [
        module
        for name, module in model.named_modules()
        if isinstance(module, inception.BasicConv2d) and not name.startswith("AuxLogits")
    ]
    assert len(units) == 94
    for number, unit in enumerate(units, start=1):
        norm = f"batch_normalization_{number}"
        unit.conv.weight.copy_(torch.from_numpy(arrays[f"conv2d_{number}/kernel"].transpose(3, 2, 0, 1).copy()))
        unit.bn.weight.fill_(1)
        unit.bn.bias.copy_(torch.from_numpy(arrays[f"{norm}/beta"]))
        unit.bn.running_mean.copy_(torch.from_numpy(arrays[f"{norm}/moving_mean"]))
        unit.bn.running_var.copy_(torch.from_numpy(arrays[f"{norm}/moving_variance"]))


def main(folder, pictures, size, features):
    torch.set_num_threads(2)
    average_pool = F.avg_pool2d
    F.avg_pool2d = lambda x, **window: average_pool(x, count_include_pad=False, **window)
    model = inception.inception_v3(transform_input=False, init_weights=False).eval()
    model.fc = torch.nn.Identity()
    with torch.no_grad():
        load(model, read_layers_model(folder))
        rgb = np.fromfile(pictures, np.uint8).reshape(-1, int(size), int(size), 3)
        x = torch.from_numpy(rgb.transpose(0, 3, 1, 2).astype(np.float32)) / 127.5 - 1
        torch.cat([model(picture[None]) for picture in x]).numpy().tofile(features)


main(*sys.argv[1:])
