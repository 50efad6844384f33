"""The pure rules of the two indices. No clock, no I/O, no rounding inside; see docs/indices.md.

`criteria` the scoring sheet as data · `scoring` points of one sub-criterion · `completion` counts of
assignments · `satisfaction` counts of answers · `par_index` the three figures · `explanation` how a
figure came about · `points` that for one sub-criterion · `shown` what may be shown and how ·
`linking` proposals which sub-criterion a task serves.
"""
