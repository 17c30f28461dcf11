"""Softmax and its logarithm."""

import torch

NAN, INF = float("nan"), float("inf")


def write(writer):
    for op, function in (("softmax", torch.softmax), ("log_softmax", torch.log_softmax)):
        for shape in ((3, 4, 5), (2, 37)):
            for axis in range(len(shape)):
                writer.case(op, f"{shape}, axis {axis}", lambda x: function(x, dim=axis), lambda d: d.normal(*shape), axis=axis)
        writer.case(op, "last axis", lambda x: function(x, dim=-1), lambda d: d.normal(4, 10), axis=-1)
        writer.case(op, "one class", lambda x: function(x, dim=1), lambda d: d.normal(4, 1), axis=1)
        writer.case(op, "nothing", lambda x: function(x, dim=1), lambda d: d.normal(0, 4), axis=1)
        writer.case(op, "large logits", lambda x: function(x, dim=1), lambda d: d.normal(3, 6) * 1024, axis=1)
        special = torch.tensor([[1.0, -INF, 2.0], [NAN, 1.0, 2.0], [INF, 1.0, 2.0], [-INF, -INF, -INF], [1e300, -1e300, 0.0]], dtype=torch.float64)
        writer.case(op, "special values", lambda x: function(x, dim=1), special, grad=False, axis=1, only="float64")
