"""The tidy pipeline a good tutorial teaches: FastAPI, ORM, one message and transaction per event.

It has all the guarantees of ours (outbox, confirms, inbox, ack after commit) and none of its
batches. Its figures stand in tables of the same columns, so that the same check reads them.
"""
