"""What to believe: pure rules from raw samples to judged samples and alerts."""
