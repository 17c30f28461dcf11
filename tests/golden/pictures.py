#!/usr/bin/env python3
"""Writes data/pictures.json: image files, and what Pillow (made with 9.4) makes of them.

    python3 tests/golden/pictures.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

files, cases = {}, []


def text(data):
    return base64.b64encode(data).decode()


def file(name, image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    files[name] = text(buffer.getvalue())
    return Image.open(io.BytesIO(buffer.getvalue()))


def case(op, name, image, **args):
    pixels = np.asarray(image)
    cases.append({"op": op, "file": name, "args": args, "shape": list(pixels.shape), "bytes": text(pixels.tobytes())})


def interlaced(pixels):
    """A PNG file with its rows in the seven passes of Adam7, which Pillow reads but does not write."""
    height, width, _ = pixels.shape
    rows = b""
    for x, y, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for row in pixels[y::dy, x::dx]:
            if row.size:
                rows += b"\0" + row.tobytes()

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main():
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:23, 0:31]
    smooth = np.stack([128 + 90 * np.sin(x / 7 + c) * np.cos(y / 5 - c) for c in range(3)], -1)
    photo = Image.fromarray(np.clip(smooth, 0, 255).astype(np.uint8))
    noisy = Image.fromarray(np.clip(smooth + 40 * rng.normal(size=smooth.shape), 0, 255).astype(np.uint8))
    alpha = noisy.copy()
    alpha.putalpha(Image.fromarray(rng.integers(0, 256, size=(23, 31), dtype=np.uint8)))

    for name, image, kind, options in [
        ("rgb.png", noisy, "PNG", {}), ("rgba.png", alpha, "PNG", {}), ("grey.png", noisy.convert("L"), "PNG", {}),
        ("palette.png", noisy.convert("P"), "PNG", {}), ("bits.png", noisy.convert("1"), "PNG", {}),
        ("greyalpha.png", alpha.convert("LA"), "PNG", {}), ("sixteen.png", Image.fromarray(rng.integers(0, 65536, size=(9, 5), dtype=np.uint16)), "PNG", {}),
        ("rgb.bmp", noisy, "BMP", {}), ("palette.bmp", noisy.convert("P"), "BMP", {}), ("bits.bmp", noisy.convert("1"), "BMP", {}),
        ("photo.jpg", photo, "JPEG", {"quality": 92}), ("progressive.jpg", photo, "JPEG", {"quality": 92, "progressive": True}),
        ("full.jpg", photo, "JPEG", {"quality": 92, "subsampling": 0}), ("greyscale.jpg", photo.convert("L"), "JPEG", {"quality": 92}),
    ]:
        stored = file(name, image, kind, **options)
        if name == "sixteen.png":
            stored = Image.fromarray((np.asarray(stored) >> 8).astype(np.uint8))
        case("decode", name, stored.convert("RGB"), color="Rgb")
        if kind != "JPEG":
            case("decode", name, stored.convert("RGBA"), color="Rgba")

    for name, size in [("interlaced.png", 23), ("interlacedsmall.png", 3)]:
        files[name] = text(interlaced(np.asarray(noisy)[:size, :size]))
        case("decode", name, Image.open(io.BytesIO(base64.b64decode(files[name]))).convert("RGB"), color="Rgb")
    transparent = noisy.convert("P")
    buffer = io.BytesIO()
    transparent.save(buffer, "PNG", transparency=bytes(range(256)))
    files["transparent.png"] = text(buffer.getvalue())
    case("decode", "transparent.png", Image.open(io.BytesIO(buffer.getvalue())).convert("RGBA"), color="Rgba")

    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"orientation{orientation}.jpg"
        case("decode", name, ImageOps.exif_transpose(file(name, photo, "JPEG", quality=92, exif=exif)).convert("RGB"), color="Rgb")

    for name, image in [("rgb.png", noisy), ("grey.png", noisy.convert("L")), ("rgba.png", alpha)]:
        if name == "rgba.png":
            bands = lambda size, mode: Image.merge("RGBA", [band.resize(size, mode) for band in image.split()])
        else:
            bands = image.resize
        for width, height in [(9, 13), (31, 7), (4, 23), (50, 40), (1, 1), (15, 60)]:
            case("resize", name, bands((width, height), Image.BILINEAR), height=height, width=width, mode="Linear")
            case("resize", name, bands((width, height), Image.BICUBIC), height=height, width=width, mode="Cubic")
    for box in [(3, 5, 20, 21), (0, 0, 31, 10), (30, 22, 31, 23)]:
        case("window", "rgb.png", noisy.crop(box).resize((12, 8), Image.BILINEAR), box=list(box), height=8, width=12)

    for factor in [0.0, 0.3, 0.9, 1.0, 1.4, 1.9]:
        for enhance in [ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color, ImageEnhance.Sharpness]:
            case("enhance", "rgb.png", enhance(noisy).enhance(factor), kind=enhance.__name__, factor=factor)
    for bits in [2, 4, 7]:
        case("posterize", "rgb.png", ImageOps.posterize(noisy, bits), bits=bits)
    for threshold in [30, 128, 200]:
        case("solarize", "rgb.png", ImageOps.solarize(noisy, threshold), threshold=threshold)
    for name, image in [("rgb.png", noisy), ("photo.png", file("photo.png", photo.point(lambda v: 60 + v // 3), "PNG"))]:
        case("autocontrast", name, ImageOps.autocontrast(image))
        case("equalize", name, ImageOps.equalize(image))
    for matrix in [(1, 0.3, -2, 0, 1, 0), (1, 0, 4.25, 0.1, 0.9, -3), (0.87, 0.5, -3.7, -0.5, 0.87, 9.1)]:
        case("affine", "rgb.png", noisy.transform(noisy.size, Image.AFFINE, matrix, Image.NEAREST), matrix=list(matrix))

    path = pathlib.Path(__file__).parent / "data" / "pictures.json"
    lines = ",\n".join(json.dumps(c) for c in cases)
    path.write_text('{"files": {\n' + ",\n".join(f'{json.dumps(k)}: "{v}"' for k, v in files.items()) + '\n}, "cases": [\n' + lines + "\n]}\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
