"""English rules. How they are read is told in rules.py."""
