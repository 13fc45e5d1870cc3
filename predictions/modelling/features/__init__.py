"""From results to features without look-ahead: the state machine, its tables and its ratings."""
