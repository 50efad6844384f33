"""The Office steers one assignment: pauses and resumes it, ends it, hands it to another unit."""
