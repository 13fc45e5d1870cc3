"""What requests bring: bodies, query parameters and their strict validation."""
