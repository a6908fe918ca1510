"""PURE: mid-year monitoring (绩效运行监控): values, lights, board, steps.

Thresholds are data of the scoring edition (``[monitoring]``). Views, models and services of
monitoring lie beside this package and are not part of it.
"""
