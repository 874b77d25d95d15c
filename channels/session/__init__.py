"""The life of one connection, pure: what happened and the time come in, orders go out (in the manner of h11).

`state` is where a connection stands, `happenings` what may happen to it, `orders` what its driver must then do,
`life` the rules. Sockets, desks and the clock are `channels.websocket`'s.
"""
