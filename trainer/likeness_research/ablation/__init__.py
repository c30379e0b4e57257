"""What each part of the product is worth, measured by leaving it out."""
