"""Draws a head: any `Look`, expression, pose and gaze, as an RGB picture.

    from desktop_affect.training.render import HeadRenderer, portrait_names, random_look
    with HeadRenderer(224, 224, focal_px=560) as renderer:
        look = random_look(rng, portrait_names())
        picture = renderer.render(look, {"mouthSmile_L": 0.8, "mouthSmile_R": 0.7}, pose, gaze=(0.0, 0.0))

A renderer belongs to the thread that made it. It keeps what looks have in common (skins, rooms, people).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import moderngl
import numpy as np

from desktop_affect.core.types import HeadPose, RgbImage
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.render import shaders
from desktop_affect.training.render.camera import Camera
from desktop_affect.training.render.figure import Figure
from desktop_affect.training.render.gpu import Mesh, open_context, picture_texture, put
from desktop_affect.training.render.head import Floats, Part, load_head
from desktop_affect.training.render.kept import Kept
from desktop_affect.training.render.lighting import light_values
from desktop_affect.training.render.look import HairStyle, Look
from desktop_affect.training.render.posing import Posed, look_person, pose_head
from desktop_affect.training.render.room import paint_room
from desktop_affect.training.render.shapes import HAIR_POLE
from desktop_affect.training.render.skin import Laid, fill_in, lay_over

_SKINS, _ROOMS, _PEOPLE = 60, 12, 200
"""How many are kept; a skin takes about 8 MB at the size used for training."""
_LIP_OPEN_CM = 1.2
_TONGUE_SEEN_CM = 0.3
_SCALP_LIFT_CM = 0.05
_ALPHA_TO_COVERAGE = 0x809E
"""OpenGL's name for it; strands thinner than a pixel then cover some of its samples."""


