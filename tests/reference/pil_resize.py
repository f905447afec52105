"""SHA-256 of images resized by PIL: pil_resize.py RESULT PICTURE..."""

import hashlib
import os
import sys

from PIL import Image

with open(sys.argv[1], "w") as result:
    for path in sys.argv[2:]:
        picture = Image.open(path).convert("RGB")
        for size in [(299, 299), (224, 224), (229, 229), (112, 75), (800, 500)]:
            for name in ["NEAREST", "BILINEAR", "BICUBIC"]:
                resized = picture.resize(size, getattr(Image, name))
                digest = hashlib.sha256(resized.tobytes()).hexdigest()
                result.write(f"{os.path.basename(path)} {size[0]}x{size[1]} {name} {digest}\n")
