"""A stand-in for the daemon: serves the page as it does and speaks the desk's signalling, led by a test.

Its audio is real: a second page in the browser (far-side.html) is the other end of the RTCPeerConnection.
"""

import http.server
import json
import pathlib
import queue
import threading
import time
import urllib.parse
from datetime import datetime, timedelta, timezone

from gestures import PATIENCE_SECONDS
from websocket import WebSocket, accept_key

HERE = pathlib.Path(__file__).resolve().parent
PAGES = HERE.parent.parent / "Sources" / "WebUI" / "Pages"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".json": "application/json", ".svg": "image/svg+xml"}
ONE_CONNECTION_ONLY = {"done", "refused", "mustAsk", "takenOver", "media.answer", "media.closed", "quality"}


def moment(seconds=0.0):
    """A time so many seconds from now, as the daemon writes it."""
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Double:
    """`house` is what the snapshot says; `push` sends a frame, `took` waits for one."""

    def __init__(self):
        self.lock = threading.RLock()
        self.sequence, self.ring = 0, []
        self.desk = self.far_side = None
        self.received = queue.Queue()
        self.queries = []
        self.signed_in = False
        self.must_ask = False
        self.is_down = False
        self.answers_frames = True
        self.refusals = {}
        self.far_side_says = {}
        self.house = {
            "agent": {"id": "anna", "name": "Anna Berg"},
            "state": {"presence": "offline", "reason": None, "since": moment(), "pending": None},
            "reasons": ["break", "lunch", "meeting", "training"],
            "transferTargets": {
                "queues": [{"id": "sales", "name": "Sales", "waiting": 0}, {"id": "support", "name": "Support", "waiting": 4}],
                "agents": [{"id": "ben", "name": "Ben Costa", "state": "available"}, {"id": "carla", "name": "Carla Diaz", "state": "busy"},
                           {"id": "dan", "name": "Dan Evans", "state": "pause"}],
                "flows": ["main", "payment"], "outside": True},
            "dispositions": {"required": True, "codes": [
                {"code": "order", "label": "Order"}, {"code": "question", "label": "Question on an order"}, {"code": "complaint", "label": "Complaint"},
                {"code": "callback", "label": "Call back promised"}, {"code": "wrong", "label": "Wrong department"}, {"code": "other", "label": "Something else"}]},
            "figures": {"handledToday": 23, "talkSecondsToday": 5832, "averageHandleSeconds": 287, "missedToday": 1},
            "offer": None, "call": None, "wrapUp": None,
            "features": ["hold", "mute", "keypad", "transfer", "consult", "recordingPause", "decline", "extend"],
            "audio": {"connected": False}, "graceSeconds": 60,
        }
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                double.get(self)

            def do_POST(self):
                double.post(self)

            def do_DELETE(self):
                double.signed_in = False
                reply(self, 204)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        for one in (self.desk, self.far_side):
            if one:
                one.drop()
        self.server.shutdown()
        self.server.server_close()

    # MARK: HTTP

    def get(self, request):
        path = urllib.parse.urlsplit(request.path).path
        if path == "/v1/agent-sessions":
            if self.is_down:
                return reply(request, 503)
            return reply(request, 200, {"agent": self.house["agent"]}) if self.signed_in else reply(request, 401, {"code": "not_signed_in"})
        if path == "/v1/desk":
            if self.is_down or not self.signed_in:
                return reply(request, 503 if self.is_down else 401)
            return self.serve_desk(request)
        if path == "/test/far-side":
            return self.serve_far_side(request)
        folder = HERE if path.startswith("/test/") else PAGES
        name = path.removeprefix("/test/") if folder == HERE else path.lstrip("/")
        name = {"": "index.html", "agent": "agent/index.html", "agent/": "agent/index.html"}.get(name, name)
        file = (folder / name).resolve()
        if not file.is_relative_to(folder) or not file.is_file() or file.suffix not in TYPES:
            return reply(request, 404)
        reply(request, 200, file.read_bytes(), TYPES[file.suffix])

    def post(self, request):
        body = json.loads(request.rfile.read(int(request.headers.get("content-length", 0))))
        if body.get("password") == "often":
            return reply(request, 429, {"code": "too_many"}, more={"retry-after": "20"})
        if body.get("password") != "right":
            return reply(request, 401, {"code": "wrong_credentials"})
        self.signed_in = True
        reply(request, 201, {"agent": self.house["agent"]}, more={"set-cookie": "desk=1; HttpOnly; SameSite=Strict; Path=/"})

    # MARK: The desk

    def serve_desk(self, request):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))
        desk = upgrade(request)
        with self.lock:
            self.queries.append(query)
            self.desk = desk
            if self.must_ask:
                self.push({"type": "mustAsk", "holder": {"since": moment(-5400)}})
            elif "after" in query and self.ring and int(query["after"]) >= self.ring[0]["seq"] - 1:
                for frame in self.ring:
                    if frame["seq"] > int(query["after"]):
                        desk.send(json.dumps(frame))
            else:
                self.snapshot()
        while (text := desk.receive()) is not None:
            self.take(desk, json.loads(text))
        with self.lock:
            if self.desk is desk:
                self.desk = None

    def take(self, desk, frame):
        if not self.answers_frames:
            return
        kind = frame["type"]
        if kind in self.refusals:
            return desk.send(json.dumps({"type": "refused", "id": frame["id"], **self.refusals[kind]}))
        desk.send(json.dumps({"type": "done", "id": frame["id"]}))
        if kind == "takeOver":
            self.must_ask = False
            self.snapshot()
        elif kind == "media.offer" and self.far_side:
            self.far_side.send(json.dumps({"id": frame["id"], "sdp": frame["sdp"]}))
        if kind not in ("alive", "ping"):
            self.received.put(frame)

    def snapshot(self):
        with self.lock:
            self.ring = []
            self.push({"type": "snapshot", **self.house, "serverTime": moment()})

    def push(self, frame):
        """Sends a frame, with its number if it is of the kind that is kept."""
        with self.lock:
            if frame["type"] not in ONE_CONNECTION_ONLY:
                self.sequence += 1
                frame = {"seq": self.sequence, **frame}
                self.ring.append(frame)
            if self.desk:
                try:
                    self.desk.send(json.dumps(frame))
                except OSError:
                    # Dropped, and its reader has not noticed yet: it is kept for whoever resumes.
                    pass

    def took(self, kind, seconds=PATIENCE_SECONDS):
        """The next frame of this type that the page sends; others before it are dropped."""
        until = time.monotonic() + seconds
        while True:
            try:
                frame = self.received.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"the page has not sent {kind}") from None
            if frame["type"] == kind:
                return frame

    def set_state(self, presence, reason=None, since=0.0, pending=None, channels=None):
        state = {"presence": presence, "reason": reason, "since": moment(since), "pending": pending}
        if channels is not None:
            state["channels"] = channels
        self.house["state"] = state
        self.push({"type": "state", **state})

    # MARK: The far side of the audio

    def serve_far_side(self, request):
        self.far_side = far_side = upgrade(request)
        while (text := far_side.receive()) is not None:
            frame = json.loads(text)
            if frame["type"] == "answer":
                self.push({"type": "media.answer", "id": frame["id"], "sdp": frame["sdp"]})
            else:
                self.far_side_says = frame
                if frame.get("connected") and not self.house["audio"]["connected"]:
                    self.house["audio"] = {"connected": True}
                    self.push({"type": "audio", "connected": True})


def upgrade(request):
    request.send_response(101)
    for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept_key(request.headers["sec-websocket-key"]))):
        request.send_header(name, value)
    request.end_headers()
    request.wfile.flush()
    request.close_connection = True
    return WebSocket(request.connection, request.rfile, masks=False)


def reply(request, status, body=None, kind="application/json", more=None):
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    request.send_response(status)
    for name, value in {"content-type": kind, "content-length": str(len(data)), "cache-control": "no-store",
                        "content-security-policy": "default-src 'self'", **(more or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(data)
