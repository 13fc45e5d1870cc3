"""What the API and the pages read of predictions and of what stands beside them."""
