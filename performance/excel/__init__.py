"""XLSX of performance forms by their editions: write, read back, compare.

Knows forms and values, no models and no settings.
"""
