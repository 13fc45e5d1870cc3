"""How good forecasts are, beside each other and beside chance."""
