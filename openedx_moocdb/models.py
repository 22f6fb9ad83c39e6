"""Where Django looks for models; they stand in ``data_access.store.models``."""

from openedx_moocdb.data_access.store.models import *  # noqa: F403
