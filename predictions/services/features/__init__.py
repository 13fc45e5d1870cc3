"""What is known of matches before kick-off: the features on disk, and the gates that data pass."""
