"""What is on disk: the session folder, its journal, its reader, recovery and exports."""
