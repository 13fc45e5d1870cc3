"""What the pages show, made from services' answers: views fetch, templates print."""
