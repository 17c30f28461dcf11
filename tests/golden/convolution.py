"""Convolution and pooling."""

import torch
import torch.nn.functional as F


def pair(v):
    return [v, v] if isinstance(v, int) else list(v)


def write(writer):
    x1, x2 = (2, 4, 9), (2, 4, 6, 7)
    for name, kernel, options in [("plain", 3, {}), ("stride 2", 3, dict(stride=2)), ("padding 2", 3, dict(padding=2)), ("dilation 2", 3, dict(dilation=2)), ("kernel 1", 1, {}),
                                  ("all at once", 4, dict(stride=2, padding=3, dilation=2)), ("groups 2", 3, dict(groups=2)), ("depthwise", 3, dict(groups=4, padding=1)), ("kernel as long as the input", 9, {})]:
        groups = options.get("groups", 1)
        writer.case("conv1d", name, lambda x, w, b: F.conv1d(x, w, b, **options), lambda d: d.normal(*x1), lambda d: d.normal(4, 4 // groups, kernel), lambda d: d.normal(4), **options)
    writer.case("conv1d", "no bias", lambda x, w: F.conv1d(x, w), lambda d: d.normal(*x1), lambda d: d.normal(3, 4, 3))
    variants = [("plain", (3, 3), {}), ("stride 2", (3, 3), dict(stride=2)), ("stride 2 and 1", (3, 2), dict(stride=(2, 1))), ("padding 1", (3, 3), dict(padding=1)), ("padding 2 and 0", (3, 3), dict(padding=(2, 0))),
                ("dilation 2", (3, 3), dict(dilation=2)), ("dilation 1 and 3", (2, 2), dict(dilation=(1, 3))), ("all at once", (3, 2), dict(stride=(2, 3), padding=(2, 1), dilation=(2, 1))),
                ("groups 2", (3, 3), dict(groups=2)), ("depthwise", (3, 3), dict(groups=4, padding=1)), ("depthwise, stride 2", (3, 3), dict(groups=4, stride=2)), ("kernel 1", (1, 1), {}), ("kernel as large as the input", (6, 7), {})]
    for name, kernel, options in variants:
        groups = options.get("groups", 1)
        args = {k: pair(v) if k != "groups" else v for k, v in options.items()}
        writer.case("conv2d", name, lambda x, w, b: F.conv2d(x, w, b, **options), lambda d: d.normal(*x2), lambda d: d.normal(4, 4 // groups, *kernel), lambda d: d.normal(4), **args)
        if name.startswith("kernel as"):
            continue
        small = (2, 4, 4, 3)
        writer.case("conv_transpose2d", name, lambda x, w, b: F.conv_transpose2d(x, w, b, **options), lambda d: d.normal(*small), lambda d: d.normal(4, 4 // groups, *kernel), lambda d: d.normal(4), **args)
    writer.case("conv2d", "no bias", lambda x, w: F.conv2d(x, w), lambda d: d.normal(1, 1, 5, 5), lambda d: d.normal(2, 1, 3, 3))
    writer.case("conv2d", "more filters a group", lambda x, w: F.conv2d(x, w, groups=2), lambda d: d.normal(1, 4, 5, 5), lambda d: d.normal(6, 2, 3, 3), groups=2)
    writer.case("conv2d", "empty batch", lambda x, w: F.conv2d(x, w), lambda d: d.normal(0, 2, 5, 5), lambda d: d.normal(2, 2, 3, 3))
    writer.case("conv_transpose2d", "output padding", lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1), lambda d: d.normal(1, 2, 3, 4), lambda d: d.normal(2, 3, 3, 3),
                stride=[2, 2], padding=[1, 1], outputPadding=[1, 1])

    image = lambda d: d.normal(2, 2, 6, 7, low=-9, high=9)
    for name, kernel, options in [("2 by 2", 2, {}), ("3, stride 2", 3, dict(stride=2)), ("3, stride 1, padding 1", 3, dict(stride=1, padding=1)), ("2 by 3, stride 3 and 1", (2, 3), dict(stride=(3, 1))), ("whole image", (6, 7), {})]:
        args = {"kernel": pair(kernel)} | {k: pair(v) for k, v in options.items()}
        writer.case("max_pool2d", name, lambda x: F.max_pool2d(x, kernel, **options), image, **args)
        writer.case("avg_pool2d", name, lambda x: F.avg_pool2d(x, kernel, **options), image, **args)
    writer.case("max_pool2d", "dilation 2", lambda x: F.max_pool2d(x, 2, stride=1, dilation=2), image, kernel=[2, 2], stride=[1, 1], dilation=[2, 2])
    writer.case("avg_pool2d", "padding not counted", lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False), image, kernel=[3, 3], stride=[2, 2], padding=[1, 1], countPadding=False)
    nan = torch.tensor([[[[1.0, float("nan"), 3.0, 4.0], [5.0, 6.0, -float("inf"), 8.0]]]], dtype=torch.float64)
    writer.case("max_pool2d", "NaN wins", lambda x: F.max_pool2d(x, 2), nan, grad=False, kernel=[2, 2])
    for size in ((1, 1), (2, 3), (3, 2), (6, 7), (4, 4)):
        writer.case("adaptive_avg_pool2d", str(size), lambda x: F.adaptive_avg_pool2d(x, size), image, size=size)
        writer.case("adaptive_max_pool2d", str(size), lambda x: F.adaptive_max_pool2d(x, size), image, size=size)
