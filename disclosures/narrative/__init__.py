"""PURE: facts → paragraphs. Every amount, rate, share and count in them is a bound figure."""
