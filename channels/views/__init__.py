"""From the core's values to the wire's structs: the only translator. Nothing here decides, waits or knows a socket."""
