"""Model versions: which of them serves a stage, by what evidence, and who decided it."""
