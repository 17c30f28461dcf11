"""Slices, integer tensors and masks; gather and scatter; look-ups."""

import torch
import torch.nn.functional as F


def write(writer):
    cube = lambda d: d.normal(4, 5, 3)
    # "index" says how C# writes it; the table of calls turns the name into t[...].
    slices = {
        "[1]": lambda t: t[1], "[^1]": lambda t: t[-1], "[1..3]": lambda t: t[1:3], "[1..3, ^1]": lambda t: t[1:3, -1], "[.., 2]": lambda t: t[:, 2],
        "[..., 0]": lambda t: t[..., 0], "[new, 1]": lambda t: t[None, 1], "[.., new, 2..^1]": lambda t: t[:, None, 2:-1], "[0, 1, 2]": lambda t: t[0, 1, 2], "[2..2]": lambda t: t[2:2],
    }
    for name, function in slices.items():
        writer.case("slice", name, function, cube, index=name)
    writer.case("index", "one vector", lambda t, i: t[i], cube, lambda d: d.whole(0, 4, 7))
    writer.case("index", "one matrix", lambda t, i: t[i], cube, lambda d: d.whole(0, 4, 2, 3))
    writer.case("index", "negative", lambda t, i: t[i], cube, lambda d: d.whole(-4, 4, 5))
    writer.case("index", "empty", lambda t, i: t[i], cube, lambda d: d.whole(0, 4, 0))
    writer.case("index_pair", "two vectors", lambda t, i, j: t[i, j], cube, lambda d: d.whole(0, 4, 6), lambda d: d.whole(0, 5, 6))
    writer.case("index_pair", "broadcast", lambda t, i, j: t[i, j], cube, lambda d: d.whole(0, 4, 2, 1), lambda d: d.whole(0, 5, 3))
    writer.case("index_after_slice", "second axis", lambda t, i: t[:, i], cube, lambda d: d.whole(0, 5, 4))
    writer.case("mask", "whole", lambda t, m: t[m], cube, lambda d: d.bools(4, 5, 3))
    writer.case("mask", "leading axes", lambda t, m: t[m], cube, lambda d: d.bools(4, 5))
    writer.case("mask", "nothing", lambda t, m: t[m], cube, torch.zeros(4, dtype=torch.bool))

    for axis, shape in ((0, (3, 5)), (1, (4, 2)), (-1, (4, 7))):
        top = 4 if axis == 0 else 5
        writer.case("gather", f"axis {axis}", lambda t, i: t.gather(axis, i), lambda d: d.normal(4, 5), lambda d: d.whole(0, top, *shape), axis=axis)
        writer.case("scatter_add", f"axis {axis}", lambda t, i, s: t.scatter_add(axis, i, s), lambda d: d.normal(4, 5), lambda d: d.whole(0, top, *shape), lambda d: d.normal(*shape), axis=axis)
    # Scatter with an index twice has no defined winner: permutations only.
    for axis, n in ((0, 4), (1, 5)):
        order = lambda d: torch.argsort(d.normal(4, 5), dim=axis)
        writer.case("scatter", f"axis {axis}", lambda t, i, s: t.scatter(axis, i, s), lambda d: d.normal(4, 5), order, lambda d: d.normal(4, 5), axis=axis)
    for axis in (0, 1, -1):
        writer.case("index_select", f"axis {axis}", lambda t, i: t.index_select(axis, i), cube, lambda d: d.whole(0, 3, 6), axis=axis)
    writer.case("masked_fill", "same shape", lambda t, m: t.masked_fill(m, -1.5), lambda d: d.normal(3, 4), lambda d: d.bools(3, 4), value=-1.5)
    writer.case("masked_fill", "broadcast", lambda t, m: t.masked_fill(m, 2.5), lambda d: d.normal(3, 4), lambda d: d.bools(4), value=2.5)
    writer.case("masked_select", "same shape", lambda t, m: t.masked_select(m), lambda d: d.normal(3, 4), lambda d: d.bools(3, 4))
    writer.case("masked_select", "broadcast", lambda t, m: t.masked_select(m), lambda d: d.normal(3, 4), lambda d: d.bools(3, 1))
    writer.case("nonzero", "bools", lambda t: t.nonzero(), lambda d: d.bools(3, 4), grad=False)
    writer.case("nonzero", "numbers", lambda t: t.nonzero(), lambda d: d.whole(-1, 2, 2, 3, 4), grad=False)
    writer.case("nonzero", "vector", lambda t: t.nonzero(), lambda d: d.whole(0, 2, 9), grad=False)
    writer.case("embedding", "matrix of ids", lambda w, i: F.embedding(i, w), lambda d: d.normal(6, 4), lambda d: d.whole(0, 6, 2, 5))
    writer.case("embedding", "one id", lambda w, i: F.embedding(i, w), lambda d: d.normal(6, 4), lambda d: d.whole(0, 6))
    writer.case("one_hot", "vector", lambda i: F.one_hot(i, 6), lambda d: d.whole(0, 6, 5), grad=False, classes=6)
    writer.case("one_hot", "matrix", lambda i: F.one_hot(i, 3), lambda d: d.whole(0, 3, 2, 4), grad=False, classes=3)
