"""A person who shows some expressions, and the same person with others that nobody has seen in that film."""
