"""Cases of every event type: an event of the platform, and what it states.

``<family>/<Class>.yaml`` holds ``cases``, each with a ``name`` (a sentence), the
event as ``given`` (an object of a log line) or ``line`` (its text, if it is odd),
and ``then``: what translation makes of it, in words (``outcome.py``). ``then`` is
written by ``python -m tests.golden.update`` and reviewed as any other change.
"""
