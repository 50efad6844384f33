"""A consumer made of nothing but the chassis: it writes down every event it took into effect."""
