"""openfootball's JSON files."""
