"""What makes installers out of the application, and shows that they work. Never imported by the application."""
