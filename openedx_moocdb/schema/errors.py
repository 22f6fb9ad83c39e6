"""What may go wrong, in two families: try again, or put aside."""


class MoocdbError(Exception):
    """Base of all errors of this package; the message says what to do."""


class TransientError(MoocdbError):
    """The same call may succeed later: a lock, a lost connection."""


class PermanentError(MoocdbError):
    """The same call will fail again: bad input or a bad setting."""


class RegistryCollision(PermanentError):
    """Two classes answer to the same event name and source."""


class OutOfOrder(PermanentError):
    """Steps of one learner were not sorted by time and key."""


class LearnerKeyMismatch(PermanentError):
    """``MOOCDB_LEARNER_KEY`` is not the key that wrote this database."""


class StructureError(PermanentError):
    """A course structure file cannot be read as a course."""
