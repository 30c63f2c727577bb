"""Desktop Affect: reads a person's affect from a webcam, live; nothing leaves the machine."""

__version__ = "0.1.0"
