"""One case: draws inputs, runs PyTorch forward and backward, and writes a line."""

import json
import math
import zlib

import numpy as np
import torch

NAMES = {torch.float64: "float64", torch.float32: "float32", torch.int64: "int64", torch.int32: "int32", torch.bool: "bool"}


def pack(tensor):
    tensor = tensor.detach()
    values = tensor.reshape(-1).tolist()
    if tensor.dtype == torch.bool:
        values = [int(v) for v in values]
    elif tensor.dtype.is_floating_point:
        values = [number(v) for v in values]
    return {"t": NAMES[tensor.dtype], "s": list(tensor.shape), "v": values}


def number(v):
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    if v == int(v) and abs(v) < 1e15 and not (v == 0 and math.copysign(1, v) < 0):
        return int(v)
    return v


class Draw:
    """The random inputs of one case; its name is the seed."""

    def __init__(self, name):
        self.random = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode())))

    def normal(self, *shape, low=-3.0, high=3.0):
        """Distinct where there is room, never within 1/64 of an integer multiple of 1/2: no kink, no tie."""
        count = math.prod(shape)
        grid = np.arange(math.ceil(low * 32), math.floor(high * 32) + 1)
        grid = grid[grid % 16 != 0]
        values = self.random.choice(grid, size=count, replace=count > len(grid))
        return torch.tensor(values.reshape(shape) / 32.0, dtype=torch.float64)

    def positive(self, *shape):
        return self.normal(*shape, low=0.1, high=4.0)

    def unit(self, *shape):
        return self.normal(*shape, low=-0.97, high=0.97)

    def whole(self, low, high, *shape, dtype=torch.int64):
        return torch.tensor(self.random.integers(low, high, size=shape), dtype=dtype)

    def bools(self, *shape):
        return torch.tensor(self.random.integers(0, 2, size=shape), dtype=torch.bool)


class Writer:
    def __init__(self, topic):
        self.topic = topic
        self.lines = []
        self.names = set()

    def case(self, op, name, function, *inputs, grad=True, **args):
        """Inputs are tensors, or functions of a Draw that make one."""
        full = f"{op}: {name}"
        assert full not in self.names, full
        self.names.add(full)
        draw = Draw(full)
        inputs = [make(draw) if callable(make) else make for make in inputs]
        leaves = [x.clone().requires_grad_(grad and x.dtype.is_floating_point) for x in inputs]
        results = function(*leaves)
        results = list(results) if isinstance(results, (tuple, list)) else [results]
        line = {"op": op, "case": name}
        args = {k: v for k, v in args.items() if k not in ("edges", "signed", "composed") or v}
        if args:
            line["args"] = args
        line["in"] = [pack(x) for x in inputs]
        line["out"] = [pack(y) for y in results]
        live = [y for y in results if y.requires_grad]
        if grad and live:
            upstream = [draw.normal(*y.shape) for y in live]
            wanted = [x for x in leaves if x.requires_grad]
            grads = iter(torch.autograd.grad(live, wanted, upstream, allow_unused=True))
            line["up"] = [pack(upstream.pop(0)) if y.requires_grad else None for y in results]
            line["grad"] = [zero_if_unused(next(grads), x) if x.requires_grad else None for x in leaves]
        self.lines.append(json.dumps(line, separators=(",", ":"), allow_nan=False))

    def save(self, folder):
        text = "\n".join(self.lines) + "\n"
        (folder / f"{self.topic}.jsonl").write_text(text)
        print(f"{self.topic}: {len(self.lines)} cases, {len(text) / 1024:.0f} KiB")
        return len(text)


def zero_if_unused(gradient, x):
    return pack(torch.zeros_like(x) if gradient is None else gradient)
