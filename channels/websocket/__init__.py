"""GET /v1/stream on aiohttp: the upgrade, the socket, and the driver that does what `channels.session` orders."""
