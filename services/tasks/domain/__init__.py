"""The rules of the tasks service: pure, without clock, database or files."""
