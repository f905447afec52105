"""Weights files written by Python, and the pooled features that torchvision computes with them from real images.

    torchvision_features.py FOLDER NAME SIZE

FOLDER/pictures: bytes, N x SIZE x SIZE x 3 (RGB). Writes NAME.zip and NAME.legacy there with torch.save in both
formats, NAME.safetensors, and NAME.features: float32, N x features. The weights are torchvision's own random ones from a
fixed seed; gammas and betas are drawn too, and the running statistics are those of the images and of coloured squares.
"""

import os
import sys

import numpy as np
import torch
import torchvision
from safetensors_writer import write


def prepared(rgb):
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    return (torch.from_numpy(rgb.transpose(0, 3, 1, 2).astype(np.float32)) / 255 - mean) / std


def made(name, pictures):
    torch.manual_seed(20)
    # Inception V3 gets the same images, and undoes their normalisation itself.
    options = {"init_weights": False, "transform_input": True} if name == "inception_v3" else {}
    model = getattr(torchvision.models, name)(**options)
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias, 0, 0.1)
    noise = torch.nn.functional.interpolate(torch.randn(2, 3, 9, 9), size=pictures.shape[2:])
    model.train()(torch.cat([pictures, noise]))
    return model.eval()


def main(folder, name, size):
    torch.set_num_threads(2)
    rgb = np.fromfile(os.path.join(folder, "pictures"), np.uint8).reshape(-1, int(size), int(size), 3)
    pictures = prepared(rgb)
    with torch.no_grad():
        model = made(name, pictures)
        state = model.state_dict()
        torch.save(state, os.path.join(folder, name + ".zip"))
        torch.save(state, os.path.join(folder, name + ".legacy"), _use_new_zipfile_serialization=False)
        write(os.path.join(folder, name + ".safetensors"), state)
        setattr(model, "classifier" if name == "mobilenet_v2" else "fc", torch.nn.Identity())
        # In double precision, so that any difference is due to our own code.
        model.double()(pictures.double()).float().numpy().tofile(os.path.join(folder, name + ".features"))


main(*sys.argv[1:])
