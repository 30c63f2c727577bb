"""Data sets as plug-ins: each checks what is missing, then prepares pictures (or clips) with labels."""
