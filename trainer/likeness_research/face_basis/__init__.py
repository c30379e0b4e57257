"""What a statistical face model is worth: models made of known truth, in the published files' own formats."""
