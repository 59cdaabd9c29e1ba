"""The plugin of the conformance suite: it behaves, or misbehaves, as its words say. Python 3.6 or later on POSIX, standard library only.

dummy_plugin.py VERB [--name value]...

serve                     serves until it is told to end; --port N (else PORT), --delay MS before it listens, --deaf hears no polite word,
                          --child starts a child, --escape starts one in a session of its own, --flood MB --shape lines|nonl|binary|ansi first,
                          --mark writes a line to the log
exit CODE                 ends at once; --say TEXT on standard output, --err TEXT on standard error
die                       ends itself by signal 9
hang                      runs and never listens
daemonise                 leaves a server in the background and ends with 0

POST /status 200; /who (pid, folder, files); /environment; /manifest; /log?mode=a|w&text=T; /print?text=T; /exit?code=N; /freeze
"""
import fcntl
import json
import os
import signal
import socket
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

LIFE = None


def hold_life():
    """Shares a lock on the log for as long as this process or any child of it lives: that is how the suite sees from outside who is left."""
    global LIFE
    try:
        LIFE = open(os.environ["LOG_FILE"], "ab", buffering=0)
        fcntl.flock(LIFE, fcntl.LOCK_SH)
    except (KeyError, OSError) as error:
        print("no lock on the log:", error, file=sys.stderr, flush=True)


def options(words):
    found, rest, i = {}, [], 0
    while i < len(words):
        if not words[i].startswith("--"):
            rest.append(words[i])
        elif i + 1 < len(words) and not words[i + 1].startswith("--"):
            found[words[i][2:]] = words[i + 1]
            i += 1
        else:
            found[words[i][2:]] = ""
        i += 1
    return rest, found


def sleep_for_ever():
    while True:
        time.sleep(3600)


def child(escape):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if escape:
            os.setsid()
        sleep_for_ever()


def write_all(number, data):
    while data:
        data = data[os.write(number, data):]


def flood(megabytes, shape):
    piece = {
        "lines": b"0123456789abcdef" * 4 + b"\n",
        "nonl": b"x" * 64,
        "binary": bytes(range(256)),
        "ansi": b"\x1b[31mred\x1b[0m \xff\xfe\n",
    }[shape]
    block = piece * (65536 // len(piece))
    for i in range(megabytes * 16):
        write_all(1 + i % 2, block)
    for number in 1, 2:
        write_all(number, b"\nend-of-flood\n")


def answer(path, query):
    def text(name):
        return query.get(name, [""])[0]

    if path == "/status":
        return {}
    if path == "/who":
        return {"pid": os.getpid(), "folder": os.getcwd(), "files": sorted(os.listdir("."))}
    if path == "/environment":
        return dict(os.environ)
    if path == "/manifest":
        with open(os.environ["MANIFEST_FILE"]) as file:
            return {"text": file.read()}
    if path == "/log":
        with open(os.environ["LOG_FILE"], text("mode")) as file:
            file.write(text("text") + "\n")
        return {}
    if path == "/print":
        print(text("text"), flush=True)
        return {}
    if path == "/exit":
        threading.Timer(0.05, os._exit, [int(text("code"))]).start()
        return {}
    if path == "/freeze":
        threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGSTOP]).start()
        return {}
    return None


def converse(connection):
    with connection:
        data = b""
        while b"\r\n\r\n" not in data:
            got = connection.recv(65536)
            if not got:
                return
            data += got
        head, _, rest = data.partition(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                missing = int(line[15:]) - len(rest)
                while missing > 0:
                    got = connection.recv(65536)
                    if not got:
                        return
                    missing -= len(got)
        url = urlsplit(head.split(b" ")[1].decode())
        found = answer(url.path, parse_qs(url.query))
        body = json.dumps(found if found is not None else {"error": "no such path"}).encode()
        code = b"200 OK" if found is not None else b"404 Not Found"
        connection.sendall(b"HTTP/1.1 " + code + b"\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)


def talk(connection):
    try:
        converse(connection)
    except OSError:
        pass


def serve(given):
    if "deaf" in given:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        def end(*_):
            write_all(1, b"heard-the-polite-word\n")
            os._exit(0)
        signal.signal(signal.SIGTERM, end)
    if "mark" in given:
        write_all(LIFE.fileno(), b"started %d\n" % os.getpid())
    if "child" in given:
        child(False)
    if "escape" in given:
        child(True)
    if "flood" in given:
        flood(int(given["flood"]), given.get("shape", "lines"))
    time.sleep(int(given.get("delay", "0")) / 1000)
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("0.0.0.0", int(given.get("port") or os.environ["PORT"])))
    server.listen(128)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=talk, args=[connection], daemon=True).start()


def main(words):
    rest, given = options(words)
    verb = rest[0] if rest else "serve"
    hold_life()
    if verb == "serve":
        serve(given)
    elif verb == "exit":
        if "say" in given:
            print(given["say"], flush=True)
        if "err" in given:
            print(given["err"], file=sys.stderr, flush=True)
        os._exit(int(rest[1]))
    elif verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "hang":
        sleep_for_ever()
    elif verb == "daemonise":
        if os.fork() == 0:
            os.setsid()
            serve(given)
        os._exit(0)
    else:
        print("unknown verb:", verb, file=sys.stderr, flush=True)
        os._exit(64)


main(sys.argv[1:])
