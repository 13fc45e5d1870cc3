"""Fonbet's line."""
