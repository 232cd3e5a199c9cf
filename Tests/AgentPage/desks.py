"""Agents at their desks without a browser: aiortc as the voice, which knows nothing of our code, and the desk's signalling.

    PYTHON Tests/AgentPage/desks.py PORT CALLERS NAME:PASSWORD:HERTZ ...

Each signs in, connects its voice, goes available and accepts what rings; each speaks a tone of its own. CALLERS are the tones in Hz
that are listened for, with commas between them. Prints a JSON object per line: {"agent", "did": "available" | "accepted" | "ended"},
the second with the caller's "number", and {"agent", "heard": HERTZ} whenever that changes; 0: silence, -1: anything else. Ends when its
input does.
"""

import array
import asyncio
import fractions
import http.client
import json
import math
import sys
import threading

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from websocket import WebSocket

RATE, FRAME = 8000, 160
ALIVE_SECONDS = 5


def say(agent, **more):
    print(json.dumps({"agent": agent, **more}), flush=True)


class ToneTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        samples = array.array("h", (round(9000 * math.sin(2 * math.pi * hertz * index / RATE)) for index in range(RATE)))
        self.frames = [samples[at:at + FRAME].tobytes() for at in range(0, RATE, FRAME)]
        self.count, self.start = 0, None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.count * FRAME / RATE - loop.time()))
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(self.frames[self.count % len(self.frames)])
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.count * FRAME, fractions.Fraction(1, RATE)
        self.count += 1
        return frame


def hear(samples, rate, tones):
    """The tone that the samples are; 0: silence, -1: none of these, or more than one."""
    energy = sum(value * value for value in samples)
    if energy < len(samples) * 100 ** 2:
        return 0
    for hertz in tones:
        k, a, b = 2 * math.cos(2 * math.pi * hertz / rate), 0.0, 0.0
        for value in samples:
            a, b = value + k * a - b, a
        if a * a + b * b - k * a * b > 0.8 * energy * len(samples) / 2:
            return hertz
    return -1


class Desk:
    def __init__(self, port, tones, name, password, hertz):
        self.port, self.tones, self.name, self.password = port, tones, name, password
        self.track, self.peer, self.ids = ToneTrack(int(hertz)), RTCPeerConnection(), 0

    async def work(self):
        loop = asyncio.get_running_loop()
        cookie = await asyncio.to_thread(self.sign_in)
        origin = f"http://127.0.0.1:{self.port}"
        self.socket = await asyncio.to_thread(
            WebSocket.connect, "127.0.0.1", self.port, f"/v1/desk?tab={self.name}", (f"Origin: {origin}", f"Cookie: {cookie}"))
        self.peer.addTrack(self.track)
        self.peer.on("track", lambda track: asyncio.ensure_future(self.listen(track)))
        frames = asyncio.Queue()

        def read():
            while (text := self.socket.receive()) is not None:
                loop.call_soon_threadsafe(frames.put_nowait, json.loads(text))

        # Not on asyncio's pool of threads, which has fewer than there may be desks.
        threading.Thread(target=read, daemon=True).start()
        self.beating = asyncio.ensure_future(self.beat())
        await self.peer.setLocalDescription(await self.peer.createOffer())
        self.send("media.offer", sdp=self.peer.localDescription.sdp)
        while True:
            await self.take(await frames.get())

    def sign_in(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/v1/agent-sessions", json.dumps({"name": self.name, "password": self.password}),
                           {"content-type": "application/json", "x-requested-with": "switchboard"})
        answer = connection.getresponse()
        if answer.status != 201:
            raise ConnectionError(f"{self.name}: {answer.status} {answer.read()}")
        return answer.headers["set-cookie"].split(";")[0]

    def send(self, kind, **fields):
        self.ids += 1
        self.socket.send(json.dumps({"id": self.ids, "type": kind, **fields}))

    async def beat(self):
        while True:
            await asyncio.sleep(ALIVE_SECONDS)
            self.send("alive", visible=True)

    async def take(self, frame):
        match frame["type"]:
            case "media.answer":
                await self.peer.setRemoteDescription(RTCSessionDescription(frame["sdp"], "answer"))
            case "audio" if frame["connected"]:
                self.send("presence", presence="available")
            case "state" if frame["presence"] == "available":
                say(self.name, did="available")
            case "offer":
                self.send("accept", offer=frame["offer"])
                say(self.name, did="accepted", number=frame["caller"]["number"])
            case "call.ended":
                say(self.name, did="ended")
            case "refused":
                say(self.name, refused=frame)

    async def listen(self, track):
        samples, rate, last = array.array("h"), RATE, None
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            channels = len(frame.layout.channels)
            step = max(1, frame.sample_rate // RATE)
            samples.extend(array.array("h", bytes(frame.planes[0])[:2 * channels * frame.samples])[::channels * step])
            if len(samples) >= RATE // 4:
                heard = hear(samples, frame.sample_rate // step, self.tones)
                del samples[:]
                if heard != last:
                    say(self.name, heard=heard)
                last = heard


async def main(port, callers, agents):
    tones = [int(tone) for tone in callers.split(",")]
    desks = [Desk(int(port), tones, *agent.split(":")) for agent in agents]
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    working = [asyncio.ensure_future(desk.work()) for desk in desks]
    over = asyncio.ensure_future(lines.read())
    done, _ = await asyncio.wait([over, *working], return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()
    for desk in desks:
        await desk.peer.close()
        desk.socket.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
