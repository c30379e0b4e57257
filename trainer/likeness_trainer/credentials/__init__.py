"""Content Credentials (C2PA): what an export says of itself, signed; and what a file's say, held against the file."""
