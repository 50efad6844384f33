"""The report that each unit owes under a plan: written, approved, handed in, put together."""
