"""A drawing context without a window, and small helpers for feeding it; the only place that knows how it is made."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np

from desktop_affect.core.types import RgbImage
from desktop_affect.training.render.head import Floats, Ints, RenderDataError


class DrawingError(RenderDataError):
    """This machine offers no OpenGL 3.3, not even in software."""


def open_context() -> moderngl.Context:
    """An off-screen context; on Linux through EGL, in software unless the person's environment says otherwise."""
    os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")  # the same pictures everywhere
    backend: dict[str, Any] = {"backend": "egl"} if sys.platform.startswith("linux") else {}
    try:
        return moderngl.create_context(require=330, standalone=True, **backend)
    except Exception as error:
        raise DrawingError(
            "Heads cannot be rendered here: no off-screen OpenGL 3.3.",
            advice="On Debian and Ubuntu: apt-get install libegl1 libgl1-mesa-dri.",
            detail=str(error),
        ) from error


def put(program: moderngl.Program, values: Mapping[str, Any]) -> None:
    """Sets those uniforms that a program really has; the compiler drops what a material does not use."""
    for name, value in values.items():
        if name not in program:
            continue
        uniform: Any = program[name]
        if isinstance(value, np.ndarray) and value.ndim == 2:
            uniform.write(np.ascontiguousarray(value.T, dtype="f4").tobytes())  # OpenGL counts by columns
        elif isinstance(value, np.ndarray):
            uniform.value = tuple(float(part) for part in value)
        else:
            uniform.value = value


def picture_texture(context: moderngl.Context, pixels: RgbImage) -> moderngl.Texture:
    """A picture to draw from; its first row is at v = 0."""
    height, width = pixels.shape[:2]
    texture = context.texture((width, height), 3, np.ascontiguousarray(pixels).tobytes(), alignment=1)
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    texture.repeat_x = texture.repeat_y = False
    return texture


class Mesh:
    """Buffers of one surface: any of its attributes can be written anew, for every frame or once."""

    def __init__(self, context: moderngl.Context, count: int, **widths: int) -> None:
        self._context = context
        self._widths = widths
        self._buffers = {
            name: context.buffer(reserve=count * width * 4, dynamic=True) for name, width in widths.items()
        }
        self._arrays: dict[tuple[int, int], moderngl.VertexArray] = {}
        self._indices: dict[int, tuple[Ints, moderngl.Buffer]] = {}

    def write(self, name: str, values: Floats) -> None:
        self._buffers[name].write(np.ascontiguousarray(values, dtype="f4").tobytes())

    def draw(self, program: moderngl.Program, triangles: Ints) -> None:
        key = (program.glo, id(triangles))
        if key not in self._arrays:
            self._arrays[key] = self._array(program, triangles)
        self._arrays[key].render(moderngl.TRIANGLES)

    def _array(self, program: moderngl.Program, triangles: Ints) -> moderngl.VertexArray:
        if id(triangles) not in self._indices:
            buffer = self._context.buffer(np.ascontiguousarray(triangles, dtype="i4").tobytes())
            self._indices[id(triangles)] = (triangles, buffer)  # holds the triangles, so that their id stays theirs
        used = [(self._buffers[name], f"{width}f4", name) for name, width in self._widths.items() if name in program]
        index = self._indices[id(triangles)][1]
        return self._context.vertex_array(program, used, index_buffer=index, index_element_size=4)
