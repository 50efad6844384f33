"""What an act on a plan does to its assignments: foretold, and carried out."""
