"""Evidence that leaves the house: a bundle of one case, and the script in it that verifies it. Knows no page."""
