"""Writes to LOG_FILE the way plugins do: kind, bytes per second, bytes in all. Each line has 1,000 bytes and its number."""
import logging
import logging.handlers
import os
import sys
import time

kind, rate, total = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
path = os.environ["LOG_FILE"]
PAD = "x" * 989


def line(number):
    return "%09d %s" % (number, PAD)


def through(handler):
    logger = logging.getLogger("plugin")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return lambda number: logger.info(line(number))


def into(stream):
    return lambda number: (stream.write(line(number) + "\n"), stream.flush())


def truncating(stream):
    def put(number):
        into(stream)(number)
        if number % 1000 == 999:
            os.truncate(path, 0)
    return put


def deleting():
    stream = open(path, "a")
    os.remove(path)
    return into(stream)


kinds = {
    "logging": lambda: through(logging.FileHandler(path)),
    "logging-w": lambda: through(logging.FileHandler(path, mode="w")),
    "open-a": lambda: into(open(path, "a")),
    "open-w": lambda: into(open(path, "w")),
    "rotating": lambda: through(logging.handlers.RotatingFileHandler(path, maxBytes=2 << 20, backupCount=1)),
    "many-rotated": lambda: through(logging.handlers.RotatingFileHandler(path, maxBytes=2 << 20, backupCount=20)),
    "self-truncate": lambda: truncating(open(path, "a")),
    "deleted": deleting,
    "stdout": lambda: into(sys.stdout),
}
put = kinds[kind]()
begin = time.monotonic()
for number in range(total // 1000):
    put(number)
    ahead = (number + 1) * 1000 / rate - (time.monotonic() - begin)
    if ahead > 0.02:
        time.sleep(ahead)
    elif ahead < 0:
        begin -= ahead  # what a busy machine held up is not caught up: the pace is never exceeded
