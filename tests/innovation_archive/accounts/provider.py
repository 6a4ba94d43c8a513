"""A small OpenID provider on loopback: it asks nobody for a password and signs what the test tells it to."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "archive", "a secret that only the two of them know"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "1"}) for _number in range(2))


def text(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def part(data):
    """Of a token: a header, or what it claims."""
    return text(json.dumps(data).encode())


@dataclass
class Provider:
    """`claims` change what its ID tokens say, where None leaves one out; `signed_by` is how one is signed."""

    issuer: str
    claims: dict = field(default_factory=dict)
    signed_by: str = "its key"
    metadata: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    """What the archive asked for, in turn."""
    codes: dict = field(default_factory=dict)
    """What each code was given for. One works once."""
    answers: dict = field(default_factory=dict)
    """What a path answers in place of what it should."""

    def configuration(self):
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/leave",
            # Some offer these too, and no client that wants to know who somebody is may take them.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.metadata

    def authorize(self, address):
        """The address to which somebody is sent back who signs in there; what the browser does, done here."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form, authorization):
        """As the standard says: the client's secret, a code once, the address it was for, and the verifier of its challenge."""
        asked = self.codes.pop(form["code"], None)
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {secret}":
            return 401, {"error": "invalid_client"}
        challenge = text(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or form["redirect_uri"] != asked["redirect_uri"] or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "1", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce):
        now = int(time.time())
        usual = {"iss": self.issuer, "sub": "ann-1", "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = usual | {"email": "ann@example.org", "email_verified": True} | self.claims
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def sign(self, claims):
        match self.signed_by:
            case "its key":
                return jwt.encode({"alg": "RS256", "kid": "1"}, claims, KEY)
            case "another key":
                return jwt.encode({"alg": "RS256", "kid": "1"}, claims, OTHER_KEY)
            case "the client's secret":
                return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))
            case "its public key as a secret":
                signed = f"{part({'alg': 'HS256', 'kid': '1'})}.{part(claims)}"
                mark = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
                return f"{signed}.{text(mark)}"
            case "nobody":
                return f"{part({'alg': 'none'})}.{part(claims)}."
        raise ValueError(self.signed_by)


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        pages = {
            "/.well-known/openid-configuration": self.provider.configuration,
            "/keys": KeySet([KEY]).as_dict,
        }
        self.answer(200, pages[self.path]())

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(
            *self.provider.token({name: values[0] for name, values in body.items()}, self.headers["Authorization"])
        )

    def answer(self, status, data):
        self.provider.asked.append(self.path)
        instead = self.provider.answers.get(self.path)
        body = (json.dumps(data) if instead is None else instead).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def start_provider():
    """A provider, and what stops it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("AnswerOfOne", (Answer,), {"provider": provider})
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()

    def stop():
        server.shutdown()
        server.server_close()

    return provider, stop
