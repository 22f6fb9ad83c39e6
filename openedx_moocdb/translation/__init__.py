"""From a line or a live event to rows that say what it states. Pure."""
