"""XLSX by layout: write templates, refuse hostile files, read what people filled in.

Knows layouts and values, no models and no settings.
"""
