"""Wake-ups over services that are not ours: what is told, and how it is said to each. Nothing here is needed.

`notices` decides what an event is worth telling; `web_push` and `fcm` bring it out. When and to whom is
`server.jobs.pusher`'s. Only an opaque id and generic words leave (RULES 23).
"""
