"""One module a revision, named after what it brings."""
