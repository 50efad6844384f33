"""How citizens come in: one-time tickets, open links, and the signed codes that stand for them."""
