"""Statistical face models that people add: read from their published files, laid onto the mesh's 468 vertices."""
