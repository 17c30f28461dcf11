#!/usr/bin/env python3
"""Writes data/torch_*.pt: one object as PyTorch writes it in each of its forms, for the tests of TorchFile. The older form names
storages by addresses, so that its file differs from run to run.

    python3 tests/golden/torch_files.py              # needs torch; writes the files
    python3 tests/golden/torch_files.py read FILE    # prints what a file of DeepNet holds, by hand
"""

import collections
import pathlib
import sys

import torch

TYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]


def contents():
    layer = torch.nn.Linear(3, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(6).reshape(2, 3) / 4)
        layer.bias.copy_(torch.tensor([-1.0, 2.5]))
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.125, momentum=0.5)
    layer(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    optimizer.zero_grad()
    base = torch.arange(24.0).reshape(2, 3, 4)
    return {
        "model": layer.state_dict(),
        "optimizer": optimizer.state_dict(),
        "types": {name: torch.arange(4).to(getattr(torch, name)) for name in TYPES},
        "views": [base, base.transpose(0, 2), base[:, 1:, ::2], base[1, 2, 3], torch.ones(1).expand(2, 3), torch.zeros(0, 5)],
        "parameter": torch.nn.Parameter(torch.tensor([7.0])),
        "epoch": 3, "rate": 0.125, "name": "Größe", "flag": True, "nothing": None, "large": 2**70, "negative": -(2**40), "bytes": b"\x00\xff",
        "size": torch.Size([2, 3]), "device": torch.device("cpu"), "dtype": torch.bfloat16, "counts": collections.Counter("aab"),
    }


def main():
    torch.manual_seed(0)
    folder = pathlib.Path(__file__).parent / "data"
    torch.save(contents(), folder / "torch_archive.pt")
    torch.save(contents(), folder / "torch_protocol5.pt", pickle_protocol=5)
    torch.save(contents(), folder / "torch_legacy.pt", _use_new_zipfile_serialization=False)


def show(path):
    for name, tensor in torch.load(path, **({"weights_only": True} if torch.__version__ >= "1.13" else {})).items():
        print(name, tuple(tensor.shape), tensor.dtype, tensor.is_contiguous(), f"sum {tensor.double().sum().item():.6f}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "read":
        show(sys.argv[2])
    else:
        main()
