r"""Everything that crosses the wire, as strict structs: what devices send, what they are sent, the content in it.

Times are whole milliseconds UTC since 1970. Unknown fields of a frame are ignored, so that an older end keeps
working; values out of bounds never are. Patterns end in `(?![\s\S])`, since `$` lets a newline through.
"""
