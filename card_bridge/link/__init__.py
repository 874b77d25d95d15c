"""The bridge as a device of the bank's: paired once, then asked over the stream. It listens on no port."""
