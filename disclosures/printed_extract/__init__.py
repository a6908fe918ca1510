"""PURE: an extract (摘录) of a document already published, judged against the filing beside it.

A person transcribes what the document prints: headings, figures, names and codes, uses named in
the text, the money of declarations and their indicators. :func:`check_extract` holds every line
against the filing's facts and against the other lines; a template for it and its reading are in
:mod:`disclosures.printed_extract.workbook`.
"""

from disclosures.printed_extract.checks import EXTRACT_CHECKS, check_extract
from disclosures.printed_extract.values import Extract

__all__ = ["EXTRACT_CHECKS", "Extract", "check_extract"]
