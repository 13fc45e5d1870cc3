"""Celery's workers, queues and tasks: what they do, what came of it, and steering them."""
