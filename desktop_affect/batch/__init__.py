"""Films in, tables out: one film or ten thousand, on one machine or on somebody's cluster."""
