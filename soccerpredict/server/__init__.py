"""gunicorn's settings and worker, and the answers that it gives again."""
