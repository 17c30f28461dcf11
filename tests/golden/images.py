"""Images, signals and volumes: other sizes and places, windows, and the three-dimensional layers."""

import torch
import torch.nn.functional as F
from torch import nn

from nn import layer, normal


def write(writer):
    interpolation(writer)
    grids(writer)
    rearrangements(writer)
    volumes(writer)


def interpolation(writer):
    shapes = {"signal": ((2, 3, 5), [8], [3]), "image": ((2, 2, 4, 5), [7, 3], [2, 11]), "volume": ((1, 2, 3, 2, 4), [5, 4, 3], [1, 3, 7])}
    linear = {"signal": "linear", "image": "bilinear", "volume": "trilinear"}

    def case(name, kind, mode, scale=None, size=None, align=False, antialias=False):
        torch_mode = {"Nearest": "nearest", "NearestExact": "nearest-exact", "Linear": linear[kind], "Cubic": "bicubic"}[mode]
        settings = dict(align_corners=align, antialias=antialias) if mode in ("Linear", "Cubic") else {}
        where = dict(scale=scale) if scale else dict(size=size)
        writer.case("interpolate", f"{kind}, {name}",
                    lambda x: F.interpolate(x, size=size, scale_factor=scale, mode=torch_mode, **settings),
                    normal(*shapes[kind][0]), mode=mode, align=align, antialias=antialias, **where)

    for kind, (_, first, second) in shapes.items():
        for mode in ("Nearest", "NearestExact", "Linear") + (("Cubic",) if kind == "image" else ()):
            for size in (first, second):
                case(f"{mode} to {size}", kind, mode, size=size)
            case(f"{mode} by 1.7", kind, mode, scale=1.7)
            if mode in ("Linear", "Cubic"):
                case(f"{mode} to {first}, corners", kind, mode, size=first, align=True)
                case(f"{mode} by 2.5, corners", kind, mode, scale=2.5, align=True)
                case(f"{mode} by 0.6", kind, mode, scale=0.6)
    for mode in ("Linear", "Cubic"):
        for size in ([2, 2], [7, 3], [4, 12]):
            case(f"{mode} to {size}, antialiased", "image", mode, size=size, antialias=True)
        case(f"{mode} by 0.6, antialiased", "image", mode, scale=0.6, antialias=True)
        case(f"{mode} to [3, 2], antialiased, corners", "image", mode, size=[3, 2], align=True, antialias=True)
    for mode, torch_mode in (("Linear", "bilinear"), ("Cubic", "bicubic")):
        writer.case("interpolate", f"one pixel, {mode}", lambda x: F.interpolate(x, size=[3, 2], mode=torch_mode), normal(1, 2, 1, 1), mode=mode, size=[3, 2], align=False, antialias=False)
        writer.case("interpolate", f"to one pixel, {mode}, corners", lambda x: F.interpolate(x, size=[1, 1], mode=torch_mode, align_corners=True), normal(1, 2, 3, 4), mode=mode, size=[1, 1],
                    align=True, antialias=False)


def grids(writer):
    modes = {"Linear": "bilinear", "Nearest": "nearest"}
    paddings = {"Constant": "zeros", "Replicate": "border", "Reflect": "reflection"}

    def places(*shape):
        # Past the ends on both sides, and not on a pixel of the small images of these cases.
        return lambda d: d.normal(*shape, low=-1.6, high=1.6) + 1 / 256

    for mode, torch_mode in modes.items():
        for padding, torch_padding in paddings.items():
            for align in (False, True):
                writer.case("grid_sample", f"{mode}, {padding}, align {align}",
                            lambda x, g: F.grid_sample(x, g, torch_mode, torch_padding, align), normal(2, 3, 4, 5), places(2, 3, 2, 2),
                            mode=mode, padding=padding, align=align)
    writer.case("grid_sample", "one pixel", lambda x, g: F.grid_sample(x, g, "bilinear", "reflection", False), normal(1, 2, 1, 1), places(1, 2, 3, 2), mode="Linear", padding="Reflect", align=False)
    for align in (False, True):
        writer.case("affine_grid", f"align {align}", lambda t: F.affine_grid(t, [2, 1, 3, 4], align), normal(2, 2, 3), size=[3, 4], align=align)
    writer.case("affine_grid", "one pixel", lambda t: F.affine_grid(t, [1, 1, 1, 1], True), normal(1, 2, 3), size=[1, 1], align=True)


