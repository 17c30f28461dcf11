"""Creation that is not random, views, and what only moves elements."""

import torch
import torch.nn.functional as F


def creation(writer):
    make = lambda op, name, function, **args: writer.case(op, name, function, grad=False, **args)
    for n, m in ((3, 3), (2, 4), (4, 2), (0, 3), (1, 1)):
        make("eye", f"{n} by {m}", lambda: torch.eye(n, m, dtype=torch.float64), rows=n, columns=m)
    for start, end, step in ((0, 5, 1), (2, 11, 3), (5, -3, -2), (0.5, 2.0, 0.25), (1.0, 0.0, -0.125), (3, 3, 1)):
        make("arange", f"{start} to {end} by {step}", lambda: torch.arange(start, end, step, dtype=torch.float64), start=float(start), end=float(end), step=float(step))
    for start, end, count in ((0.0, 1.0, 5), (-2.0, 2.0, 9), (3.0, -1.0, 3), (1.5, 2.5, 1), (0.0, 1.0, 0)):
        make("linspace", f"{count} from {start} to {end}", lambda: torch.linspace(start, end, count, dtype=torch.float64), start=start, end=end, count=count)


def views(writer):
    x = lambda d: d.normal(2, 3, 4)
    matrix = lambda d: d.normal(4, 5)
    for shape in ((6, 4), (24,), (4, -1), (2, 1, 12), (3, 2, 4)):
        writer.case("reshape", str(shape), lambda t: t.reshape(shape), x, shape=shape)
    for order in ((2, 0, 1), (0, 2, 1), (-1, 0, 1)):
        writer.case("permute", str(order), lambda t: t.permute(order), x, order=order)
    writer.case("transpose", "0 and 2", lambda t: t.transpose(0, 2), x, first=0, second=2)
    writer.case("transpose", "last two", lambda t: t.transpose(-2, -1), x, first=-2, second=-1)
    writer.case("squeeze", "all", lambda t: t.squeeze(), lambda d: d.normal(1, 3, 1, 2))
    for axis in (0, 2, -2):
        writer.case("squeeze", f"axis {axis}", lambda t: t.squeeze(axis), lambda d: d.normal(1, 3, 1, 2), axis=axis)
    for axis in (0, 1, -1, -3):
        writer.case("unsqueeze", f"axis {axis}", lambda t: t.unsqueeze(axis), lambda d: d.normal(3, 2), axis=axis)
    for source, shape in (((3, 1), (3, 4)), ((3,), (2, 3)), ((), (2, 2)), ((1, 3, 1), (2, 3, 2)), ((1,), (0,))):
        writer.case("expand", f"{source} to {shape}", lambda t: t.expand(shape), lambda d: d.normal(*source), shape=shape)
    for axis, start, length in ((0, 1, 1), (1, 0, 2), (2, 1, 3), (-1, 3, 1), (1, 1, 0)):
        writer.case("narrow", f"axis {axis} from {start}, {length}", lambda t: t.narrow(axis, start, length), x, axis=axis, start=start, length=length)
    for axes in ([0], [1], [0, 2], [-1], [0, 1, 2]):
        writer.case("flip", str(axes), lambda t: t.flip(axes), x, axes=axes)
    for shift, axis in ((1, 0), (-1, 1), (2, 2), (5, -1), (0, 1), (-7, 2)):
        writer.case("roll", f"{shift} along {axis}", lambda t: t.roll(shift, axis), x, shift=shift, axis=axis)
    for repeats in ((2, 1, 1), (1, 2, 3), (2, 1, 1, 2), (1, 0, 1)):
        writer.case("repeat", str(repeats), lambda t: t.repeat(repeats), x, repeats=repeats)
    for offset in (0, 1, -1, 3, -3, 4):
        writer.case("diagonal", f"offset {offset}", lambda t: t.diagonal(offset), matrix, offset=offset, axis1=0, axis2=1)
        writer.case("tril", f"offset {offset}", lambda t: t.tril(offset), matrix, offset=offset)
        writer.case("triu", f"offset {offset}", lambda t: t.triu(offset), matrix, offset=offset)
    writer.case("diagonal", "of a batch", lambda t: t.diagonal(0, 1, 2), x, offset=0, axis1=1, axis2=2)
    writer.case("tril", "batch", lambda t: t.tril(), x, offset=0)
    writer.case("triu", "batch", lambda t: t.triu(1), x, offset=1)


def joining(writer):
    for axis in (0, 1, -1):
        shapes = [[2, 3, 2], [2, 3, 2], [2, 3, 2]]
        shapes[1][axis] = 1
        shapes[2][axis] = 0
        writer.case("cat", f"axis {axis}", lambda *t: torch.cat(t, dim=axis), *[(lambda d, s=s: d.normal(*s)) for s in shapes], axis=axis)
        writer.case("stack", f"axis {axis}", lambda *t: torch.stack(t, dim=axis), lambda d: d.normal(2, 3), lambda d: d.normal(2, 3), axis=axis)
    writer.case("cat", "one", lambda t: torch.cat([t], 0), lambda d: d.normal(2, 2), axis=0)
    for sizes, axis in (([2, 3], 0), ([1, 1, 2], 1), ([4, 0], -1)):
        writer.case("split", f"{sizes}, axis {axis}", lambda t: torch.split(t, sizes, dim=axis), lambda d: d.normal(5, 4), sizes=sizes, axis=axis)
    for size, axis in ((2, 0), (3, 1), (9, 0)):
        writer.case("split_size", f"{size}, axis {axis}", lambda t: torch.split(t, size, dim=axis), lambda d: d.normal(5, 4), size=size, axis=axis)
    for chunks, axis in ((2, 0), (4, 1), (3, 0), (7, 0)):
        writer.case("chunk", f"{chunks}, axis {axis}", lambda t: torch.chunk(t, chunks, dim=axis), lambda d: d.normal(5, 4), chunks=chunks, axis=axis)


def padding(writer):
    for pads in ([1, 2], [0, 1, 2, 0], [1, 0, 0, 1, 2, 1], [-1, 1]):
        writer.case("pad", f"constant {pads}", lambda t: F.pad(t, pads, "constant", 0.5), lambda d: d.normal(2, 3, 4), pads=pads, mode="constant", value=0.5)
    for mode in ("reflect", "replicate", "circular"):
        writer.case("pad", f"{mode}, one axis", lambda t: F.pad(t, [2, 1], mode), lambda d: d.normal(2, 3, 4), pads=[2, 1], mode=mode)
        writer.case("pad", f"{mode}, two axes", lambda t: F.pad(t, [1, 2, 2, 1], mode), lambda d: d.normal(2, 2, 3, 4), pads=[1, 2, 2, 1], mode=mode)


def write(writer):
    creation(writer)
    views(writer)
    joining(writer)
    padding(writer)
