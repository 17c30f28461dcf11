"""Quantiles and other order statistics, counts, search, scatter-reduce, and the functions that densities are made of."""

import mpmath
import torch

NAN, INF = float("nan"), float("inf")
CUBE = lambda d: d.normal(2, 5, 4)
TIES = torch.tensor([[3.0, 1.0, 3.0, 2.0, 1.0], [2.0, 2.0, 1.0, 4.0, 1.0]], dtype=torch.float64)
HOLES = torch.tensor([[3.0, NAN, 1.5, 2.0, 7.0], [NAN, NAN, NAN, NAN, NAN], [2.0, -1.0, 5.0, NAN, NAN], [1.0, 4.0, 2.0, 3.0, -2.0]], dtype=torch.float64)


class Trigamma(torch.autograd.Function):
    """With all digits: PyTorch's own is right to nine of them, and so is its gradient of the digamma function."""

    @staticmethod
    def forward(context, x, order=1):
        context.save_for_backward(x)
        context.order = order
        return polygamma(order, x)

    @staticmethod
    def backward(context, gradient):
        return gradient * polygamma(context.order + 1, context.saved_tensors[0]), None


class Digamma(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.special.digamma(x)

    @staticmethod
    def backward(context, gradient):
        return gradient * polygamma(1, context.saved_tensors[0])


def polygamma(order, x):
    return torch.tensor([float(mpmath.psi(order, v)) for v in x.flatten().tolist()], dtype=x.dtype).reshape(x.shape)


def special(writer):
    anywhere = lambda d: d.normal(4, 6)
    functions = {"log_gamma": torch.lgamma, "digamma": Digamma.apply, "trigamma": Trigamma.apply}
    for op, function in functions.items():
        writer.case(op, "positive", function, lambda d: d.positive(4, 6))
        writer.case(op, "large", function, lambda d: d.positive(8) * 40)
        writer.case(op, "values", function, anywhere)
    writer.case("log_gamma", "special values", torch.lgamma, torch.tensor([NAN, INF, 0.0, -1.0, -2.0, 1.0, 2.0, 171.0, 1e6], dtype=torch.float64), grad=False)
    writer.case("digamma", "special values", torch.digamma, torch.tensor([NAN, INF, 0.0, -1.0, -2.0, 1e-3, 1e6], dtype=torch.float64), grad=False)
    writer.case("xlogy", "values", torch.xlogy, anywhere, lambda d: d.positive(4, 6))
    zeros = torch.tensor([0.0, 0.0, 0.0, 0.0, 2.0, 2.0], dtype=torch.float64)
    writer.case("xlogy", "zeros", torch.xlogy, zeros, torch.tensor([0.0, -1.0, INF, NAN, 0.0, 3.0], dtype=torch.float64), grad=False)
    for weight in (0.0, 0.3, 0.75, 1.0):
        writer.case("lerp", f"weight {weight}", lambda a, b: torch.lerp(a, b, weight), anywhere, anywhere, weight=weight)
    writer.case("lerp", "weights", torch.lerp, anywhere, anywhere, lambda d: d.normal(4, 6, low=0, high=1))


def order(writer):
    for method in ("linear", "lower", "higher", "midpoint", "nearest"):
        writer.case("quantile", method, lambda x: torch.quantile(x, 0.3, 1, interpolation=method), CUBE, q=[0.3], single=True, axis=1, method=method)
        several = torch.tensor([0.0, 0.125, 0.5, 0.75, 1.0], dtype=torch.float64)
        writer.case("quantile", f"{method}, several", lambda x: torch.quantile(x, several, -1, keepdim=True, interpolation=method), CUBE, q=several.tolist(), axis=-1, keepDim=True, method=method)
        writer.case("quantile", f"{method}, of all", lambda x: torch.quantile(x, 0.45, interpolation=method), CUBE, q=[0.45], single=True, method=method)
    writer.case("quantile", "several of all", lambda x: torch.quantile(x, torch.tensor([0.2, 0.9], dtype=torch.float64)), CUBE, q=[0.2, 0.9])
    writer.case("quantile", "kept", lambda x: torch.quantile(x, 0.5, 0, keepdim=True), CUBE, q=[0.5], single=True, axis=0, keepDim=True)
    writer.case("quantile", "ties", lambda x: torch.quantile(x, 0.6, 1), TIES, q=[0.6], single=True, axis=1)
    writer.case("quantile", "long", lambda x: torch.quantile(x, 0.77, 0), lambda d: d.normal(150), q=[0.77], single=True, axis=0)
    writer.case("quantile", "one element", lambda x: torch.quantile(x, 0.77, 0), lambda d: d.normal(1, 3), q=[0.77], single=True, axis=0)
    writer.case("quantile", "NaN", lambda x: torch.quantile(x, 0.5, 1), HOLES, grad=False, q=[0.5], single=True, axis=1)
    for method in ("linear", "nearest"):
        writer.case("quantile", f"numbers among NaN, {method}", lambda x: torch.nanquantile(x, torch.tensor([0.1, 0.5], dtype=torch.float64), 1, interpolation=method), HOLES, q=[0.1, 0.5], axis=1, ignoreNan=True, method=method)
    writer.case("quantile", "numbers of all", lambda x: torch.nanquantile(x, 0.9), HOLES, q=[0.9], single=True, ignoreNan=True)

    for axis in (0, 1, -1):
        writer.case("median", f"axis {axis}", lambda x: torch.median(x, axis), CUBE, axis=axis)
        writer.case("median", f"axis {axis}, kept", lambda x: torch.median(x, axis, keepdim=True), CUBE, axis=axis, keepDim=True)
        writer.case("mode", f"axis {axis}", lambda x: torch.mode(x, axis), CUBE, axis=axis)
    writer.case("median_of_all", "values", lambda x: torch.median(x), CUBE)
    writer.case("median_of_all", "NaN", lambda x: torch.median(x), HOLES, grad=False)
    writer.case("median", "numbers", lambda x: torch.nanmedian(x, 1), HOLES[[0, 2, 3]], axis=1, ignoreNan=True)
    writer.case("median", "int64", lambda x: torch.median(x, 1), lambda d: torch.argsort(d.normal(3, 7)), grad=False, axis=1)
    writer.case("mode", "ties", lambda x: torch.mode(x, 1), TIES, axis=1)
    writer.case("mode", "ties of columns, kept", lambda x: torch.mode(x, 0, keepdim=True), TIES.T.contiguous(), axis=0, keepDim=True)
    writer.case("mode", "int64", lambda x: torch.mode(x, 1), lambda d: d.whole(0, 4, 5, 9), grad=False, axis=1)
    for k, axis in ((1, 1), (4, 1), (5, 1), (2, 0), (3, -1)):
        writer.case("kth_value", f"{k}, axis {axis}", lambda x: torch.kthvalue(x, k, axis), CUBE, k=k, axis=axis)
    writer.case("kth_value", "kept", lambda x: torch.kthvalue(x, 2, 1, keepdim=True), CUBE, k=2, axis=1, keepDim=True)


def scan(writer):
    for op, function in (("cum_max", torch.cummax), ("cum_min", torch.cummin)):
        for axis in (0, 1, -1):
            writer.case(op, f"axis {axis}", lambda x: function(x, axis), CUBE, axis=axis)
        writer.case(op, "ties", lambda x: function(x, 1), TIES, axis=1)
        writer.case(op, "NaN", lambda x: function(x, 1), HOLES, grad=False, axis=1)
        writer.case(op, "int64", lambda x: function(x, 0), lambda d: d.whole(-5, 5, 9, 2), grad=False, axis=0)
        writer.case(op, "long", lambda x: function(x, 0), lambda d: d.normal(70), axis=0)
    for order, axis in ((1, -1), (1, 0), (2, 1), (3, 1), (5, 1), (0, 0)):
        writer.case("diff", f"order {order}, axis {axis}", lambda x: torch.diff(x, order, axis), CUBE, order=order, axis=axis)
    writer.case("diff", "bools", lambda x: torch.diff(x, 1, 0), lambda d: d.bools(9), grad=False, order=1, axis=0)
    writer.case("diff", "int64", lambda x: torch.diff(x, 2, 0), lambda d: d.whole(-9, 9, 9), grad=False, order=2, axis=0)
    for axes in ([0], [1], [0, 1]):
        writer.case("nan_sum", f"axes {axes}", lambda x: torch.nansum(x, axes), HOLES, axes=axes)
        writer.case("nan_mean", f"axes {axes}", lambda x: torch.nanmean(x, axes), HOLES[[0, 2, 3]], axes=axes)
    writer.case("nan_mean", "nothing but NaN", lambda x: torch.nanmean(x, 1), HOLES, grad=False, axes=[1])


def search(writer):
    edges = torch.tensor([-1.5, -0.5, 0.5, 0.5, 2.0], dtype=torch.float64)
    found = torch.tensor([[-2.0, -1.5, 0.5], [0.25, 2.0, NAN], [3.0, INF, -INF]], dtype=torch.float64)
    for right in (False, True):
        label = "right" if right else "left"
        writer.case("search_sorted", label, lambda e, x: torch.searchsorted(e, x, right=right), edges, found, grad=False, right=right)
        rows = torch.stack([edges, edges + 1, edges * 2])
        writer.case("search_sorted", f"{label}, rows", lambda e, x: torch.searchsorted(e, x, right=right), rows, found, grad=False, right=right)
        writer.case("search_sorted", f"{label}, int64", lambda e, x: torch.searchsorted(e, x, right=right), torch.tensor([1, 3, 3, 9]), torch.tensor([0, 3, 4, 10]), grad=False, right=right)
        writer.case("bucketize", label, lambda x, e: torch.bucketize(x, e, right=right), found, edges, grad=False, right=right)
    writer.case("unique", "values", lambda x: torch.unique(x, return_inverse=True, return_counts=True), TIES, grad=False)
    writer.case("unique", "int64", lambda x: torch.unique(x, return_inverse=True, return_counts=True), lambda d: d.whole(-4, 4, 3, 7), grad=False)
    writer.case("unique", "bools", lambda x: torch.unique(x, return_inverse=True, return_counts=True), lambda d: d.bools(11), grad=False)
    rows = torch.tensor([[2, 1], [0, 3], [2, 1], [0, 2], [0, 3], [2, 0]])
    writer.case("unique", "rows", lambda x: torch.unique(x, return_inverse=True, return_counts=True, dim=0), rows, grad=False, axis=0)
    writer.case("unique", "columns", lambda x: torch.unique(x, return_inverse=True, return_counts=True, dim=1), rows.T.contiguous().double(), grad=False, axis=1)
    writer.case("bin_count", "counts", lambda x: torch.bincount(x), lambda d: d.whole(0, 9, 30), grad=False)
    writer.case("bin_count", "at least 12", lambda x: torch.bincount(x, minlength=12), lambda d: d.whole(0, 9, 30), grad=False, minLength=12)
    writer.case("bin_count", "weights", lambda x, w: torch.bincount(x, w), lambda d: d.whole(0, 9, 30), lambda d: d.normal(30), grad=False)
    sample = lambda d: d.normal(60)
    for bins in (1, 3, 8):
        writer.case("histogram", f"{bins} bins", lambda x: torch.histogram(x, bins), sample, grad=False, bins=bins)
    writer.case("histogram", "range", lambda x: torch.histogram(x, 5, range=(-1.0, 1.5)), sample, grad=False, bins=5, range=[-1.0, 1.5])
    writer.case("histogram", "density", lambda x: torch.histogram(x, 5, range=(-1.0, 1.5), density=True), sample, grad=False, bins=5, range=[-1.0, 1.5], density=True)
    writer.case("histogram", "weights", lambda x, w: torch.histogram(x, 4, weight=w), sample, lambda d: d.positive(60), grad=False, bins=4)
    writer.case("histogram", "one value", lambda x: torch.histogram(x, 2), torch.tensor([2.0, 2.0], dtype=torch.float64), grad=False, bins=2)
    writer.case("histogram_edges", "edges", lambda x, e: torch.histogram(x, e), torch.tensor([-2.0, -1.5, 0.5, 2.0, 1.0, 3.0], dtype=torch.float64), edges, grad=False)


def scatter_reduce(writer):
    for reduction in ("sum", "prod", "mean", "amax", "amin"):
        for own in (True, False):
            label = f"{reduction}, {'with' if own else 'without'} its own"
            for axis, shape in ((0, (6, 4)), (1, (3, 7)), (1, (2, 3))):
                writer.case("scatter_reduce", f"{label}, {shape} along {axis}", lambda x, i, s: x.scatter_reduce(axis, i, s, reduction, include_self=own),
                            lambda d: (d.normal(4, 4) if axis == 0 else d.normal(3, 5)) + 1 / 64, lambda d: d.whole(0, 4 if axis == 0 else 5, *shape), lambda d: d.normal(*shape),
                            axis=axis, reduction=reduction, own=own)
            # Without its own element, PyTorch still counts that among equal ones, and loses a part of the gradient.
            ties = torch.tensor([2.0, 1.0, 3.0, 0.5] if own else [2.5, 1.0, 3.5, 0.5], dtype=torch.float64)
            writer.case("scatter_reduce", f"{label}, ties", lambda x, i, s: x.scatter_reduce(0, i, s, reduction, include_self=own), ties, torch.tensor([0, 0, 0, 2, 2, 1]),
                        torch.tensor([2.0, 2.0, -1.0, 3.0, 3.0, 4.0], dtype=torch.float64), axis=0, reduction=reduction, own=own)
            writer.case("scatter_reduce", f"{label}, int64", lambda x, i, s: x.scatter_reduce(0, i, s, reduction, include_self=own), torch.tensor([1, -2, 3, 4]), torch.tensor([0, 0, 1, 2]),
                        torch.tensor([2, 3, -8, 2]), grad=False, axis=0, reduction=reduction, own=own)
    zeros = torch.tensor([0.0, 0.0, 3.0, 4.0, 0.0], dtype=torch.float64)
    writer.case("scatter_reduce", "product with zeros", lambda x, i, s: x.scatter_reduce(0, i, s, "prod", include_self=False), torch.ones(3, dtype=torch.float64), torch.tensor([0, 0, 0, 1, 1]), zeros, axis=0, reduction="prod", own=False)


def write(writer):
    special(writer)
    order(writer)
    scan(writer)
    search(writer)
    scatter_reduce(writer)
