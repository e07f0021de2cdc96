"""A small OpenID provider on loopback, which says of whoever comes what the test put into `claims`.

It checks what a provider checks: the client and its secret, where people are sent back to, and that who brings a code is
who asked for it (PKCE).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

TENANT = "8c1a0f3e-0000-4000-8000-0123456789ab"
CLIENT, SECRET = "semblance-client", "a secret of the client"


@dataclass
class OpenIdProvider:
    """claims: of the next identity token. signed_out: how often somebody was sent here to sign out."""

    claims: dict[str, Any] = field(default_factory=dict)
    signed_out: int = 0
    redirect_uri: str = ""

    def __enter__(self) -> Self:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.asked: dict[str, dict[str, str]] = {}
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self, app: str) -> dict[str, str]:
        """The environment of an app at this address that signs in here."""
        self.redirect_uri = f"{app}/oauth2callback"
        return {
            "SEMBLANCE_URL": app,
            "SEMBLANCE_MICROSOFT_TENANT_ID": TENANT,
            "SEMBLANCE_MICROSOFT_CLIENT_ID": CLIENT,
            "SEMBLANCE_MICROSOFT_CLIENT_SECRET": SECRET,
            "SEMBLANCE_OPENID_METADATA_URL": f"{self.url}/.well-known/openid-configuration",
        }

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.redirect_uri
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, given: dict[str, str], credentials: str) -> dict[str, Any]:
        assert credentials == f"{CLIENT}:{SECRET}"
        asked = self.asked.pop(given["code"])
        proof = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "pairwise", "iat": now, "exp": now + 3600}
        claims |= {"nonce": asked["nonce"], "tid": TENANT, **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.key)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 3600, "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, self._values(urlsplit(self.path).query)
        if path == "/authorize":
            self._redirect(self.provider.authorize(asked))
        elif path == "/logout":
            self.provider.signed_out += 1
            self._redirect(asked["post_logout_redirect_uri"])
        elif path == "/keys":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        else:
            self._json(self.provider.metadata())

    def do_POST(self) -> None:
        given = self._values(self.rfile.read(int(self.headers["Content-Length"])).decode())
        basic = base64.b64decode(self.headers.get("Authorization", "Basic ").removeprefix("Basic ")).decode()
        self._json(self.provider.exchange(given, basic))

    def log_message(self, format: str, *args: object) -> None:
        pass

    @staticmethod
    def _values(query: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(query).items()}

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _json(self, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
