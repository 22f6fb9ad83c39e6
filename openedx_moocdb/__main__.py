"""``python -m openedx_moocdb`` is the command ``moocdb``, wherever that is not on the path."""

from openedx_moocdb.standalone.command import main

main()