def rearrangements(writer):
    writer.case("pixel_shuffle", "3", lambda x: F.pixel_shuffle(x, 3), normal(2, 9, 2, 3), factor=3)
    writer.case("pixel_shuffle", "more axes", lambda x: F.pixel_shuffle(x, 2), normal(2, 1, 8, 1, 2), factor=2)
    writer.case("pixel_unshuffle", "2", lambda x: F.pixel_unshuffle(x, 2), normal(2, 2, 4, 6), factor=2)
    for name, settings in {"plain": {}, "stride, padding": dict(stride=(2, 1), padding=(0, 1)), "dilation": dict(dilation=(1, 2), padding=1)}.items():
        full = {**dict(stride=1, padding=0, dilation=1), **settings}
        pairs = {k: list(v) if isinstance(v, tuple) else [v, v] for k, v in full.items()}
        writer.case("unfold2d", name, lambda x: F.unfold(x, (2, 3), **full), normal(2, 2, 4, 6), **pairs)
        columns = F.unfold(torch.zeros(2, 2, 4, 6), (2, 3), **full).shape
        writer.case("fold2d", name, lambda x: F.fold(x, (4, 6), (2, 3), **full), normal(*columns), **pairs)
    writer.case("nn.channel_shuffle", "2 groups", nn.ChannelShuffle(2), normal(2, 6, 2, 2), grad=False)
    for size in (2, 3, 5):
        writer.case("nn.local_response_norm", f"{size}", nn.LocalResponseNorm(size, alpha=0.5, beta=0.75, k=1.5), normal(2, 4, 3, 2), size=size)
    for name, settings in {"plain": {}, "stride": dict(stride=2, padding=1, output_padding=1), "dilation, groups": dict(dilation=2, groups=2)}.items():
        layer(writer, "nn.conv_transpose1d", name, nn.ConvTranspose1d(4, 2, 3, **settings), normal(2, 4, 3), **settings)


def volumes(writer):
    for name, settings in {"plain": {}, "stride, padding": dict(stride=2, padding=1), "groups": dict(groups=2), "dilation": dict(dilation=2, padding=1), "no bias": dict(bias=False)}.items():
        layer(writer, "nn.conv3d", name, nn.Conv3d(4, 2, (2, 3, 2), **settings), normal(2, 4, 4, 5, 3), **settings)
    for name, settings in {"plain": {}, "stride": dict(stride=2, padding=1, output_padding=1), "groups, dilation": dict(groups=2, dilation=2)}.items():
        layer(writer, "nn.conv_transpose3d", name, nn.ConvTranspose3d(4, 2, (3, 2, 2), **settings), normal(1, 4, 2, 3, 2), **settings)
    for train in (True, False):
        layer(writer, "nn.batch_norm3d", f"train {train}", nn.BatchNorm3d(3), normal(2, 3, 2, 3, 2), state=3, train=train)
    for name, settings in {"plain": {}, "stride, padding": dict(stride=1, padding=1), "rounded up": dict(stride=2, ceil_mode=True)}.items():
        writer.case("max_pool3d", name, lambda x: F.max_pool3d(x, (2, 3, 2), **settings), normal(2, 2, 4, 5, 4), **settings)
        for counted in (True, False):
            writer.case("avg_pool3d", f"{name}, counted {counted}", lambda x: F.avg_pool3d(x, (2, 3, 2), count_include_pad=counted, **settings), normal(2, 2, 4, 5, 4), counted=counted, **settings)
    writer.case("adaptive_avg_pool1d", "3", lambda x: F.adaptive_avg_pool1d(x, 3), normal(2, 2, 7), size=[3])
    writer.case("adaptive_max_pool1d", "3", lambda x: F.adaptive_max_pool1d(x, 3), normal(2, 2, 7), size=[3])
    writer.case("adaptive_avg_pool3d", "2, 3, 1", lambda x: F.adaptive_avg_pool3d(x, (2, 3, 1)), normal(2, 3, 4, 3), size=[2, 3, 1])
    writer.case("adaptive_max_pool3d", "2, 3, 1", lambda x: F.adaptive_max_pool3d(x, (2, 3, 1)), normal(1, 2, 3, 4, 3), size=[2, 3, 1])
