"""The Office looks through the ballots of a round, excludes some and restores them."""
