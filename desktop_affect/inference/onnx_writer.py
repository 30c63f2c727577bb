"""Writes small ONNX files without the `onnx` package, which the installed application does not have.

Only what the untrained networks of the bench need: nodes, float32 and int64 constants, fixed shapes. The numbers are
the field numbers of ONNX's own description (onnx.proto3), in the wire format of protocol buffers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

OPSET = 17
_IR_VERSION = 8
_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7

Attribute: TypeAlias = "int | float | Sequence[int]"
Shapes: TypeAlias = Mapping[str, Sequence[int]]


class OnnxWriter:
    """Collects nodes and constants; `finish` gives the bytes of the file. Weights are random, but always the same."""

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._count = 0

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: Attribute) -> str:
        """The name of its output."""
        output = output or self._name()
        fields = [_text(1, name) for name in inputs] + [_text(2, output), _text(3, output), _text(4, operator)]
        fields += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(fields))
        return output

    def split(self, x: str, sizes: Sequence[int], outputs: Sequence[str]) -> None:
        """Along the last axis."""
        names = [_text(1, x), _text(1, self.whole(sizes)), *(_text(2, name) for name in outputs)]
        self._nodes.append(b"".join([*names, _text(4, "Split"), _bytes(5, _attribute("axis", -1))]))

    def weight(self, *shape: int, fan_in: int) -> str:
        """Random numbers that neither grow nor fade through the layers."""
        return self.constant(self._random.standard_normal(shape, np.float32) * np.float32((2 / fan_in) ** 0.5))

    def constant(self, values: NDArray[np.float32]) -> str:
        return self._tensor(values.shape, _FLOAT, values.astype("<f4").tobytes())

    def whole(self, values: Sequence[int]) -> str:
        """A list of whole numbers, such as a shape."""
        return self._tensor((len(values),), _INT64, np.asarray(values, "<i8").tobytes())

    def finish(self, inputs: Shapes, outputs: Shapes) -> bytes:
        graph = [_bytes(1, node) for node in self._nodes] + [_text(2, "untrained")]
        graph += [_bytes(5, constant) for constant in self._constants]
        graph += [
            _bytes(number, _value(*one)) for number, side in ((11, inputs), (12, outputs)) for one in side.items()
        ]
        opset = _text(1, "") + _number(2, OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, b"".join(graph)) + _bytes(8, opset)

    def _tensor(self, shape: Iterable[int], kind: int, data: bytes) -> str:
        name = self._name()
        dimensions = b"".join(_number(1, size) for size in shape)
        self._constants.append(dimensions + _number(2, kind) + _text(8, name) + _bytes(9, data))
        return name

    def _name(self) -> str:
        self._count += 1
        return f"t{self._count}"


def _attribute(name: str, value: Attribute) -> bytes:
    start = _text(1, name)
    if isinstance(value, float):
        return start + _key(2, 5) + struct.pack("<f", value) + _number(20, _ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return start + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return start + b"".join(_number(8, one) for one in value) + _number(20, _ATTRIBUTE_INTS)


def _value(name: str, shape: Sequence[int]) -> bytes:
    """A named float32 tensor of a fixed shape."""
    dimensions = b"".join(_bytes(1, _number(1, size)) for size in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, dimensions)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _text(number: int, text: str) -> bytes:
    return _bytes(number, text.encode())


def _bytes(number: int, data: bytes) -> bytes:
    return _key(number, 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _key(number, 0) + _varint(value & (2**64 - 1))  # negative ones as 64-bit two's complement


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
