"""The pure rules of the two indices. No clock, no I/O, no rounding inside; see docs/indices.md.

- `criteria` the scoring sheet as data, `criteria_problems` whether it can be used
- `completion`, `satisfaction` counts of assignments and of answers
- `scoring` points of one sub-criterion, `points` their explanation
- `inputs` what stands for a sub-criterion, `par_index` the three figures
- `explanation` how a figure came about, `shown` what may be shown and how
- `linking` proposals which sub-criterion a task serves
"""
