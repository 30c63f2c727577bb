"""Networks with random weights, drawn when the bench wants them: how fast a network is does not hang on what it learnt.

They let every installation compare the mixers with one, two and three levels, and EfficientNet-B0 as the EmotiEffLib
family has it, without a file of anybody's. The graphs are those that the workshop exports: batch normalisation folded
into the convolutions, all levels of the mixers as one batch of matrix products (tests hold the two against each other).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from desktop_affect.inference.architectures import (
    DEEP,
    EFFICIENTNET_FEATURES,
    LEVEL_CHANNELS,
    LEVELS_OF_VARIANT,
    MIDDLE,
    MIXER_BLOCKS,
    MOBILENET_FEATURES,
    PATCHES,
    REDUCTION,
    STAGES,
    STEPS,
    WIDTH,
    Block,
    Stage,
)
from desktop_affect.inference.onnx_writer import OnnxWriter

ESTIMATE = "estimate"
_EXPRESSIONS = 8
_TO_THE_BEGINNING = -(2**62)


class Conv(NamedTuple):
    """What a convolution needs beside its input."""

    inside: int
    out: int
    kernel: int = 1
    stride: int = 1
    groups: int = 1


def efficientnet_b0(size_px: int = 224) -> bytes:
    """`input` → `output`: the logits of eight expressions."""
    w = OnnxWriter()
    x = _swish(w, _conv(w, "input", Conv(3, 32, 3, 2)))
    inside = 32
    for stage in STAGES:
        for number in range(stage.blocks):
            x = _mbconv(w, x, inside, stage, stage.stride if number == 0 else 1)
            inside = stage.out
    x = _swish(w, _conv(w, x, Conv(inside, EFFICIENTNET_FEATURES)))
    _linear(w, _pooled(w, x), EFFICIENTNET_FEATURES, _EXPRESSIONS, "output")
    return w.finish({"input": (1, 3, size_px, size_px)}, {"output": (1, _EXPRESSIONS)})


def mixer_backbone(size_px: int, levels: int, outputs: int, views: int = 1) -> bytes:
    """`image` in one channel → tokens of the levels and the estimate; two views: the mirror image as well, averaged."""
    w = OnnxWriter()
    fine = _fine(w, _both_views(w, "image") if views == 2 else "image")
    middle = _bottlenecks(w, fine, LEVEL_CHANNELS[0], MIDDLE)
    maps = (fine, middle, _bottlenecks(w, middle, LEVEL_CHANNELS[1], DEEP))
    for level in LEVELS_OF_VARIANT[levels]:
        tokens = _conv(w, maps[level], Conv(LEVEL_CHANNELS[level], WIDTH, PATCHES[level], PATCHES[level]))
        _average(w, tokens, views, f"level{level + 1}")
    last = w.node("Relu", _conv(w, maps[2], Conv(LEVEL_CHANNELS[2], MOBILENET_FEATURES)))
    pooled = _average(w, w.node("GlobalAveragePool", last), views)
    flat = w.node("Reshape", pooled, w.whole((1, MOBILENET_FEATURES)))
    _linear(w, flat, MOBILENET_FEATURES, outputs, ESTIMATE)
    return w.finish({"image": (1, 1, size_px, size_px)}, backbone_outputs(size_px, levels, outputs))


def backbone_outputs(size_px: int, levels: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what the backbone gives."""
    side = size_px // REDUCTION
    tokens = {f"level{level + 1}": (1, WIDTH, side, side) for level in LEVELS_OF_VARIANT[levels]}
    return {**tokens, ESTIMATE: (1, outputs)}


def mixer_temporal(size_px: int, levels: int, heads: dict[str, int]) -> bytes:
    """The windows of the backbone's outputs → every head's values."""
    w, side, outputs = OnnxWriter(), size_px // REDUCTION, sum(heads.values())
    features = backbone_outputs(size_px, levels, outputs)
    windows = {name: (1, STEPS, *shape[1:]) for name, shape in features.items()}
    x = w.node("Concat", *(name for name in windows if name != ESTIMATE), axis=0)
    x = w.node("Transpose", x, perm=(0, 1, 3, 4, 2))
    tokens = (STEPS, side, side, WIDTH)
    for axis in list(range(len(tokens))) * MIXER_BLOCKS:
        x = _mix(w, x, levels, tokens, axis)
    mixed = w.node("ReduceMean", _normalised(w, x, levels), axes=(2, 3), keepdims=0)
    weighted = w.node("Mul", mixed, w.weight(levels, STEPS, WIDTH, fan_in=STEPS))
    newest = w.node("ReduceSum", weighted, w.whole((1,)), keepdims=0)
    raw = _linear(w, w.node("Reshape", newest, w.whole((1, -1))), WIDTH * levels, outputs)
    recent = w.node("Mul", ESTIMATE, w.weight(STEPS, outputs, fan_in=STEPS))
    raw = w.node("Add", raw, w.node("ReduceSum", recent, w.whole((1,)), keepdims=0))
    w.split(raw, list(heads.values()), [f"raw {name}" for name in heads])
    for name in heads:
        w.node(_LAST.get(name, "Sigmoid"), f"raw {name}", output=name)
    return w.finish(windows, {name: (1, width) for name, width in heads.items()})


_LAST = {"expressions": "Softmax", "valence_arousal": "Tanh"}


