"""An authenticator in software: it makes one passkey and signs with it, as a browser would send it."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def text(octets):
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


class Authenticator:
    def __init__(self, host="testserver", origin="http://testserver"):
        self.host, self.origin = host, origin
        self.id, self.key, self.used = token_bytes(16), ec.generate_private_key(ec.SECP256R1()), 0

    def cose_key(self):
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def data(self, flags):
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    def said(self, kind, options):
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def answer(self, response):
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}

    def register(self, options):
        key = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self.cose_key()
        attested = {"fmt": "none", "attStmt": {}, "authData": self.data(PRESENT | VERIFIED | WITH_KEY) + key}
        said = self.said("webauthn.create", options)
        return self.answer({"clientDataJSON": text(said), "attestationObject": text(cbor2.dumps(attested))})

    def sign(self, options):
        self.used += 1
        data, said = self.data(PRESENT | VERIFIED), self.said("webauthn.get", options)
        signature = self.key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            {"clientDataJSON": text(said), "authenticatorData": text(data), "signature": text(signature)}
        )
