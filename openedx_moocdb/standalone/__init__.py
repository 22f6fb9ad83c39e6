"""A small Django site that hosts the plugin without an LMS, and the command ``moocdb``."""
