"""Attention written out by hand, rotary positions, cells, and the stacks of transformers."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from nn import layer, normal, small


def write(writer):
    products(writer)
    rotations(writer)
    grouped(writer)
    cells(writer)
    stacks(writer)


def slopes(heads):
    """As in the code of the paper on ALiBi."""
    def of_power(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]

    if math.log2(heads).is_integer():
        return of_power(heads)
    closest = 2 ** math.floor(math.log2(heads))
    return of_power(closest) + slopes(2 * closest)[0::2][: heads - closest]


def product(q, k, v, added=None, hidden=None, causal=False, offset=0, window=0, alibi=False, scale=None):
    """(…, heads, steps, features), where keys and values may have fewer heads; a query that sees nothing gives 0."""
    group = q.shape[-3] // k.shape[-3]
    k, v = k.repeat_interleave(group, -3), v.repeat_interleave(group, -3)
    scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    distance = torch.arange(offset, offset + q.shape[-2])[:, None] - torch.arange(k.shape[-2])
    if alibi:
        scores = scores - torch.tensor(slopes(q.shape[-3]), dtype=q.dtype)[:, None, None] * distance.abs()
    if added is not None:
        scores = scores + added
    hide = torch.zeros(scores.shape, dtype=torch.bool)
    if causal:
        hide = hide | (distance < 0)
    if window:
        hide = hide | (distance >= window)
    if hidden is not None:
        hide = hide | hidden
    empty = hide.all(-1, keepdim=True)
    weights = F.softmax(scores.masked_fill(hide & ~empty, float("-inf")), -1).masked_fill(empty, 0)
    return weights @ v


def products(writer):
    def case(name, q, k, v, added=None, hidden=None, **args):
        inputs = [small(*q), small(*k), small(*v)] + ([] if added is None else [small(*added)])
        inputs += [] if hidden is None else [torch.tensor(hidden)]

        def function(q, k, v, *masks):
            return product(q, k, v, None if added is None else masks[0], None if hidden is None else masks[-1], **args)

        writer.case("attention.product", name, function, *inputs, **args)

    case("plain", (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3))
    case("one of each", (1, 1, 1), (1, 1, 1), (1, 1, 1))
    case("one query, many keys", (2, 3, 1, 2), (2, 3, 9, 2), (2, 3, 9, 2))
    case("scale", (1, 3, 2), (1, 4, 2), (1, 4, 2), scale=0.3)
    case("causal", (2, 2, 4, 3), (2, 2, 4, 3), (2, 2, 4, 2), causal=True)
    case("causal, more queries than keys", (1, 2, 5, 3), (1, 2, 3, 3), (1, 2, 3, 2), causal=True)
    case("causal behind a cache", (2, 2, 2, 3), (2, 2, 5, 3), (2, 2, 5, 2), causal=True, offset=3)
    case("window", (1, 2, 7, 2), (1, 2, 7, 2), (1, 2, 7, 2), causal=True, window=3)
    case("window behind a cache", (1, 2, 2, 2), (1, 2, 6, 2), (1, 2, 6, 2), causal=True, window=2, offset=4)
    case("alibi, 4 heads", (1, 4, 3, 2), (1, 4, 3, 2), (1, 4, 3, 2), causal=True, alibi=True)
    case("alibi, 6 heads, both sides", (1, 6, 3, 2), (1, 6, 4, 2), (1, 6, 4, 2), alibi=True)
    case("two heads to a key", (2, 4, 3, 2), (2, 2, 3, 2), (2, 2, 3, 3))
    case("one head for all", (2, 3, 4, 2), (2, 1, 4, 2), (2, 1, 4, 2), causal=True)
    case("groups, one query, alibi", (2, 6, 1, 2), (2, 2, 5, 2), (2, 2, 5, 2), causal=True, offset=4, alibi=True)
    case("causal, padding, added, alibi, groups", (2, 4, 3, 2), (2, 2, 3, 2), (2, 2, 3, 2), added=(3, 3), causal=True, alibi=True,
         hidden=[[[[False, False, True]]], [[[False, True, False]]]])
    case("nothing to see", (2, 1, 3, 2), (2, 1, 3, 2), (2, 1, 3, 2), causal=True, hidden=[[[[True, False, False]]], [[[True, True, True]]]])


def rotate(x, offset=0, base=10000.0, interleaved=False, linear=1.0, waves=False):
    """x is (…, steps, features)."""
    half = x.shape[-1] // 2
    frequencies = base ** (-torch.arange(half, dtype=x.dtype) / half) / linear
    if waves:    # as Llama 3.1's configuration says it
        factor, low, high, trained = 8.0, 1.0, 4.0, 64
        lengths = 2 * math.pi / frequencies
        smooth = (trained / lengths - low) / (high - low)
        middle = (1 - smooth) * frequencies / factor + smooth * frequencies
        frequencies = torch.where(lengths < trained / high, frequencies, torch.where(lengths > trained / low, frequencies / factor, middle))
    angles = torch.arange(offset, offset + x.shape[-2], dtype=x.dtype)[:, None] * frequencies
    cos, sin = angles.cos(), angles.sin()
    if interleaved:
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def rotations(writer):
    def case(name, shape, **args):
        writer.case("attention.rotary", name, lambda x: rotate(x, **args), normal(*shape), **args)

    case("halves", (2, 3, 4, 6))
    case("neighbours", (2, 3, 4, 6), interleaved=True)
    case("one step of two features", (1, 2))
    case("offset and base", (3, 8), offset=11, base=500.0)
    case("linear scaling", (5, 4), linear=4.0)
    case("scaling by wavelength", (4, 12), offset=100, waves=True)


class Grouped(nn.Module):
    """Attention to itself with fewer heads of keys, and rotary positions; named as ours."""

    def __init__(self, dimension, heads, shared):
        super().__init__()
        self.heads, self.shared, self.width = heads, shared, dimension // heads
        self.in_proj_weight = nn.Parameter(torch.empty(dimension + 2 * shared * self.width, dimension))
        self.in_proj_bias = nn.Parameter(torch.empty(dimension + 2 * shared * self.width))
        self.out_proj = nn.Linear(dimension, dimension, bias=False)

    def forward(self, x):
        batch, steps, dimension = x.shape
        parts = F.linear(x, self.in_proj_weight, self.in_proj_bias).split([dimension, self.shared * self.width, self.shared * self.width], -1)
        q, k, v = (p.view(batch, steps, -1, self.width).transpose(1, 2) for p in parts)
        y = product(rotate(q), rotate(k), v, causal=True)
        return self.out_proj(y.transpose(1, 2).reshape(batch, steps, dimension))


class Gated(nn.Module):
    def __init__(self, dimension, hidden):
        super().__init__()
        self.gate_proj = nn.Linear(dimension, hidden, bias=False)
        self.up_proj = nn.Linear(dimension, hidden, bias=False)
        self.down_proj = nn.Linear(hidden, dimension, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


def grouped(writer):
    layer(writer, "nn.grouped_attention", "two heads to a key", Grouped(8, 4, 2), small(2, 3, 8), heads=4, shared=2)
    layer(writer, "nn.grouped_attention", "one key for all", Grouped(12, 3, 1), small(1, 4, 12), heads=3, shared=1)
    layer(writer, "nn.gated_feed_forward", "rows", Gated(4, 6), normal(2, 3, 4))


def cells(writer):
    for op, kind in {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}.items():
        def call(module, x, *state, op=op):
            y = module(x, (tuple(state) if op == "lstm" else state[0]) if state else None)
            return list(y) if op == "lstm" else [y]

        for batch in (1, 3):
            states = [small(batch, 4)] * (2 if op == "lstm" else 1)
            layer(writer, f"nn.{op}_cell", f"state, batch {batch}", kind(3, 4), normal(batch, 3), *states, call=call, stateful=True)
        layer(writer, f"nn.{op}_cell", "zero state, no bias", kind(2, 3, bias=False), normal(2, 2), call=call, nobias=True)
        layer(writer, f"nn.{op}_cell", "a vector", kind(2, 1), normal(2), call=call)
    layer(writer, "nn.rnn_cell", "relu", nn.RNNCell(3, 2, nonlinearity="relu"), normal(2, 3), call=lambda m, x: [m(x)], relu=True)


def stacks(writer):
    causal = torch.ones(4, 4).triu(1).bool()
    padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
    for first in (False, True):
        encoder = nn.TransformerEncoderLayer(4, 2, 6, 0.0, norm_first=first, batch_first=True)
        decoder = nn.TransformerDecoderLayer(4, 2, 6, 0.0, norm_first=first, batch_first=True)
        norm = nn.LayerNorm(4) if first else None
        layer(writer, "nn.encoder", f"norm first {first}", nn.TransformerEncoder(encoder, 2, norm), small(2, 4, 4),
              call=lambda m, x: m(x, causal, padding), first=first)
        layer(writer, "nn.decoder", f"norm first {first}", nn.TransformerDecoder(decoder, 2, norm), small(2, 3, 4), small(2, 4, 4),
              call=lambda m, x, y: m(x, y, causal[:3, :3], memory_key_padding_mask=padding), first=first)
        layer(writer, "nn.transformer", f"norm first {first}", nn.Transformer(4, 2, 1, 2, 6, 0.0, norm_first=first, batch_first=True),
              small(2, 4, 4), small(2, 3, 4), first=first,
              call=lambda m, x, y: m(x, y, tgt_mask=causal[:3, :3], src_key_padding_mask=padding, memory_key_padding_mask=padding))
    layer(writer, "nn.transformer", "steps first", nn.Transformer(4, 1, 1, 1, 3, 0.0), small(3, 2, 4), small(2, 2, 4), first=False,
          stepsFirst=True)