def _conv(w: OnnxWriter, x: str, conv: Conv) -> str:
    """With bias, and padded so that only the stride shrinks it; a patch as long as its stride is not padded."""
    fan_in = conv.inside // conv.groups * conv.kernel**2
    weights = w.weight(conv.out, conv.inside // conv.groups, conv.kernel, conv.kernel, fan_in=fan_in)
    bias = w.weight(conv.out, fan_in=100)
    pad = 0 if conv.kernel == conv.stride else conv.kernel // 2
    square = (conv.kernel, conv.kernel)
    return w.node(
        "Conv", x, weights, bias, kernel_shape=square, strides=(conv.stride,) * 2, pads=(pad,) * 4, group=conv.groups
    )


def _linear(w: OnnxWriter, x: str, inside: int, out: int, output: str = "") -> str:
    product = w.node("MatMul", x, w.weight(inside, out, fan_in=inside))
    return w.node("Add", product, w.weight(out, fan_in=100), output=output)


def _swish(w: OnnxWriter, x: str) -> str:
    return w.node("Mul", x, w.node("Sigmoid", x))


def _pooled(w: OnnxWriter, x: str) -> str:
    return w.node("ReduceMean", x, axes=(2, 3), keepdims=0)


def _mbconv(w: OnnxWriter, x: str, inside: int, stage: Stage, stride: int) -> str:
    """Expand, depthwise, squeeze and excite, project; a short cut where the shapes allow it."""
    wide = inside * stage.expand
    y = x if stage.expand == 1 else _swish(w, _conv(w, x, Conv(inside, wide)))
    y = _swish(w, _conv(w, y, Conv(wide, wide, stage.kernel, stride, wide)))
    squeezed = max(inside // 4, 1)
    weights = _swish(w, _conv(w, w.node("ReduceMean", y, axes=(2, 3), keepdims=1), Conv(wide, squeezed)))
    y = w.node("Mul", y, w.node("Sigmoid", _conv(w, weights, Conv(squeezed, wide))))
    y = _conv(w, y, Conv(wide, stage.out))
    return w.node("Add", x, y) if stride == 1 and inside == stage.out else y


def _fine(w: OnnxWriter, x: str) -> str:
    """MobileNetV4's first layers, down to an eighth of the picture."""
    for conv in (Conv(1, 32, 3, 2), Conv(32, 32, 3, 2), Conv(32, 32), Conv(32, 96, 3, 2), Conv(96, LEVEL_CHANNELS[0])):
        x = w.node("Relu", _conv(w, x, conv))
    return x


def _bottlenecks(w: OnnxWriter, x: str, inside: int, blocks: tuple[Block, ...]) -> str:
    for block in blocks:
        y, wide = x, inside * block.expand
        if block.before:
            y = _conv(w, y, Conv(inside, inside, block.before, 1 if block.between else block.stride, inside))
        y = w.node("Relu", _conv(w, y, Conv(inside, wide)))
        if block.between:
            y = w.node("Relu", _conv(w, y, Conv(wide, wide, block.between, block.stride, wide)))
        y = _conv(w, y, Conv(wide, block.out))
        x = w.node("Add", x, y) if block.stride == 1 and inside == block.out else y
        inside = block.out
    return x


def _both_views(w: OnnxWriter, image: str) -> str:
    return w.node("Concat", image, _mirrored(w, image), axis=0)


def _mirrored(w: OnnxWriter, x: str) -> str:
    return w.node("Slice", x, w.whole((-1,)), w.whole((_TO_THE_BEGINNING,)), w.whole((3,)), w.whole((-1,)))


def _average(w: OnnxWriter, x: str, views: int, output: str = "") -> str:
    """Of both views, the second mirrored back."""
    if views == 1:
        return w.node("Identity", x, output=output)
    first = w.node("Slice", x, w.whole((0,)), w.whole((1,)), w.whole((0,)))
    second = _mirrored(w, w.node("Slice", x, w.whole((1,)), w.whole((2,)), w.whole((0,))))
    both = w.node("Add", first, second)
    return w.node("Mul", both, w.constant(np.array(0.5, np.float32)), output=output)


def _normalised(w: OnnxWriter, x: str, levels: int) -> str:
    ones = w.constant(np.ones(WIDTH, np.float32))
    flat = w.node("LayerNormalization", x, ones, axis=-1, epsilon=1e-5)
    scaled = w.node("Mul", flat, w.weight(levels, 1, 1, 1, WIDTH, fan_in=2))
    return w.node("Add", scaled, w.weight(levels, 1, 1, 1, WIDTH, fan_in=100))


def _mix(w: OnnxWriter, x: str, levels: int, tokens: tuple[int, ...], axis: int) -> str:
    """A residual MLP along one axis, of all levels at once; along channels the weights stand on the right."""
    lead, size, rest = math.prod(tokens[:axis]), tokens[axis], math.prod(tokens[axis + 1 :])
    on_the_left = axis < len(tokens) - 1
    y = _normalised(w, x, levels)
    y = w.node("Reshape", y, w.whole((-1, lead, size, rest) if on_the_left else (-1, 1, lead, size)))
    for inside, out in ((size, 2 * size), (2 * size, size)):
        shape = (levels, 1, out, inside) if on_the_left else (levels, 1, inside, out)
        weights = w.weight(*shape, fan_in=inside)
        y = w.node("MatMul", weights, y) if on_the_left else w.node("MatMul", y, weights)
        around = (levels, 1, out, 1) if on_the_left else (levels, 1, 1, out)
        y = w.node("Add", y, w.weight(*around, fan_in=100))
        y = w.node("Relu", y) if out > inside else y
    return w.node("Add", x, w.node("Reshape", y, w.whole((levels, *tokens))))
