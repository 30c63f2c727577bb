"""What stands before the camera as buffers: head, sweater, eyeballs; and the depth pictures that lamps take of it."""

from __future__ import annotations

import moderngl
import numpy as np

from desktop_affect.training.render import shaders
from desktop_affect.training.render.gpu import Mesh, put
from desktop_affect.training.render.head import SKIN_VERTICES, Floats, HeadModel, Ints, Part, normals_of
from desktop_affect.training.render.kept import Kept
from desktop_affect.training.render.lighting import even_directions, shadow_matrix
from desktop_affect.training.render.look import HairStyle, Look
from desktop_affect.training.render.posing import NECK_PIVOT_CM, Posed
from desktop_affect.training.render.shapes import eye_cap, hair_cover, sweater

_SHADOW_PX = 768
_SKY_DIRECTIONS = 56
_COLLAR_CM, _SHOULDER_CM, _SHOULDER_X_CM = -14.5, -11.0, 7.6


class Figure:
    """Uploaded anew for every picture; how much sky each place sees is measured once, on the mean head at rest."""

    def __init__(self, context: moderngl.Context, head: HeadModel) -> None:
        self._context, self._model = context, head
        self._hair: Kept[tuple[Floats, Ints]] = Kept(len(HairStyle))
        parts = head.part_triangles
        self.skin_triangles = self._above_collar(np.concatenate([parts[Part.FACE], parts[Part.BACK]]))
        self._build_shadow()
        self._build_head()
        self._build_sweater()
        self._build_eyes()
        self._openness = self._measure_openness()

    def upload(self, look: Look, posed: Posed) -> None:
        """Everything that changed since the last picture."""
        corner = self._model.corner_vertex
        self.head.write("place", posed.vertices[corner])
        self.head.write("normal", normals_of(posed.vertices, self._model.triangles)[corner])
        cover = self._hair_of(look.hair.style)[0]
        extra = np.stack([self._openness[0], cover, cover * look.hair.length_cm], axis=1)
        self.head.write("extra", extra[corner])
        self.cloth.write("place", self._garment.vertices - NECK_PIVOT_CM + posed.pivot)
        self.cloth.write("extra", np.repeat(self._openness[1][:, None], 3, axis=1))

    def hair_triangles(self, style: HairStyle) -> Ints:
        return self._hair_of(style)[1]

    def draw_depth(self, matrix: Floats) -> None:
        """What a lamp sees, into `shadow`."""
        self._shadow_target.use()
        self._shadow_target.clear(depth=1.0)
        self._context.enable(moderngl.DEPTH_TEST)
        self._context.disable(moderngl.BLEND)
        put(self._depth_program, {"projection": matrix})
        self.head.draw(self._depth_program, self.skin_triangles)
        self.cloth.draw(self._depth_program, self.cloth_triangles)

    # --- built once ---

    def _build_shadow(self) -> None:
        self.shadow = self._context.depth_texture((_SHADOW_PX, _SHADOW_PX))
        self.shadow.compare_func = "<="
        self.shadow.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.shadow.repeat_x = self.shadow.repeat_y = False
        self._shadow_target = self._context.framebuffer(depth_attachment=self.shadow)
        self._depth_program = self._context.program(
            vertex_shader=shaders.MESH_VERTEX, fragment_shader=shaders.DEPTH_FRAGMENT
        )

    def _build_head(self) -> None:
        model = self._model
        self.head = Mesh(self._context, len(model.corner_vertex), place=3, normal=3, uv=2, rest=3, extra=3)
        self.head.write("uv", model.corner_uv)
        self.head.write("rest", model.neutral[model.corner_vertex])

    def _build_sweater(self) -> None:
        self._garment = sweater()
        self.cloth_triangles = self._garment.triangles
        self._cloth_normals = normals_of(self._garment.vertices, self.cloth_triangles)
        self.cloth = Mesh(self._context, len(self._garment.vertices), place=3, normal=3, uv=2, rest=3, extra=3)
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

    def _hair_of(self, style: HairStyle) -> tuple[Floats, Ints]:
        return self._hair.get(style, lambda: self._make_hair(style))

    def _make_hair(self, style: HairStyle) -> tuple[Floats, Ints]:
        cover = hair_cover(self._model.neutral, style)
        grows = (cover[self._model.corner_vertex][self.skin_triangles] > 0).any(axis=1)
        return cover, np.asarray(self.skin_triangles[grows], dtype=np.int32)

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
        return skin_open, (seen[1] / weight[1]).astype(np.float32)

    def _depth_picture(self, matrix: Floats) -> Floats:
        self.draw_depth(matrix)
        return np.frombuffer(self.shadow.read(alignment=4), dtype=np.float32).reshape(_SHADOW_PX, _SHADOW_PX)


def _visible(places: Floats, matrix: Floats, depth: Floats) -> Floats:
    """1 where nothing stands between a place and the far lamp whose depth picture this is."""
    clip = places @ matrix[:3, :3].T + matrix[:3, 3]
    side = depth.shape[0]
    at = np.clip(((clip[:, :2] * 0.5 + 0.5) * side).astype(int), 0, side - 1)
    return np.asarray(depth[at[:, 1], at[:, 0]] > clip[:, 2] * 0.5 + 0.5 - 0.004, dtype=np.float32)
