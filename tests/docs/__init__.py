"""Documentation that cannot rot: the reference is generated from code, the rest is checked against it.

``python -m tests.docs.update`` (``make docs``) writes ``docs/reference``. Each
page is a pure function of what it describes; nothing depends on the version of
Python or Django, or on what is installed beside the package.
"""
