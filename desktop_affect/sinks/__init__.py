"""Samples out: the recorder and the history for the window."""
