"""Activations beyond those of elementwise.py, at their kinks too, and parametrizations of weights."""

import torch
import torch.nn.functional as F
from torch import nn

from nn import normal


def write(writer):
    kinks = torch.tensor([-7.0, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 5.75, 6.0, 6.5], dtype=torch.float64)
    functions = {
        "relu6": (F.relu6, {}), "hard_tanh": (lambda x: F.hardtanh(x, -0.5, 1.0), dict(min=-0.5, max=1.0)), "celu": (lambda x: F.celu(x, 0.75), dict(alpha=0.75)),
        "hard_shrink": (lambda x: F.hardshrink(x, 0.25), dict(by=0.25)), "soft_shrink": (lambda x: F.softshrink(x, 0.25), dict(by=0.25)), "tanh_shrink": (F.tanhshrink, {}),
        "threshold": (lambda x: F.threshold(x, 0.25, -3.0), dict(threshold=0.25, value=-3.0)),
    }
    for op, (function, args) in functions.items():
        writer.case(op, "values", function, normal(3, 7), composed=op == "tanh_shrink", **args)
        writer.case(op, "kinks", function, kinks, composed=op == "tanh_shrink", **args)
    writer.case("glu", "last axis", lambda x: F.glu(x), normal(3, 6), axis=-1)
    writer.case("glu", "middle axis", lambda x: F.glu(x, 1), normal(2, 4, 3), axis=1)
    writer.case("swi_glu", "last axis", lambda x: F.silu(x.chunk(2, -1)[0]) * x.chunk(2, -1)[1], normal(3, 6), axis=-1)

    for name, axis in {"rows": 0, "columns": 1, "whole": None}.items():
        writer.case("weight_norm", name, lambda v, g: v * (g / (v.norm() if axis is None else v.norm(dim=1 - axis, keepdim=True))), normal(3, 4),
                    lambda d: d.positive(*{0: (3, 1), 1: (1, 4), None: (1, 1)}[axis]), **({} if axis is None else dict(axis=axis)))
    for name, shape, axis in (("matrix", (3, 4), 0), ("kernels", (2, 3, 2, 2), 0), ("transposed kernels", (3, 2, 2), 1)):
        module = nn.utils.parametrizations.spectral_norm(Holder(shape), "w", dim=axis)
        norm = module.parametrizations.w[0]
        for train in (True, False):
            norm.train(train)
            rows, columns = shape[axis], torch.Size(shape).numel() // shape[axis]

            def spectral(w, u, v):
                norm._u, norm._v = F.normalize(u.detach(), dim=0), F.normalize(v.detach(), dim=0)
                return [norm(w), norm._u.clone(), norm._v.clone()]

            writer.case("spectral_norm", f"{name}, train {train}", spectral, normal(*shape), normal(rows), normal(columns), axis=axis, train=train)


class Holder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.w = nn.Parameter(torch.randn(shape, dtype=torch.float64))
