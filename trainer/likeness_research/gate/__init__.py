"""How often the sync gate is right, counted on pieces of clips whose truth is known."""
