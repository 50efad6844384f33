"""The end of a round, which is the end of its unused tickets too."""
