"""Help inside the product: the tour of what a person may use, the words explained, the keys. Knows no role."""
