"""The engine room: stages, threads, the fan-out; knows only the ports."""
