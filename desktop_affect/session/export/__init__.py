"""Sessions in the shapes that other tools read; nothing here changes a session."""
