"""Any table of matches, by a mapping that says what its columns are."""
