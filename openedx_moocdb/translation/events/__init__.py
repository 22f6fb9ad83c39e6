"""Event types by family, in the families of the Open edX documentation.

Families do not know each other. A class exists where the meaning of an event
differs from its family's; each has a file of cases in ``tests/golden``.
"""
