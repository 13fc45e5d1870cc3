"""Take an import back: who builds on it, and how rows become what they were."""
