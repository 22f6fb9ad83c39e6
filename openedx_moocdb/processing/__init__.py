"""Layer 2: from rows to what they mean."""
