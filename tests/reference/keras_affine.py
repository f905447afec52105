"""
Keras's ImageDataGenerator warp (2.0.9 to 2.1.2), from its published definition: rotation, shear (radians) and zoom as
3 x 3 matrices multiplied in that order, moved to the centre, applied to each channel by scipy with order 0.

keras_affine.py CASES PIXELS RESULT; one case per line: rotation shear zoom_rows zoom_columns height width fill
"""

import sys

import numpy as np
from scipy import ndimage


def matrix(rotation, shear, zoom_rows, zoom_columns, height, width):
    rotate = np.array([[np.cos(rotation), -np.sin(rotation), 0], [np.sin(rotation), np.cos(rotation), 0], [0, 0, 1]])
    slant = np.array([[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]])
    zoom = np.array([[zoom_rows, 0, 0], [0, zoom_columns, 0], [0, 0, 1]])
    row, column = float(height) / 2 + 0.5, float(width) / 2 + 0.5
    there = np.array([[1, 0, row], [0, 1, column], [0, 0, 1]])
    back = np.array([[1, 0, -row], [0, 1, -column], [0, 0, 1]])
    return there @ (rotate @ slant @ zoom) @ back


pixels = np.fromfile(sys.argv[2], dtype=np.uint8)
with open(sys.argv[1]) as cases, open(sys.argv[3], "wb") as result:
    for line in cases:
        *numbers, height, width, fill = line.split()
        height, width = int(height), int(width)
        m = matrix(*map(float, numbers), height, width)
        picture, pixels = pixels[: height * width * 3].reshape(height, width, 3), pixels[height * width * 3 :]
        warped = [
            ndimage.affine_transform(picture[:, :, c], m[:2, :2], m[:2, 2], order=0, mode=fill, cval=0)
            for c in range(3)
        ]
        result.write(np.stack(warped, axis=2).astype(np.uint8).tobytes())
