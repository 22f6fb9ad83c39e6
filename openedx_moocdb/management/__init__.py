"""Commands for ``manage.py`` of an LMS and for ``moocdb``: they parse, call a pipeline, print a summary."""
