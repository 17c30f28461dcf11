#!/usr/bin/env python3
"""Writes data/autocast.json: what small networks give, and what gradients their parameters get, under PyTorch's autocast to bfloat16 on the CPU.

    python3 tests/golden/autocast.py              # needs torch (made with 1.13); writes the file

One entry is {"op", "in": [tensor...], "up": tensor, "out": tensor, "grad": [tensor...]}, with tensors as in generate.py; the gradient is that of
sum(out · up), with "up" given too.
"""

import json
import pathlib
import zlib

import torch
import torch.nn.functional as F


def attention(q, k, v):
    return torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, -1) @ v


def mlp(x, w1, b1, w2, b2):
    return F.linear(F.relu(F.linear(x, w1, b1)), w2, b2)


def residual(x, w, b):
    return x + F.gelu(F.linear(F.layer_norm(x, (x.shape[-1],)), w, b))


CASES = {
    "matmul": (torch.matmul, [(5, 7), (7, 3)]),
    "linear": (F.linear, [(6, 10), (4, 10), (4,)]),
    "conv2d": (lambda x, w, b: F.conv2d(x, w, b, padding=1), [(2, 3, 6, 5), (4, 3, 3, 3), (4,)]),
    "attention": (attention, [(2, 5, 8), (2, 6, 8), (2, 6, 8)]),
    "mlp": (mlp, [(6, 10), (12, 10), (12,), (4, 12), (4,)]),
    "residual": (residual, [(6, 10), (10, 10), (10,)]),
    "sigmoid of a product": (lambda a, b: torch.sigmoid(a @ b), [(4, 5), (5, 3)]),
    "log_softmax of a product": (lambda a, b: torch.log_softmax(a @ b, -1).float(), [(4, 5), (5, 3)]),
}


def tensor(t):
    return {"t": str(t.dtype).removeprefix("torch."), "s": list(t.shape), "v": [round(v, 9) for v in t.detach().double().flatten().tolist()]}


def main():
    lines = []
    for name, (function, shapes) in CASES.items():
        random = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        inputs = [(torch.randint(-48, 49, shape, generator=random) / 32).requires_grad_() for shape in shapes]
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):
            out = function(*inputs)
        up = (torch.randint(-32, 33, out.shape, generator=random) / 32)
        (out.float() * up).sum().backward()
        lines.append(json.dumps({"op": name, "in": [tensor(x) for x in inputs], "up": tensor(up), "out": tensor(out), "grad": [tensor(x.grad) for x in inputs]}))
    path = pathlib.Path(__file__).parent / "data" / "autocast.json"
    path.write_text("[" + ",\n".join(lines) + "]\n")


if __name__ == "__main__":
    main()
