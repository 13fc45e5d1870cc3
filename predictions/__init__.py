"""What we think: odds, models, predictions, and the routes that serve them."""
