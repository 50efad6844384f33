"""A later deadline: asked for by the unit, decided by the Office or the director."""
