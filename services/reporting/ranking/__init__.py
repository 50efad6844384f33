"""Ranking of the bodies of a block in a year, and the versions in which it was published."""
