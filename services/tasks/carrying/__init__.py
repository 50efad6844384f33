"""A plan gives way to another: what is open is carried over row by row, by a reviewed list."""
