"""Evidence looked at: its receipt, where it stands, its pages as pictures, its signatures."""
