"""The ground: where files live, how logs are written, what differs between platforms."""
