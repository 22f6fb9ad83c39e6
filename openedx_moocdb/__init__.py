"""Open edX tracking events as MOOCdb rows, indicators and a course tab."""

__version__ = "0.1.0"
