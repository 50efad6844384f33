"""The satisfaction index: facts of responses and the cells counted from them."""
