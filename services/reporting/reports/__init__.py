"""Reports that can be signed and sent: kinds as data, one frozen snapshot, text drafted from it."""
