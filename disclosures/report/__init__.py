"""PURE: the report as values, and its composition from facts, tables and an outline."""
