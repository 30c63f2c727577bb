"""The head renderer: people, expressions, light and rooms from exact numbers, for the demo film and for training."""

from desktop_affect.training.render.look import Hair, HairStyle, Lamps, Look, random_look
from desktop_affect.training.render.renderer import HeadRenderer
from desktop_affect.training.render.skin import portrait_names

__all__ = ["Hair", "HairStyle", "HeadRenderer", "Lamps", "Look", "portrait_names", "random_look"]
