"""Models from features: fitted, tuned, and measured on matches that they have not seen."""
