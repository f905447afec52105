"""Copies the PNG files below a folder as TIFF, each with another compression: tiff_copies.py FROM TO"""

import os
import sys

from PIL import Image

COMPRESSIONS = ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"]

count = 0
for parent, _, files in sorted(os.walk(sys.argv[1])):
    for name in sorted(files):
        if name.endswith(".png"):
            folder = os.path.join(sys.argv[2], os.path.relpath(parent, sys.argv[1]))
            os.makedirs(folder, exist_ok=True)
            image = Image.open(os.path.join(parent, name))
            compression = COMPRESSIONS[count % len(COMPRESSIONS)]
            image.save(os.path.join(folder, name[:-4] + ".tif"), compression=compression)
            count += 1
