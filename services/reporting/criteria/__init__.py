"""Criteria sets as versioned data, and the links from tasks to their sub-criteria."""
