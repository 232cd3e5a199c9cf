"""WebSocket frames (RFC 6455), as much as the test double and the browser's debugging port need: text, ping, close."""

import base64
import hashlib
import os
import socket
import struct
import threading

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PAYLOAD_BYTES_MAX = 256 << 20


def accept_key(key):
    return base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()


def xor(payload, mask):
    size = len(payload)
    whole = int.from_bytes(payload, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return whole.to_bytes(size, "big")


class WebSocket:
    def __init__(self, connection, reader, masks):
        self.connection, self.reader, self.masks = connection, reader, masks
        self.writing = threading.Lock()
        self.close_code = None

    @classmethod
    def connect(cls, host, port, path, headers=()):
        connection = socket.create_connection((host, port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                            + "".join(f"{one}\r\n" for one in headers) + "\r\n").encode())
        reader = connection.makefile("rb")
        status = reader.readline()
        if b" 101 " not in status:
            raise ConnectionError(status.decode())
        while reader.readline() not in (b"\r\n", b""):
            pass
        connection.settimeout(None)
        return cls(connection, reader, masks=True)

    def send(self, text, opcode=1):
        payload = text if isinstance(text, bytes) else text.encode()
        size = len(payload)
        mask_bit = 0x80 if self.masks else 0
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([mask_bit | size])
        elif size < 1 << 16:
            head += bytes([mask_bit | 126]) + struct.pack(">H", size)
        else:
            head += bytes([mask_bit | 127]) + struct.pack(">Q", size)
        if self.masks:
            # One of zeros leaves the bytes as they are, but Firefox takes it for none.
            mask = os.urandom(4)
            head += mask
            payload = xor(payload, mask)
        with self.writing:
            self.connection.sendall(head + payload)

    def receive(self):
        """The next text, or None at the end, whatever the end was."""
        try:
            return self.next()
        except (OSError, ValueError, struct.error):
            return None

    def next(self):
        parts = []
        while True:
            head = self.reader.read(2)
            if len(head) < 2:
                return None
            final, opcode, masked, size = head[0] & 0x80, head[0] & 15, head[1] & 0x80, head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.reader.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.reader.read(8))[0]
            if size > PAYLOAD_BYTES_MAX:
                return None
            mask = self.reader.read(4) if masked else None
            payload = self.reader.read(size)
            if mask:
                payload = xor(payload, mask)
            if opcode == 8:
                self.close_code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                return None
            if opcode == 9:
                self.send(payload, opcode=10)
            elif opcode in (0, 1, 2):
                parts.append(payload)
                if final:
                    return b"".join(parts).decode()

    def close(self, code=1000):
        try:
            self.send(struct.pack(">H", code), opcode=8)
        except OSError:
            pass
        self.drop()

    def drop(self):
        """As a cable does it."""
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connection.close()
