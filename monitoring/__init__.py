"""How it goes: health, drift, quality, jobs and workers."""
