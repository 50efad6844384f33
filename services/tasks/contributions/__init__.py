"""What coordinating units contribute: asked for, given, accepted or returned."""
