"""football-data.org."""