class HeadRenderer:
    """One context, one picture size."""

    def __init__(
        self,
        width_px: int,
        height_px: int,
        *,
        focal_px: float | None = None,
        oversample: int = 1,
        samples: int = 4,
        shells: int = 8,
        skin_px: int = 1024,
        data: Path | None = None,
    ) -> None:
        """`shells`: layers of hair; `skin_px`: side of the face's texture; `data`: see `head.data_folder`; `samples`: a
        pixel's (0 halves the time and leaves jagged edges, which a smaller crop smooths)."""
        self.size_px = (width_px, height_px)
        self.camera = Camera(width_px, height_px, focal_px if focal_px is not None else height_px * 1.6)
        self.head = load_head(data)
        self._data, self._shells, self._skin_px = data, shells, skin_px
        self._drawn, self._samples = (width_px * oversample, height_px * oversample), samples
        self._context = open_context()
        self._build_targets()
        self._build_programs()
        self._build_room()
        self._figure = Figure(self._context, self.head)
        self._strands = self._strand_texture()
        self._skins: Kept[moderngl.Texture] = Kept(_SKINS, lambda texture: texture.release())
        self._rooms: Kept[moderngl.Texture] = Kept(_ROOMS, lambda texture: texture.release())
        self._people: Kept[Floats] = Kept(_PEOPLE)

    def render(
        self,
        look: Look,
        expression_weights: Mapping[str, float],
        pose: HeadPose,
        gaze: tuple[float, float] = (0.0, 0.0),
    ) -> RgbImage:
        """One picture. Weights by ICT-FaceKit's names, 0..1; pose and gaze with the signs of core/types.py."""
        posed = self.pose(look, expression_weights, pose, gaze)
        values = self._values(look, posed)
        skin = self._skins.get(look.portrait, lambda: self._bake(lay_over(self.head, look.portrait, self._data)))
        self._figure.upload(look, posed, np.asarray(values["key_dir"]))
        self._canvas.use()
        self._context.clear(0, 0, 0, 1)
        self._draw_room(look)
        self._context.enable(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        for program in self._lit:
            put(program, values)
        self._draw_surfaces(look, skin)
        self._draw_mouth(posed)
        self._draw_eyes(look, posed)
        self._draw_hair(look)
        self._context.disable(moderngl.CULL_FACE)
        self._draw_veils(values)
        return self._picture()

    def pose(
        self,
        look: Look,
        expression_weights: Mapping[str, float],
        pose: HeadPose,
        gaze: tuple[float, float] = (0.0, 0.0),
    ) -> Posed:
        """The geometry alone: what is where, for whoever needs the truth beside the picture."""
        person = self._people.get((look.identity, look.lids, look.brows), lambda: look_person(self.head, look))
        return pose_head(self.head, person, expression_weights, pose, gaze)

    def close(self) -> None:
        self._context.release()

    def __enter__(self) -> HeadRenderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- built once ---

    def _build_targets(self) -> None:
        context = self._context
        self._canvas = context.framebuffer(
            [context.renderbuffer(self._drawn, samples=self._samples)],
            context.depth_renderbuffer(self._drawn, samples=self._samples),
        )
        self._resolved = context.framebuffer([context.renderbuffer(self._drawn)])

    def _build_programs(self) -> None:
        def program(vertex: str, fragment: str) -> moderngl.Program:
            return self._context.program(vertex_shader=vertex, fragment_shader=fragment)

        mesh = shaders.MESH_VERTEX
        self._skin_program = program(mesh, shaders.SKIN_FRAGMENT)
        self._mouth_program = program(mesh, shaders.MOUTH_FRAGMENT)
        self._cloth_program = program(mesh, shaders.CLOTH_FRAGMENT)
        self._eye_program = program(shaders.EYE_VERTEX, shaders.EYE_FRAGMENT)
        self._hair_program = program(shaders.HAIR_VERTEX, shaders.HAIR_FRAGMENT)
        self._cap_program = program(shaders.HAIR_VERTEX, shaders.CAP_FRAGMENT)
        self._lit = (
            self._skin_program,
            self._mouth_program,
            self._cloth_program,
            self._eye_program,
            self._hair_program,
            self._cap_program,
        )
        self._veil_program = program(mesh, shaders.OCCLUSION_FRAGMENT)
        self._lash_program = program(mesh, shaders.LASH_FRAGMENT)
        self._room_program = program(shaders.ROOM_VERTEX, shaders.ROOM_FRAGMENT)
        self._bake_program = program(shaders.BAKE_VERTEX, shaders.BAKE_FRAGMENT)

    def _build_room(self) -> None:
        self._room_mesh = Mesh(self._context, 4, corner=2)
        self._room_mesh.write("corner", np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float32))
        self._room_triangles = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)

    def _strand_texture(self) -> moderngl.Texture:
        """Smooth noise with 64 grains a side, repeating."""
        grains = np.random.default_rng(7).random((64, 64)).astype(np.float32)
        noise = cv2.resize(np.tile(grains, (3, 3)), (768, 768), interpolation=cv2.INTER_LINEAR)[256:512, 256:512]
        texture = self._context.texture((256, 256), 1, np.ascontiguousarray(noise * 255, dtype=np.uint8).tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        return texture

    def _bake(self, laid: Laid) -> moderngl.Texture:
        """Draws the head's texture out of the portrait it was laid over."""
        corner, context = self.head.corner_vertex, self._context
        size = (self._skin_px * 2, self._skin_px)
        target = context.framebuffer([context.renderbuffer(size)])
        mesh = Mesh(context, len(corner), uv=2, source=2, trust=1)
        mesh.write("uv", self.head.corner_uv)
        mesh.write("source", laid.places_px[corner] / np.array(laid.pixels.shape[1::-1], dtype=np.float32))
        mesh.write("trust", laid.trust[corner])
        portrait = picture_texture(context, laid.pixels)
        portrait.use(0)
        target.use()
        context.clear(0, 0, 0, 0)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND)
        mesh.draw(self._bake_program, self._figure.skin_triangles)
        baked = np.frombuffer(target.read(components=4), dtype=np.uint8).reshape(size[1], size[0], 4)
        portrait.release()
        target.release()
        return picture_texture(context, fill_in(baked, laid.middle))

    # --- drawn for every picture ---

    def _values(self, look: Look, posed: Posed) -> dict[str, object]:
        lights = light_values(look.lamps)
        return {
            **lights,
            "projection": self.camera.projection(),
            "head_up": posed.turn[:, 1],
            "head_turn": posed.turn,
            "hair_colour": look.hair.colour,
        }

    def _draw_room(self, look: Look) -> None:
        self._context.disable(moderngl.DEPTH_TEST | moderngl.BLEND)
        self._rooms.get(look.room, lambda: picture_texture(self._context, paint_room(look.room))).use(0)
        put(self._room_program, {"brightness": look.lamps.brightness})
        self._room_mesh.draw(self._room_program, self._room_triangles)

    def _draw_surfaces(self, look: Look, skin: moderngl.Texture) -> None:
        skin.use(0)
        put(self._skin_program, {"tint": look.tint, "oil": look.oil})
        self._figure.head.draw(self._skin_program, self._figure.skin_triangles)
        put(self._cloth_program, {"base": look.garment, "knit": 2.6})
        self._figure.cloth.draw(self._cloth_program, self._figure.cloth_triangles)

    def _draw_mouth(self, posed: Posed) -> None:
        opened = min(posed.lip_gap_cm / _LIP_OPEN_CM, 1.0)
        for part, base, gloss in (
            (Part.SOCKETS, (0.22, 0.055, 0.05), 0.1),
            (Part.GUMS, (0.42, 0.13, 0.12), 0.5),
            (Part.TEETH, (0.72, 0.68, 0.58), 0.6),
        ):
            values = {"base": base, "gloss": gloss, "depth_from": 9.8, "depth_to": 6.0, "lip_open": opened}
            if part is Part.GUMS and posed.lip_gap_cm < _TONGUE_SEEN_CM:
                continue
            put(self._mouth_program, values)
            self._figure.head.draw(self._mouth_program, self.head.part_triangles[part])

    def _draw_eyes(self, look: Look, posed: Posed) -> None:
        put(self._eye_program, {"iris": look.iris, "pupil": look.pupil, "size": 0.42})
        for eye in posed.eyes:
            put(self._eye_program, {"turn": eye.turn, "centre": eye.centre, "radius": eye.radius_cm})
            self._figure.eye.draw(self._eye_program, self._figure.eye_triangles)

    def _draw_veils(self, values: Mapping[str, object]) -> None:
        """What is seen through: the shadow of the lids on the eyes, and the lashes."""
        self._context.enable(moderngl.BLEND)
        self._canvas.depth_mask = False
        put(self._veil_program, values)
        self._figure.head.draw(self._veil_program, self.head.part_triangles[Part.OCCLUSION])
        put(self._lash_program, values)
        self._figure.head.draw(self._lash_program, self.head.part_triangles[Part.LASHES])
        self._canvas.depth_mask = True
        self._context.disable(moderngl.BLEND)

    def _draw_hair(self, look: Look) -> None:
        hair = look.hair
        if hair.style is HairStyle.CAP:
            self._draw_shells(self._cap_program, hair.style, (1.0,))
        elif hair.style is not HairStyle.BARE:
            self._set_strands(hair.style)
            layers = tuple(layer / max(self._shells - 1, 1) for layer in range(self._shells))
            self._draw_shells(self._hair_program, hair.style, layers)

    def _set_strands(self, style: HairStyle) -> None:
        self._strands.use(0)
        combed = style is HairStyle.BACK
        grain = np.array([16.0, 0.35] if combed else [13.0, 1.1], dtype=np.float32)
        put(self._hair_program, {"grain": grain, "rough": 0.3 if combed else 1.0})

    def _draw_shells(self, program: moderngl.Program, style: HairStyle, layers: tuple[float, ...]) -> None:
        """The same scalp again and again, each time farther out."""
        put(program, {"pole": HAIR_POLE[style], "lift": _SCALP_LIFT_CM})
        self._context.enable_direct(_ALPHA_TO_COVERAGE)
        for layer in layers:
            put(program, {"shell": layer})
            self._figure.head.draw(program, self._figure.hair_triangles(style))
        self._context.disable_direct(_ALPHA_TO_COVERAGE)

    def _picture(self) -> RgbImage:
        self._context.copy_framebuffer(self._resolved, self._canvas)
        raw = self._resolved.read(components=3, alignment=1)
        drawn = np.frombuffer(raw, dtype=np.uint8).reshape(self._drawn[1], self._drawn[0], 3)[::-1]
        if self._drawn == self.size_px:
            return np.ascontiguousarray(drawn)
        return np.asarray(cv2.resize(drawn, self.size_px, interpolation=cv2.INTER_AREA), dtype=np.uint8)
