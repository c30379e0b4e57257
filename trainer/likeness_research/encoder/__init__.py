"""Training of the speech encoder that ships with the product, and a larger one to compare it with."""
