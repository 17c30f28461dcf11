#!/usr/bin/env python3
"""Writes the golden values under data/: what PyTorch says every operator returns, and what its gradients are.

Run by a developer, by hand, when cases are added; neither the build nor the tests need Python.

    python3 tests/golden/generate.py        # needs torch (made with 1.13), numpy, scipy and mpmath; writes tests/golden/data/*.jsonl

The output is deterministic: every case draws its inputs from a generator seeded with the case's own name, so adding a case
changes no other line. Inputs are multiples of 1/32, which float32 and float64 both hold exactly, so the same line serves
both. Everything is computed in float64 (unless the case is about another type) and written with the shortest digits that
read back exactly.

One line is one case:
    {"op": "sum", "case": "axis 0", "args": {...}, "in": [tensor...], "up": [tensor...], "out": [tensor...], "grad": [tensor|null...]}
with a tensor as {"t": dtype, "s": shape, "v": values in row-major order}. "up" is the upstream gradient of each output;
"grad" is the resulting gradient of each input. A case without gradients has neither. Args:
    "edges": true    the inputs are special values: outputs are compared by relative error
    "signed": true   a zero in the output has a sign that counts
    "composed": true the function is a composition, and a little less exact in its tails
    "absolute": e    the error that is documented for the function, relative to the argument
    "only": dtype    the case makes sense in this type alone (a float32 overflow, say)

The files by topic are written by the modules beside this one.
"""

import pathlib

import activations
import attention
import convolution
import distributions
import elementwise
import images
import indexing
import linalg
import linear
import more_losses
import nn
import reductions
import shapes
import softmax
import stats
from golden import Writer

TOPICS = [elementwise, reductions, softmax, shapes, indexing, linear, convolution, nn, attention, images, activations, more_losses, linalg, stats, distributions]

if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "data"
    folder.mkdir(exist_ok=True)
    total = 0
    for topic in TOPICS:
        writer = Writer(topic.__name__)
        topic.write(writer)
        total += writer.save(folder)
    print(f"{total / 1024:.0f} KiB in all")
