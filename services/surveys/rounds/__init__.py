"""When it is asked: rounds, opened once and closed for good."""
