"""What the services say to each other: every event, its state, its envelope. Pydantic only."""
