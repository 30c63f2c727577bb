"""What stands before the camera as buffers: head, sweater, eyeballs; and the depth pictures that lamps take of it."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from desktop_affect.training.render import shaders
from desktop_affect.training.render.gpu import Mesh, put
from desktop_affect.training.render.head import SKIN_VERTICES, Floats, HeadModel, Ints, Part, normals_of
from desktop_affect.training.render.kept import Kept
from desktop_affect.training.render.lighting import even_directions, shadow_matrix
from desktop_affect.training.render.look import HairStyle, Look
from desktop_affect.training.render.posing import NECK_PIVOT_CM, Posed
from desktop_affect.training.render.shapes import eye_cap, hair_cover, sweater

_SHADOW_PX = 512
_PIVOT_TO_FACE_CM = np.array([0, 6, 3], dtype=np.float32)
_SOFT_PX = np.array([(x, y) for x in (-5, 0, 5) for y in (-5, 0, 5)])
"""Where a place looks for the lamp, in pixels of the depth picture of 48 cm: a lamp of some width."""
_SKY_DIRECTIONS = 56
_LIDS_OPEN = 0.75
"""Lids are measured folded away, but are seen when they close."""
_COLLAR_CM, _SHOULDER_CM, _SHOULDER_X_CM = -14.5, -11.0, 7.6


class Figure:
    """Uploaded anew for every picture; how much sky each place sees is measured once, on the mean head at rest."""

    def __init__(self, context: moderngl.Context, head: HeadModel) -> None:
        self._context, self._model = context, head
        self._hair: Kept[tuple[Floats, Floats, Ints]] = Kept(len(HairStyle))
        parts = head.part_triangles
        self.skin_triangles = self._above_collar(np.concatenate([parts[Part.FACE], parts[Part.BACK]]))
        self._build_shadow()
        self._build_head()
        self._build_sweater()
        self._build_eyes()
        self._openness = self._measure_openness()

    def upload(self, look: Look, posed: Posed, towards_key: Floats) -> None:
        """Everything that changed since the last picture. Shadows are found per vertex: they are soft anyway, and
        software drawing would pay for them at every pixel."""
        corner = self._model.corner_vertex
        normals = normals_of(posed.vertices, self._model.triangles)
        garment = self._garment.vertices - NECK_PIVOT_CM + posed.pivot
        self.head.write("place", posed.vertices[corner])
        self.head.write("normal", normals[corner])
        self.cloth.write("place", garment)
        matrix = shadow_matrix(towards_key, posed.pivot + _PIVOT_TO_FACE_CM)
        depth = self._depth_picture(matrix)
        lit = np.ones(len(normals), dtype=np.float32)
        lit[:SKIN_VERTICES] = _softly_visible(posed.vertices[:SKIN_VERTICES], normals[:SKIN_VERTICES], matrix, depth)
        cover, length, _ = self._hair_of(look.hair.style)
        extra = np.stack([self._openness[0], cover, length * look.hair.length_cm, lit], axis=1)
        self.head.write("extra", extra[corner])
        cloth_lit = _softly_visible(garment, self._cloth_normals, matrix, depth)
        none = np.zeros_like(cloth_lit)
        self.cloth.write("extra", np.stack([self._openness[1], none, none, cloth_lit], axis=1))

    def hair_triangles(self, style: HairStyle) -> Ints:
        return self._hair_of(style)[2]

    def _depth_picture(self, matrix: Floats) -> Floats:
        """How far away, 0..1, the nearest place is in every direction in which a lamp shines."""
        self._shadow_target.use()
        self._shadow_target.clear(depth=1.0)
        self._context.enable(moderngl.DEPTH_TEST)
        self._context.disable(moderngl.BLEND | moderngl.CULL_FACE)
        put(self._depth_program, {"projection": matrix})
        self.head.draw(self._depth_program, self.skin_triangles)
        self.cloth.draw(self._depth_program, self.cloth_triangles)
        return np.frombuffer(self._shadow.read(alignment=4), dtype=np.float32).reshape(_SHADOW_PX, _SHADOW_PX)

    # --- built once ---

    def _build_shadow(self) -> None:
        self._shadow = self._context.depth_texture((_SHADOW_PX, _SHADOW_PX))
        self._shadow_target = self._context.framebuffer(depth_attachment=self._shadow)
        self._depth_program = self._context.program(
            vertex_shader=shaders.MESH_VERTEX, fragment_shader=shaders.DEPTH_FRAGMENT
        )

    def _build_head(self) -> None:
        model = self._model
        self.head = Mesh(self._context, len(model.corner_vertex), place=3, normal=3, uv=2, rest=3, extra=4)
        self.head.write("uv", model.corner_uv)
        self.head.write("rest", model.neutral[model.corner_vertex])

    def _build_sweater(self) -> None:
        self._garment = sweater()
        self.cloth_triangles = self._garment.triangles
        self._cloth_normals = normals_of(self._garment.vertices, self.cloth_triangles)
        self.cloth = Mesh(self._context, len(self._garment.vertices), place=3, normal=3, uv=2, rest=3, extra=4)
        self.cloth.write("uv", self._garment.uv)
        self.cloth.write("rest", self._garment.vertices)
        self.cloth.write("normal", self._cloth_normals)

    def _build_eyes(self) -> None:
        cap = eye_cap()
        self.eye_triangles = cap.triangles
        self.eye = Mesh(self._context, len(cap.vertices), way=3)
        self.eye.write("way", cap.vertices)

    def _above_collar(self, triangles: Ints) -> Ints:
        """Leaves out the skin that the sweater covers, so that it cannot show through."""
        places = self._model.neutral[self._model.corner_vertex]
        shoulder = (places[:, 1] < _SHOULDER_CM) & (np.abs(places[:, 0]) > _SHOULDER_X_CM)
        covered = (places[:, 1] < _COLLAR_CM) | shoulder
        return np.asarray(triangles[~covered[triangles].all(axis=1)], dtype=np.int32)

    def _hair_of(self, style: HairStyle) -> tuple[Floats, Floats, Ints]:
        return self._hair.get(style, lambda: self._make_hair(style))

    def _make_hair(self, style: HairStyle) -> tuple[Floats, Floats, Ints]:
        cover, length = hair_cover(self._model.neutral, style)
        grows = (cover[self._model.corner_vertex][self.skin_triangles] > 0).any(axis=1)
        return cover, length, np.asarray(self.skin_triangles[grows], dtype=np.int32)

    def _measure_openness(self) -> tuple[Floats, Floats]:
        model = self._model
        skin = (model.neutral[:SKIN_VERTICES], normals_of(model.neutral, model.triangles)[:SKIN_VERTICES])
        cloth = (self._garment.vertices, self._cloth_normals)
        self.head.write("place", model.neutral[model.corner_vertex])
        self.cloth.write("place", self._garment.vertices)
        seen = [np.zeros(len(places)) for places, _ in (skin, cloth)]
        weight = [np.full(len(places), 1e-6) for places, _ in (skin, cloth)]
        for towards in even_directions(_SKY_DIRECTIONS):
            matrix = shadow_matrix(towards, np.array([0, -2, 0], dtype=np.float32))
            depth = self._depth_picture(matrix)
            for k, (places, normals) in enumerate((skin, cloth)):
                facing = np.clip(normals @ towards, 0, 1)
                seen[k] += facing * _visible(places + normals * 0.3, matrix, depth)
                weight[k] += facing
        skin_open = np.ones(len(model.neutral), dtype=np.float32)
        skin_open[:SKIN_VERTICES] = seen[0] / weight[0]
        skin_open = np.maximum(skin_open, _LIDS_OPEN * model.lids())
        return skin_open, (seen[1] / weight[1]).astype(np.float32)


def _visible(places: Floats, matrix: Floats, depth: Floats) -> Floats:
    """1 where nothing stands between a place and the far lamp whose depth picture this is."""
    at, far = _on_depth_picture(places, matrix, depth.shape[0])
    return np.asarray(depth[at[:, 1], at[:, 0]] > far, dtype=np.float32)


def _softly_visible(places: Floats, normals: Floats, matrix: Floats, depth: Floats) -> Floats:
    """0..1: how much of a lamp of some width is seen."""
    at, far = _on_depth_picture(places + normals * 0.35, matrix, depth.shape[0])
    around = np.clip(at[:, None] + _SOFT_PX[None], 0, depth.shape[0] - 1)
    return np.asarray((depth[around[..., 1], around[..., 0]] > far[:, None]).mean(axis=1), dtype=np.float32)


def _on_depth_picture(places: Floats, matrix: Floats, side_px: int) -> tuple[NDArray[np.int64], Floats]:
    clip = places @ matrix[:3, :3].T + matrix[:3, 3]
    at = np.clip(((clip[:, :2] * 0.5 + 0.5) * side_px).astype(np.int64), 0, side_px - 1)
    return at, clip[:, 2] * 0.5 + 0.5 - 0.005
