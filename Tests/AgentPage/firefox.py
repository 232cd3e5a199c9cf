"""Headless Firefox over its WebDriver BiDi socket, with nothing but the standard library."""

import itertools
import json
import pathlib
import queue
import re
import subprocess
import tempfile
import threading

from browser import ANSWER_SECONDS, START_SECONDS, Started
from gestures import Gestures
from websocket import WebSocket

PREFERENCES = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True, "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False, "app.update.enabled": False, "permissions.default.desktop-notification": 1,
    "browser.tabs.remote.unloadDelayMs": 0, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
}
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "ArrowDown": "\ue015", "ArrowUp": "\ue013"}
SHIFT, CONTROL = "\ue008", "\ue009"


class Firefox(Started):
    def __init__(self, tone=1000, trusts_anybody=False, program="firefox-esr"):
        folder = tempfile.mkdtemp(prefix="agent-page-")
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in
                 {**PREFERENCES, "media.navigator.audio.fake_frequency": tone}.items()]
        (pathlib.Path(folder) / "user.js").write_text("\n".join(lines))
        super().__init__([program, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"], folder,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        ports = queue.Queue()
        threading.Thread(target=self.listen, args=(ports,), daemon=True).start()
        try:
            port = ports.get(timeout=START_SECONDS)
        except queue.Empty:
            port = None
        if port is None:
            self.close()
            raise RuntimeError("Firefox has not started")
        self.connection = Session(WebSocket.connect("127.0.0.1", port, "/session"))
        self.connection.call("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": trusts_anybody}})
        self.connection.call("session.subscribe", events=["log.entryAdded"])

    def listen(self, ports):
        for line in self.process.stderr:
            if found := re.search(rb"BiDi listening on ws://[^:]+:(\d+)", line):
                ports.put(int(found[1]))
        ports.put(None)

    def page(self, address="about:blank"):
        page = Page(self.connection, self.connection.call("browsingContext.create", type="tab")["context"])
        if address != "about:blank":
            page.open(address)
        return page


class Session:
    def __init__(self, socket):
        self.socket, self.ids, self.answers, self.problems = socket, itertools.count(1), {}, {}
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while (text := self.socket.receive()) is not None:
                message = json.loads(text)
                if message.get("id") is not None:
                    self.answers.pop(message["id"]).put(message)
                elif message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                    context = message["params"]["source"].get("context")
                    self.problems.setdefault(context, []).append(message["params"]["text"])
        except (OSError, ValueError):
            pass

    def call(self, method, **parameters):
        number, answer = next(self.ids), queue.Queue()
        self.answers[number] = answer
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        try:
            message = answer.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"{method} was not answered") from None
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]


class Page(Gestures):
    def __init__(self, connection, context):
        self.connection, self.context = connection, context

    @property
    def problems(self):
        return self.connection.problems.get(self.context, [])

    def open(self, address):
        self.connection.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def reload(self):
        self.connection.call("browsingContext.reload", context=self.context, wait="none")

    def at_start(self, script):
        self.connection.call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}", contexts=[self.context])

    def value(self, expression):
        answer = self.connection.call(
            "script.evaluate", target={"context": self.context}, awaitPromise=True, userActivation=True,
            expression=f"Promise.resolve({expression}).then(value => JSON.stringify(value ?? null))")
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def cookies(self):
        found = self.connection.call("storage.getCookies", partition={"type": "context", "context": self.context})["cookies"]
        return [{"name": one["name"], "secure": one["secure"], "httpOnly": one["httpOnly"], "sameSite": one["sameSite"].lower()} for one in found]

    def type(self, text):
        self.keys([(kind, letter) for letter in text for kind in ("keyDown", "keyUp")])

    def press(self, key, modifiers=0):
        held = [code for bit, code in ((2, CONTROL), (8, SHIFT)) if modifiers & bit]
        key = KEYS.get(key, key)
        self.keys([*(("keyDown", one) for one in held), ("keyDown", key), ("keyUp", key), *(("keyUp", one) for one in held)])

    def keys(self, strokes):
        self.connection.call("input.performActions", context=self.context, actions=[
            {"type": "key", "id": "keyboard", "actions": [{"type": kind, "value": key} for kind, key in strokes]}])

    def close(self):
        self.connection.call("browsingContext.close", context=self.context)
