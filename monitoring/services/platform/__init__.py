"""Whether the platform is well: probes, health, and its state as metrics."""
