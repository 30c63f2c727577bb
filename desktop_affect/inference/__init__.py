"""Face to affect: model catalogue, runtimes, the streaming mixer and the frame-level models."""
