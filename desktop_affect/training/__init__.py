"""The workshop: rendering heads, preparing data, training and exporting the networks; nothing else imports it."""
