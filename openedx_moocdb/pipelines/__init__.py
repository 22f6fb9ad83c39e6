"""They carry, sort, lock and commit; they decide nothing."""
