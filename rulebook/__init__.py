"""The regulations as data, with dates and regions, and the small modules that read them.

Pure Python: nothing here imports Django, opens a database or knows a department.
"""
