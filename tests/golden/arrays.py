#!/usr/bin/env python3
"""Writes data/arrays.json: npy and npz files as NumPy (made with 1.24) writes them, and their values.

    python3 tests/golden/arrays.py
"""

import base64
import io
import json
import pathlib

import numpy as np


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version, allow_pickle=True)
    return base64.b64encode(buffer.getvalue()).decode()


def npz(save, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return base64.b64encode(buffer.getvalue()).decode()


def main():
    rng = np.random.default_rng(3)
    good, bad = [], []
    for code, dtype in [("?", "Bool"), ("u1", "UInt8"), ("i1", "Int8"), ("i2", "Int32"), ("u2", "Int32"), ("i4", "Int32"), ("u4", "Int64"),
                        ("i8", "Int64"), ("f2", "Float16"), ("f4", "Float32"), ("f8", "Float64")]:
        for order in "<>":
            for layout in "CF":
                values = rng.normal(size=(2, 3, 4)) * 50
                if code in ("u1", "u2", "u4", "?"):
                    values = np.abs(values)
                array = np.asarray(values.astype(np.dtype(code)).astype(np.dtype(order + code)), order=layout)
                good.append({"name": f"{order}{code} {layout}", "file": npy(array), "dtype": dtype, "shape": [2, 3, 4],
                             "values": array.astype(np.float64).ravel().tolist()})
    for array in [np.float32(1.5), np.zeros((0, 3), np.float32), np.arange(5), np.float64([[1.25]]), np.arange(12).reshape(3, 4)[:, ::2]]:
        array = np.asarray(array)
        good.append({"name": f"shape {array.shape}", "file": npy(array), "dtype": {"f4": "Float32", "i8": "Int64", "f8": "Float64"}[array.dtype.str[1:]],
                     "shape": list(array.shape), "values": array.astype(np.float64).ravel().tolist()})
    for version in [(1, 0), (2, 0), (3, 0)]:
        good.append({"name": f"version {version[0]}", "file": npy(np.float32([1, 2]), version), "dtype": "Float32", "shape": [2], "values": [1, 2]})
    for name, array, says in [("objects", np.array([1, None], object), "pickle"), ("complex", np.complex64([1]), "complex"), ("texts", np.array(["a"]), "texts"),
                              ("times", np.array(["2020-01-01"], "M8[D]"), "times"), ("uint64", np.uint64([1]), "uint64"), ("long", np.longdouble([1]), "f16"),
                              ("fields", np.zeros(2, [("a", "f4"), ("b", "i4")]), "fields")]:
        bad.append({"name": name, "file": npy(array), "says": says})
    arrays = {"x": np.arange(6, dtype=np.float32).reshape(2, 3), "deep/y": np.int64([1, 2]), "flag": np.bool_(True)}
    path = pathlib.Path(__file__).parent / "data" / "arrays.json"
    path.write_text(json.dumps({"good": good, "bad": bad, "plain": npz(np.savez, **arrays), "packed": npz(np.savez_compressed, **arrays)}, indent=0) + "\n")
    print(f"{path.name}: {len(good) + len(bad)} arrays, {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
