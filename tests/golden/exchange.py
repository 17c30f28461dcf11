#!/usr/bin/env python3
"""Writes data/torch_weights.safetensors: the weights of a small trained PyTorch network under PyTorch's names, with an input and
the output that PyTorch computes of it. The file format is written from its description (the library is not needed):
https://huggingface.co/docs/safetensors/index#format

    python3 tests/golden/exchange.py              # needs torch; writes the file
    python3 tests/golden/exchange.py read FILE    # prints what a file of DeepNet holds, by hand
"""

import json
import pathlib
import struct
import sys

import torch

TYPES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].element_size()):
        elements = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(elements)]}
        data += elements
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    file = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", file[:8])
    header, data = json.loads(file[8:8 + length]), file[8 + length:]
    types = {"F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64, "I32": torch.int32, "BOOL": torch.bool}
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def show(path):
    tensors, metadata = read(path)
    print(metadata)
    for name, tensor in tensors.items():
        print(name, tuple(tensor.shape), tensor.dtype, f"sum {tensor.double().sum().item():.6f}")


def main():
    torch.manual_seed(0)
    net = torch.nn.Sequential()
    net.add_module("features", torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3, padding=1), torch.nn.BatchNorm2d(3), torch.nn.ReLU()))
    net.add_module("flatten", torch.nn.Flatten())
    net.add_module("classifier", torch.nn.Linear(3 * 5 * 4, 6))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(5):
        x, target = torch.randn(8, 2, 5, 4), torch.randint(0, 6, (8,))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), target).backward()
        optimizer.step()
    net.eval()
    x = torch.randn(3, 2, 5, 4)
    tensors = {**net.state_dict(), "input": x, "output": net(x)}
    write(pathlib.Path(__file__).parent / "data" / "torch_weights.safetensors", tensors, {"format": "pt"})


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "read":
        show(sys.argv[2])
    else:
        main()
