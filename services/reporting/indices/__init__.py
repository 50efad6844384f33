"""The live indices: what is read, explained and announced."""
