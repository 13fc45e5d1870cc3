"""football-data.co.uk."""
