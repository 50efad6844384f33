"""How events travel: the producer's log and outbox, the relay, the broker, the consumer's inbox."""
