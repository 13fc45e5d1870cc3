"""What `make run` does before and beside the programs: tells how far it is, and keeps them up."""
