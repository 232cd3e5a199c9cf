# An independent WebRTC client: writes its offer as one JSON line, reads the answer as another, speaks one tone, and writes
# the frequency that it heard most, once a second. Ends when its input does.
import array, asyncio, fractions, json, math, sys
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame


class ToneTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self.hertz, self.count = hertz, 0

    async def recv(self):
        if self.count == 0:
            self.start = asyncio.get_event_loop().time()
        await asyncio.sleep(max(0, self.start + self.count * 0.02 - asyncio.get_event_loop().time()))
        first = self.count * 960
        self.count += 1
        samples = [int(9000 * math.sin(2 * math.pi * self.hertz * (first + i) / 48000)) for i in range(960)]
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        frame.planes[0].update(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
        frame.sample_rate, frame.pts, frame.time_base = 48000, first, fractions.Fraction(1, 48000)
        return frame


def peak(samples, rate):
    best = (0.0, 0)
    for hertz in range(200, 2000, 20):
        k, a, b = 2 * math.cos(2 * math.pi * hertz / rate), 0.0, 0.0
        for value in samples:
            a, b = value + k * a - b, a
        best = max(best, (a * a + b * b - k * a * b, hertz))
    return best[1]


async def listen(track):
    heard = []
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        channels = len(frame.layout.channels)
        values = array.array("h", bytes(frame.planes[0])[: 2 * channels * frame.samples])[::channels]
        step = max(1, frame.sample_rate // 8000)
        heard.extend(values[::step])
        if len(heard) >= 8000:
            say({"heard": peak(heard[-4000:], frame.sample_rate // step)})
            heard.clear()


def say(value):
    print(json.dumps(value), flush=True)


async def main():
    peer = RTCPeerConnection()
    peer.addTrack(ToneTrack(float(sys.argv[1])))
    peer.on("track", lambda track: asyncio.ensure_future(listen(track)))
    await peer.setLocalDescription(await peer.createOffer())
    say({"sdp": peer.localDescription.sdp})
    lines = asyncio.StreamReader()
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    answer = json.loads(await lines.readline())
    await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
    await lines.readline()
    await peer.close()
    say({"closed": True})


asyncio.run(main())
