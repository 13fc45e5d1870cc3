"""What is known of worker processes: who is alive, what they count, and how tasks reach them."""
