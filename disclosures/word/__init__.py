"""Report → DOCX, from the same blocks as the PDF, for departments that must hand in Word."""
