"""Headless Chromium over its debugging port, with nothing but the standard library."""

import base64
import itertools
import json
import os
import pathlib
import queue
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request

from gestures import Gestures
from websocket import WebSocket

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--mute-audio",
         "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-features=WebRtcHideLocalIpsWithMdns",
         "--disable-background-timer-throttling", "--remote-debugging-port=0", "--remote-allow-origins=*"]

# The first start of a browser reads some hundred megabytes from the disk.
START_SECONDS = 120
ANSWER_SECONDS = 60

GUARD = 'read nothing; kill -9 "-$1"; for again in 1 2 3; do rm -rf "$2" && break; done'


class Started:
    """A browser in a process group of its own with its profile. When it is closed or whoever started it is gone, killed or not, all of
    its processes and the profile go with it, also those that hang: a guard waits for that."""

    def __init__(self, command, folder, **more):
        self.folder = folder
        self.process = subprocess.Popen(command, start_new_session=True, **more)
        # Nobody else has the other end of its input.
        self.guard = subprocess.Popen(["/bin/sh", "-c", GUARD, "guard", str(self.process.pid), folder], stdin=subprocess.PIPE,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def kill(self):
        """All of its processes at once, as a crash of the machine would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def hang(self, on):
        """To the other side this is a cable that is pulled: connections stand, and nothing comes."""
        os.killpg(self.process.pid, signal.SIGSTOP if on else signal.SIGCONT)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        self.guard.stdin.close()
        self.guard.wait()
        self.process.wait()


class Browser(Started):
    """`throttles`: timers of pages in the background are slowed down, as they are outside of tests."""

    def __init__(self, *flags, throttles=False, program=os.environ.get("CHROMIUM", "chromium")):
        folder = tempfile.mkdtemp(prefix="agent-page-")
        own = [flag for flag in FLAGS if not (throttles and flag == "--disable-background-timer-throttling")]
        super().__init__([program, *own, *flags, f"--user-data-dir={folder}", "about:blank"], folder,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = pathlib.Path(self.folder) / "DevToolsActivePort"
        until = time.monotonic() + START_SECONDS
        while not (port_file.exists() and "\n" in port_file.read_text()):
            if time.monotonic() > until or self.process.poll() is not None:
                self.close()
                raise RuntimeError("Chromium has not started")
            time.sleep(0.05)
        self.port = int(port_file.read_text().split()[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def page(self, address="about:blank"):
        """A window of its own, so that it is visible whatever others do."""
        root = self.root()
        target = root.call("Target.createTarget", url="about:blank", newWindow=True)["targetId"]
        root.call("Browser.grantPermissions", permissions=["audioCapture", "notifications"])
        root.close()
        page = Page(WebSocket.connect("127.0.0.1", self.port, f"/devtools/page/{target}"))
        for domain in ("Page", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        if address != "about:blank":
            page.open(address)
        return page

    def cover(self):
        """A tab over the page that was opened last: that one is hidden from now on, as any tab in the background."""
        root = self.root()
        root.call("Target.createTarget", url="about:blank", newWindow=False)
        root.close()

    def root(self):
        path = json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/version"))["webSocketDebuggerUrl"].split(str(self.port), 1)[1]
        return Connection(WebSocket.connect("127.0.0.1", self.port, path))


class Connection:
    def __init__(self, socket):
        self.socket, self.ids, self.answers = socket, itertools.count(1), {}
        self.problems = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while (text := self.socket.receive()) is not None:
                message = json.loads(text)
                if "id" in message:
                    self.answers.pop(message["id"]).put(message)
                else:
                    self.happened(message["method"], message["params"])
        except (OSError, ValueError):
            pass

    def happened(self, method, parameters):
        pass

    def call(self, method, **parameters):
        number, answer = next(self.ids), queue.Queue()
        self.answers[number] = answer
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        try:
            message = answer.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"{method} was not answered") from None
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def close(self):
        self.socket.drop()


class Page(Connection, Gestures):
    """`problems` gathers what the page complains about: exceptions, refused by the content-security-policy, missing files."""

    def happened(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def at_start(self, script):
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def reload(self):
        self.call("Page.reload")

    def freeze(self, on):
        """As the browser does with a tab that nobody has looked at for long (Page Lifecycle)."""
        self.call("Page.setWebLifecycleState", state="frozen" if on else "active")

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", expression))
        return answer["result"].get("value")

    def cookies(self):
        found = self.call("Network.getCookies")["cookies"]
        return [{"name": one["name"], "secure": one["secure"], "httpOnly": one["httpOnly"], "sameSite": one.get("sameSite", "").lower()} for one in found]

    def type(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key, modifiers=0):
        """`modifiers`: 1 Alt, 2 Control, 4 Meta, 8 Shift."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = ord(key.upper()) if len(key) == 1 else {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, modifiers=modifiers,
                      **({"text": text} if text and kind == "keyDown" and not modifiers & 6 else {}))

    def look(self, width=1360, height=860, scale=1, dark=False, calm=True):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}, {"name": "prefers-reduced-motion", "value": "reduce" if calm else ""}])

    def photograph(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
