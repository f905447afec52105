"""TIFF images of every kind, and the RGB bytes that PIL reads from them: tiff_images.py FOLDER

FOLDER/equal has NAME.tif with NAME.rgb. FOLDER/refused has files that the tool must refuse.
"""

import io
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image

SIZES = {1: 1, 3: 2, 4: 4, 16: 8}
WIDTH, HEIGHT = 67, 45


def encoded(block, compression, mode=None):
    """One strip or tile, an array of height x width x samples, compressed."""
    raw = block.tobytes()
    if compression in (8, 32946):
        return zlib.compress(raw)
    if compression == 32773:
        chunks = [raw[i : i + 128] for i in range(0, len(raw), 128)]
        return b"".join(bytes([len(chunk) - 1]) + chunk for chunk in chunks)
    if compression == 5:
        return lzw(block)
    if compression == 7:
        file = io.BytesIO()
        array = block[:, :, 0] if block.shape[2] == 1 else block
        Image.fromarray(array).save(file, "JPEG", quality=85, subsampling=mode or 0)
        return file.getvalue()
    return raw


def lzw(block):
    """The only strip of a file that PIL writes."""
    file = io.BytesIO()
    height, width, samples = block.shape
    flat = np.ascontiguousarray(block.reshape(height, width * samples))
    Image.fromarray(flat).save(file, "TIFF", compression="tiff_lzw", tiffinfo={278: height})
    tags = Image.open(file).tag_v2
    assert len(tags[273]) == 1
    return file.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]]


def page(array, photometric, compression=1, tile=None, rows=None, planar=False, jpeg=None, tags=()):
    """The tags of one page, as tag -> (type, values), and its strips or tiles."""
    if array.ndim == 2:
        array = array[:, :, None]
    height, width, samples = array.shape
    planes = [array[:, :, i : i + 1] for i in range(samples)] if planar else [array]
    parts = []
    for plane in planes:
        if tile:
            padded = np.pad(plane, [(0, -height % tile), (0, -width % tile), (0, 0)], mode="edge")
            for y in range(0, height, tile):
                for x in range(0, width, tile):
                    parts.append(encoded(padded[y : y + tile, x : x + tile], compression, jpeg))
        else:
            for y in range(0, height, rows or height):
                parts.append(encoded(plane[y : y + (rows or height)], compression, jpeg))
    entries = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [array.dtype.itemsize * 8] * samples),
        259: (3, [compression]),
        262: (3, [photometric]),
        277: (3, [samples]),
        284: (3, [2 if planar else 1]),
    }
    if tile:
        entries.update({322: (4, [tile]), 323: (4, [tile]), 324: (4, None), 325: (4, [len(p) for p in parts])})
    else:
        entries.update({278: (4, [rows or height]), 273: (4, None), 279: (4, [len(p) for p in parts])})
    if samples in (2, 4) and photometric < 3:
        entries[338] = (3, [2])
    if photometric == 6:
        entries[530] = (3, [2, 2] if jpeg == "4:2:0" else [2, 1] if jpeg == "4:2:2" else [1, 1])
    entries.update(dict(tags))
    return entries, parts


def tiff(*pages, order="<", big=False):
    """A TIFF file."""
    word = "Q" if big else "I"
    offset = 16 if big else 8
    out = bytearray(offset)
    links = [8 if big else 4]
    for entries, parts in pages:
        places = []
        for part in parts:
            places.append(len(out))
            out += part + b"\0" * (len(part) % 2)
        directory = bytearray(struct.pack(order + ("Q" if big else "H"), len(entries)))
        end = len(out) + len(directory) + len(entries) * (20 if big else 12) + (8 if big else 4)
        extra = bytearray()
        for tag in sorted(entries):
            kind, values = entries[tag]
            values = places if values is None else values
            kind = 16 if big and tag in (273, 324) else kind
            data = struct.pack(order + str(len(values)) + {1: "B", 7: "B", 3: "H", 4: "I", 12: "d", 16: "Q"}[kind], *values)
            if len(data) > (8 if big else 4):
                data, value = struct.pack(order + word, end + len(extra)), data
                extra += value + b"\0" * (len(value) % 2)
            directory += struct.pack(order + "HH" + word, tag, kind, len(values))
            directory += data.ljust(8 if big else 4, b"\0")
        struct.pack_into(order + word, out, links[-1], len(out))
        out += directory
        links.append(len(out))
        out += b"\0" * (8 if big else 4) + extra
    header = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    out[: len(header)] = header
    if big:
        struct.pack_into(order + "HH", out, 4, 8, 0)
    return bytes(out)


