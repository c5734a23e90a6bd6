"""The shell around the pure checkout: one core thread, one bounded queue, the doors.

`till` the thread and its queue, `core` what happens to each event, `cashbox` the money steps,
`office_line` the talk with the back-office, `devices` scale and card, `show` what is drawn.
"""
