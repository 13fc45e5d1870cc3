"""What is played: regions, tournaments, teams and matches, and the sources that tell of them."""
