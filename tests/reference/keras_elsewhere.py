"""A file in Keras's format whose only weight is stored elsewhere.

    keras_elsewhere.py FOLDER link|data|virtual|compressed

Writes FOLDER/weights.h5 and, except for compressed, FOLDER/other, to which it refers.
"""

import os
import sys

import h5py
import numpy as np


def main(folder, way):
    other = os.path.join(folder, "other")
    with h5py.File(os.path.join(folder, "weights.h5"), "w") as file:
        file.attrs["layer_names"] = np.asarray([b"a"])
        group = h5py.File(other, "w").create_group("x") if way == "link" else file.create_group("a")
        group.attrs["weight_names"] = np.asarray([b"a/k:0"])
        if way == "link":
            group["a/k:0"] = np.arange(1024, dtype=np.float32)
            group.file.close()
            file["a"] = h5py.ExternalLink(other, "/x")
        elif way == "data":
            np.arange(1024, dtype=np.float32).tofile(other)
            group.create_dataset("a/k:0", (1024,), np.float32, external=[(other, 0, 4096)])
        elif way == "virtual":
            with h5py.File(other, "w") as source:
                source["d"] = np.arange(1024, dtype=np.float32)
            layout = h5py.VirtualLayout((1024,), np.float32)
            layout[:] = h5py.VirtualSource(other, "d", (1024,))
            group.create_virtual_dataset("a/k:0", layout)
        else:
            # Larger than the file, but not so much that the length is enough to detect it.
            group.create_dataset("a/k:0", data=np.zeros(1024, np.float32), compression="gzip")
            file["padding"] = np.random.default_rng(1).normal(size=4096)


main(*sys.argv[1:])