def pixels(samples, seed=1):
    """Smooth colours with some noise, as a photograph has."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    channels = [128 + 90 * np.sin(x / (7 + c) + c) * np.cos(y / (9 - c)) for c in range(samples)]
    image = np.stack(channels, 2) + random.normal(0, 6, (HEIGHT, WIDTH, samples))
    return image.clip(0, 255).astype(np.uint8)


RGB, GREY, RGBA, GREYA = pixels(3), pixels(1), pixels(4), pixels(2)
COLOURS = (np.random.default_rng(5).integers(0, 256, 768) * 257).tolist()
COMPRESSIONS = {"none": 1, "lzw": 5, "deflate": 8, "old_deflate": 32946, "packbits": 32773}


def packed(bits):
    """Rows of 67 pixels with fewer than 8 bits."""
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, (WIDTH * bits + 7) // 8), dtype=np.uint8)


def packed_tiles(bits, photometric):
    """48 x 48 pixels in tiles of 16 x 16."""
    tiles = np.random.default_rng(4).integers(0, 256, (9, 16, 2 * bits), dtype=np.uint8)
    entries, _ = page(GREY, photometric, tile=16, tags={256: (3, [48]), 257: (3, [48]), 258: (3, [bits])})
    entries[325] = (4, [32 * bits] * 9)
    return entries, [tile.tobytes() for tile in tiles]


def with_tables(photometric, subsampling, tile=None):
    """JPEG as libtiff writes it: the tables are in a tag of their own."""
    size = tile or HEIGHT
    height, width = (-HEIGHT % tile, -WIDTH % tile) if tile else (0, 0)
    padded = np.pad(RGB, [(0, height), (0, width), (0, 0)], mode="edge")
    entries, _ = page(RGB, photometric, tile=tile, tags={259: (3, [7]), 530: (3, subsampling)})
    parts = []
    for y in range(0, HEIGHT, size):
        for x in range(0, WIDTH, tile or WIDTH):
            file = io.BytesIO()
            block = np.ascontiguousarray(padded[y : y + size, x : x + (tile or WIDTH)])
            info = {262: photometric, 278: size, 530: tuple(subsampling)}
            Image.fromarray(block).save(file, "TIFF", compression="jpeg", tiffinfo=info)
            tags = Image.open(file).tag_v2
            assert len(tags[273]) == 1
            parts.append(file.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]])
            entries[347] = (7, list(tags[347]))
    entries[325 if tile else 279] = (4, [len(part) for part in parts])
    return entries, parts


def equal():
    for name, number in COMPRESSIONS.items():
        for layout, options in {"strips": {"rows": 8}, "strip": {}, "tiles": {"tile": 16}}.items():
            yield f"rgb_{name}_{layout}", tiff(page(RGB, 2, number, **options))
            if layout != "tiles":
                yield f"rgb_{name}_{layout}_planar", tiff(page(RGB, 2, number, planar=True, **options))
                yield f"rgba_{name}_{layout}_planar", tiff(page(RGBA, 2, number, planar=True, **options))
            yield f"rgba_{name}_{layout}", tiff(page(RGBA, 2, number, **options))
            yield f"grey_{name}_{layout}", tiff(page(GREY, 1, number, **options))
            yield f"white_is_zero_{name}_{layout}", tiff(page(GREY, 0, number, **options))
            yield f"grey_alpha_{name}_{layout}", tiff(page(GREYA, 1, number, **options))
            yield f"palette_{name}_{layout}", tiff(page(GREY, 3, number, tags={320: (3, COLOURS)}, **options))
    for layout, options in {"strips": {"rows": 16}, "strip": {}, "tiles": {"tile": 32}}.items():
        for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
            name = "jpeg_" + subsampling.replace(":", "") + "_" + layout
            yield name, tiff(page(RGB, 6, 7, jpeg=subsampling, **options))
        yield f"jpeg_grey_{layout}", tiff(page(GREY, 1, 7, **options))
        yield f"jpeg_white_is_zero_{layout}", tiff(page(GREY, 0, 7, **options))
        yield f"jpeg_rgb_{layout}", tiff(page(RGB, 2, 7, jpeg="4:4:4", **options))
    for order in "<>":
        # PIL before 11 does not read BigTIFF in this order.
        for big in (False, True) if order == "<" else (False,):
            yield f"order_{'little' if order == '<' else 'big'}_{big}", tiff(page(RGB, 2, 5), order=order, big=big)
    for orientation in range(1, 9):
        yield f"orientation_{orientation}", tiff(page(RGB, 2, tags={274: (3, [orientation])}))
        yield f"orientation_{orientation}_tiles", tiff(page(GREY, 1, 8, tile=16, tags={274: (3, [orientation])}))
    for photometric in (0, 1, 3):
        for bits in (1, 2, 4):
            tags = {256: (4, [WIDTH]), 258: (3, [bits])}
            colours = {320: (3, COLOURS[: 3 << bits])} if photometric == 3 else {}
            for name, number in COMPRESSIONS.items():
                content = page(packed(bits), photometric, number, rows=7, tags={**tags, **colours})
                yield f"bits_{bits}_{photometric}_{name}", tiff(content)
            entries, parts = packed_tiles(bits, photometric)
            yield f"bits_{bits}_{photometric}_tiles", tiff(({**entries, **colours}, parts))
    for layout, tile in {"strip": None, "tiles": 32}.items():
        yield f"jpeg_tables_ycbcr_{layout}", tiff(with_tables(6, [2, 1], tile))
        yield f"jpeg_tables_ycbcr_444_{layout}", tiff(with_tables(6, [1, 1], tile))
        yield f"jpeg_tables_rgb_{layout}", tiff(with_tables(2, [1, 1], tile))
    yield "jpeg_planar", tiff(page(RGB, 2, 7, planar=True))
    yield "predictor_deflate_planar", tiff(page(RGB, 2, 8, planar=True, tags={317: (3, [2])}))
    yield "predictor_deflate_tiles", tiff(page(RGB, 2, 8, tile=16, tags={317: (3, [2])}))
    entries, parts = page(RGBA, 2)
    del entries[338]
    yield "rgb_and_a_channel_without_a_meaning", tiff((entries, parts))
    yield "any_palette", tiff(page(GREY, 3, tags={320: (3, np.random.default_rng(6).integers(0, 65536, 768).tolist())}))
    yield "one_count_of_bits", tiff(page(RGB, 2, tags={258: (3, [8])}))
    yield "profile", tiff(page(RGB, 2, tags={34675: (7, list(range(100)))}))
    yield "rgbx", tiff(page(RGBA, 2, tags={338: (3, [0])}))
    yield "pyramid", tiff(page(RGB, 2, 8, tile=16), page(RGB[::2, ::2], 2, tags={254: (4, [1])}), page(RGB[::3, ::3], 2))
    yield "unknown_tags", tiff(page(RGB, 2, tags={65000: (3, [1]), 65001: (1, list(range(200)))}))
    for mode, image in {"RGB": RGB, "RGBA": RGBA, "L": GREY[:, :, 0]}.items():
        for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "jpeg"):
            if mode == "RGBA" and compression == "jpeg":
                continue
            for big in (False, True):
                file = io.BytesIO()
                Image.fromarray(image).save(file, "TIFF", compression=compression, big_tiff=big)
                yield f"pil_{mode}_{compression}_{big}", file.getvalue()
    for predictor in (1, 2):
        file = io.BytesIO()
        Image.fromarray(RGB).save(file, "TIFF", compression="tiff_lzw", tiffinfo={317: predictor})
        yield f"pil_predictor_{predictor}", file.getvalue()
    file = io.BytesIO()
    Image.fromarray(RGB).quantize(200).save(file, "TIFF", compression="tiff_lzw")
    yield "pil_palette", file.getvalue()
    large = np.tile(RGB, (60, 40, 1))
    yield "one_large_strip", tiff(page(large, 2))
    yield "one_large_strip_deflate", tiff(page(large, 2, 8))
    yield "one_pixel", tiff(page(RGB[:1, :1], 2))


def refused():
    for mode in ("CMYK", "LAB"):
        file = io.BytesIO()
        Image.fromarray(RGB).convert(mode).save(file, "TIFF")
        yield mode.lower(), file.getvalue()
    yield "sixteen_bits", tiff(page(RGB.astype(np.uint16) * 257, 2))
    yield "sixteen_bits_grey", tiff(page(GREY.astype(np.uint16) * 257, 1))
    yield "float", tiff(page(RGB.astype(np.float32) / 255, 2, tags={339: (3, [3, 3, 3])}))
    yield "signed", tiff(page(RGB, 2, tags={339: (3, [2, 2, 2])}))
    yield "ycbcr", tiff(page(RGB, 6, 5))
    yield "premultiplied", tiff(page(RGBA, 2, tags={338: (3, [1])}))
    yield "five_channels", tiff(page(np.dstack([RGB, GREYA]), 2, tags={338: (3, [0, 0])}))
    yield "planar_tiles", tiff(page(RGB, 2, planar=True, tile=16))
    yield "planar_grey_alpha", tiff(page(GREYA, 1, planar=True))
    yield "odd_tiles", tiff(page(RGB, 2, tile=17))
    yield "small_palette", tiff(page(GREY, 3, tags={320: (3, [c // 257 for c in COLOURS])}))
    yield "jpeg_palette", tiff(page(GREY, 3, 7, tags={320: (3, COLOURS)}))
    yield "reversed_bits", tiff(page(RGB, 2, tags={266: (3, [2])}))
    yield "zstandard", tiff(page(RGB, 2, tags={259: (3, [50000])}))
    yield "fax", tiff(page(packed(1), 0, tags={256: (4, [WIDTH]), 258: (3, [1]), 259: (3, [4])}))
    yield "strips_and_tiles", tiff(page(RGB, 2, tags={322: (4, [16]), 323: (4, [16])}))
    yield "two_pages", tiff(page(RGB, 2), page(RGB, 2))
    yield "thumbnail_first", tiff(page(RGB[::4, ::4], 2, tags={254: (4, [1])}), page(RGB, 2))
    yield "pages_in_a_cycle", cycle()
    yield "bomb", tiff(page(RGB, 2, 8, tags={256: (4, [60000]), 257: (4, [60000])}))
    yield "bomb_of_tiles", tiff(page(RGB, 2, 8, tile=16, tags={322: (4, [65536]), 323: (4, [65536])}))
    yield "bomb_of_pages", tiff(*[page(RGB[:2, :2], 2, tags={254: (4, [1])})] * 1500)
    yield "bomb_of_a_line", tiff(page(RGB, 2, 8, tags={256: (4, [99000000]), 257: (4, [1])}))
    yield "orientation_of_bytes", tiff(page(RGB, 2, tags={274: (1, [6])}))
    yield "orientation_of_doubles", tiff(page(RGB, 2, tags={274: (12, [6.0])}))
    yield "width_of_a_byte", tiff(page(RGB, 2, tags={256: (1, [WIDTH])}))
    yield "predictor_of_a_byte", tiff(page(RGB, 2, 8, tags={317: (1, [2])}))
    yield "too_many_colours", tiff(page(GREY, 3, tags={320: (3, COLOURS * 2)}))
    yield "too_few_colours", tiff(page(GREY, 3, tags={320: (3, COLOURS[:384])}))
    yield "more_strips_than_rows", tiff(page(RGB, 2, 8, rows=8, tags={257: (4, [20])}))
    yield "white_is_zero_alpha", tiff(page(GREYA, 0, tags={338: (3, [2])}))
    yield "two_counts_of_bits", tiff(page(RGB, 2, tags={258: (3, [8, 8])}))
    entries, parts = page(RGB, 2, 8)
    yield "without_checksum", tiff(({**entries, 279: (4, [len(parts[0]) - 4])}, [parts[0][:-4]]))
    yield "wrong_checksum", tiff((entries, [parts[0][:-1] + bytes([parts[0][-1] ^ 1])]))
    yield "sparse", tiff(page(RGB, 2, 8, rows=8, tags={279: (4, [0] * 6)}))


def cycle():
    """A file whose second page is its own successor."""
    file = bytearray(tiff(page(RGB, 2), page(RGB[::2, ::2], 2)))
    first = struct.unpack_from("<I", file, 4)[0]
    link = first + 2 + 12 * struct.unpack_from("<H", file, first)[0]
    second = struct.unpack_from("<I", file, link)[0]
    struct.pack_into("<I", file, second + 2 + 12 * struct.unpack_from("<H", file, second)[0], second)
    return bytes(file)


def main(folder):
    for kind in ("equal", "refused"):
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
    for name, content in equal():
        place = os.path.join(folder, "equal", name)
        with open(place + ".tif", "wb") as file:
            file.write(content)
        with open(place + ".rgb", "wb") as file:
            file.write(Image.open(place + ".tif").convert("RGB").tobytes())
    for name, content in refused():
        with open(os.path.join(folder, "refused", name + ".tif"), "wb") as file:
            file.write(content)


main(sys.argv[1])
