"""Questions that pages ask of a store: read only, typed answers, one scan per table and course."""
