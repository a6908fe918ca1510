"""PURE: which figures a book compares with what. One module for each kind of book."""
