"""What the product is made with and measured by, and does without: the speech encoder's training, ablation."""
