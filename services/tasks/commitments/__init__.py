"""Written commitments of units that are late."""
