"""An invented region to try the product with: consistent books, planted contradictions, answers.

All of it but ``loading`` is PURE. See ``docs/sample-region.md``.
"""
