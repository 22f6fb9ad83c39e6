"""Series become pictures: pure functions whose answers a template draws as SVG.

Across, a picture is measured in percent, so that it fits any width while its
text keeps its size; down, in pixels.
"""
