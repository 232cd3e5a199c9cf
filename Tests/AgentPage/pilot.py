"""Agents' pages in a real browser, driven by a test in another process: one JSON object in for each act, one out when it is done.

    python3 Tests/AgentPage/pilot.py chromium|firefox FOLDER TONE [CERTIFICATE]

TONE in Hz is what the browser's microphone hears, from a file in FOLDER. CERTIFICATE (PEM) is of a server that the browser shall not
complain about. The answer to {"id", "do", …} is {"id", "t", "value"} or {"id", "t", "error"}; t is CLOCK_MONOTONIC in milliseconds
when the act began. At the end of input the browser is closed.
"""

import base64
import hashlib
import json
import math
import pathlib
import struct
import subprocess
import sys
import time
import wave

from browser import Browser
from firefox import Firefox
from gestures import PATIENCE_SECONDS

HERE = pathlib.Path(__file__).resolve().parent
EARS = (HERE / "ears.js").read_text()
STAMPS = (HERE / "stamps.js").read_text()
# The browser's treatment of voices would take a tone for noise. What a tab shows before the page may have no storage.
SETTINGS = ("try { localStorage.getItem('switchboard.desk') || "
            "localStorage.setItem('switchboard.desk', '{\"language\":\"en\",\"processing\":false}') } catch {}")
RATE = 48_000
LISTEN_SECONDS = 1.2


def tone_file(folder, tone):
    """Five seconds, whole periods: the browser plays them in a circle."""
    path = pathlib.Path(folder) / f"{tone}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        samples = (round(12_000 * math.sin(2 * math.pi * tone * index / RATE)) for index in range(RATE))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples) * 5)
    return path


def key_hash(certificate):
    """Of the public key, as Chromium wants to be told whom to trust (SHA-256 of the SubjectPublicKeyInfo, base64)."""
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"], check=True, capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(base64.b64decode(b"".join(key.split(b"\n")[1:-2]))).digest()).decode()


class Pilot:
    def __init__(self, kind, folder, tone, certificate=None):
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        if kind == "firefox":
            # It knows no exception for one certificate alone.
            self.browser = Firefox(tone, trusts_anybody=certificate is not None)
        else:
            trust = [f"--ignore-certificate-errors-spki-list={key_hash(certificate)}"] if certificate else []
            self.browser = Browser(f"--use-file-for-fake-audio-capture={tone_file(folder, tone)}", *trust, throttles=True)
        self.pages = []

    # The browser

    def page(self, address, script=""):
        """A new one; `script` runs before its own."""
        page = self.browser.page()
        page.at_start(f"{SETTINGS};{STAMPS};{script}")
        page.open(address)
        self.pages.append(page)
        return len(self.pages) - 1

    def cover(self):
        self.browser.cover()

    def kill(self):
        self.browser.kill()

    def hang(self, on):
        self.browser.hang(on)

    # One page

    def shows(self, page, selector, text=None, seconds=PATIENCE_SECONDS):
        self.pages[page].shows(selector, text, seconds)

    def click(self, page, selector, text=None):
        self.pages[page].click(selector, text)

    def press(self, page, key, modifiers=0):
        self.pages[page].press(key, modifiers)

    def type(self, page, text):
        self.pages[page].type(text)

    def value(self, page, expression):
        return self.pages[page].value(expression)

    def until(self, page, expression, seconds=PATIENCE_SECONDS):
        return self.pages[page].until(expression, seconds)

    def reload(self, page):
        self.pages[page].reload()

    def freeze(self, page, on):
        self.pages[page].freeze(on)

    def cookies(self, page):
        return self.pages[page].cookies()

    def stamps(self, page):
        """What has happened since the page was loaded, and when, in milliseconds of CLOCK_MONOTONIC."""
        def offset():
            before = time.monotonic()
            here = self.pages[page].value("performance.now()")
            after = time.monotonic()
            return after - before, (before + after) * 500 - here
        # That of the quickest answer is the most exact.
        difference = min(offset() for _ in range(10))[1]
        return {name: at + difference for name, at in self.pages[page].value("stamps").items()}

    def problems(self, page):
        # That nobody has signed in yet is an error to the browser's log only.
        return [one for one in self.pages[page].problems if "/v1/agent-sessions" not in one]

    def hears(self, page, tone, seconds=PATIENCE_SECONDS):
        """Listens until the page hears the tone (0: nothing at all) and nothing beside it."""
        until, heard = time.monotonic() + seconds, []
        while time.monotonic() < until:
            try:
                sound = self.pages[page].value(f"({EARS})({LISTEN_SECONDS})")
            except RuntimeError as problem:
                # The voice is not there yet, or nothing came of it that could be decoded.
                heard.append(str(problem))
                time.sleep(0.1)
                continue
            heard.append(sound)
            if sound["tone"] == tone and (tone == 0 or sound["share"] > 0.8):
                return sound
        raise AssertionError(f"not within {seconds} s: {tone} Hz; heard {heard[-3:]}")


def main(kind, folder, tone, certificate=None):
    pilot = Pilot(kind, folder, int(tone), certificate)
    print(json.dumps({"id": 0, "t": time.monotonic() * 1000, "value": "ready"}), flush=True)
    try:
        for line in sys.stdin:
            order = json.loads(line)
            number, act = order.pop("id"), order.pop("do")
            began = time.monotonic() * 1000
            try:
                value = getattr(pilot, act)(**order)
                answer = {"value": value if isinstance(value, str) else json.dumps(value)}
            except Exception as problem:
                answer = {"error": f"{type(problem).__name__}: {problem}"}
            print(json.dumps({"id": number, "t": began, **answer}), flush=True)
    finally:
        pilot.browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
