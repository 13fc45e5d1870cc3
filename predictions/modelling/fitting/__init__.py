"""Recipes and the models that they fit: how each learns, predicts, explains and is kept."""
