"""Frame to face: tracking, head pose, gaze, and the aligned crop that the networks see."""
