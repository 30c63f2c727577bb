"""Frames in: camera, film and the demo participant."""
