"""The words: what rooms say to each other. Values only; no I/O, no Django."""
