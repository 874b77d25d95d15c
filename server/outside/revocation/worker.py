"""The process that judges certificates: questions on its standard input, verdicts on its standard output.

It holds no secret, opens nothing, and ends with its parent. Each question has seconds of CPU of its own; whoever goes
past them is killed by the kernel, past its time by the supervisor.
"""

import resource
import sys
from typing import BinaryIO, Final

import msgspec

from server.outside.revocation.judging import judge
from server.outside.revocation.messages import LENGTH, READY, Question, framed

_MEMORY: Final = 1024 * 1024 * 1024
_CPU: Final = 3  # seconds a question


def serve(questions: BinaryIO, verdicts: BinaryIO) -> None:
    """Answer one question after the other until there is none."""
    _send(verdicts, READY)
    while length := questions.read(LENGTH):
        question = msgspec.msgpack.decode(questions.read(int.from_bytes(length)), type=Question)
        _grant_cpu()
        _send(verdicts, msgspec.msgpack.encode(judge(question)))


def _send(verdicts: BinaryIO, message: bytes) -> None:
    verdicts.write(framed(message))
    verdicts.flush()


def _grant_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + _CPU, resource.RLIM_INFINITY))


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))


if __name__ == "__main__":
    _bound()
    serve(sys.stdin.buffer, sys.stdout.buffer)
