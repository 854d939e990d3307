"""A real OpenID provider on this machine, made with Authlib, that can be told to do wrong.

As a program it serves one provider on a loopback port; as a module it starts that program and
talks to it. What it says of whom is set by `Provider.says`: claims, faults, what is down.
"""

import hmac
import json
import os
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.serving import free_port

CLIENT_ID, CLIENT_SECRET = "casustafel", "een geheim van deze twee"
SECONDS_TO_START, SECONDS_TO_ANSWER, SECONDS_TO_STOP = 20, 10, 10


@dataclass(slots=True)
class Provider:
    """The running program; every question to it has a time-out."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Come up and answer; RuntimeError when it does not."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.openid_provider", str(self.port)],
            cwd=Path(__file__).resolve().parents[1],
            env=os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"},
        )
        until = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                requests.get(f"{self.issuer}/told", timeout=SECONDS_TO_ANSWER)
            except requests.ConnectionError:
                if time.monotonic() > until or self.process.poll() is not None:
                    self.stop()
                    message = "the provider did not come up"
                    raise RuntimeError(message) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Gone at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=SECONDS_TO_STOP)
            self.process = None

    def says(self, **told: Any) -> None:
        """From now on say and do this; what is not named goes back to what is right."""
        self._post("/tell", told).raise_for_status()

    def asked(self) -> list[str]:
        """The paths that were asked for since it was last told something."""
        return requests.get(f"{self.issuer}/told", timeout=SECONDS_TO_ANSWER).json()["asked"]

    def turn_keys(self) -> None:
        """Sign with a new key from now on; the old one is published no more."""
        self._post("/turn", {}).raise_for_status()

    def answer_to(self, address: str) -> str:
        """What its sign-in page sends the browser back to, for the address it was sent to."""
        answer = requests.get(address, timeout=SECONDS_TO_ANSWER, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def back_at(self, address: str) -> str:
        """The same as a path of the application."""
        parts = urlsplit(self.answer_to(address))
        return f"{parts.path}?{parts.query}"

    def logout_token(self, **claims: Any) -> str:
        """A signed word that somebody left; a claim of None is left out."""
        return self._post("/leave", claims).json()["token"]

    def _post(self, path: str, told: dict[str, Any]) -> requests.Response:
        return requests.post(self.issuer + path, json=told, timeout=SECONDS_TO_ANSWER)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider for the block."""
    provider = Provider()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


RIGHT: dict[str, Any] = {
    "now": None,  # seconds since 1970, or the real time
    "sub": "sub-1",
    "email": "a.devries@politie.example",
    "email_verified": True,
    "claims": {},  # over what is right; None leaves a claim out
    "algorithm": "RS256",  # or none, HS256, other-key, unknown-kid
    "error": "",  # what the sign-in page sends back instead of a code
    "answers_as": "",  # iss of the answer; "-" for none
    "discovery": {},  # over what is published
    "down": [],  # paths that answer 503
    "moves": [],  # paths that send on to another address
    "asks": False,  # whether the sign-in page waits for a press on its button
}


def _serve(port: int) -> None:  # noqa: C901 - a whole server in one place
    """The program: keys, codes and what was told are in memory and go with it."""
    from authlib.integrations.flask_oauth2 import AuthorizationServer
    from authlib.oauth2.rfc6749 import ClientMixin, grants
    from authlib.oauth2.rfc7636 import CodeChallenge
    from authlib.oidc.core.grants import OpenIDCode
    from flask import Flask, Response, jsonify, redirect, request
    from joserfc import jwt
    from joserfc.jwk import RSAKey
    from werkzeug.serving import make_server

    issuer = f"http://127.0.0.1:{port}"
    told: dict[str, Any] = dict(RIGHT)
    asked: list[str] = []
    codes: dict[str, Any] = {}
    keys = {"own": RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}), "other": RSAKey.generate_key(2048)}  # fmt: skip

    def now() -> int:
        return int(told["now"] or time.time())

    def in_parts(one: dict[str, Any]) -> str:
        return urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode()

    def signed(claims: dict[str, Any]) -> str:
        claims = {name: value for name, value in claims.items() if value is not None}
        how = told["algorithm"]
        if how == "none":
            return f"{in_parts({'alg': 'none'})}.{in_parts(claims)}."
        if how == "HS256":
            # The public key taken for a shared secret: what an attacker could sign with.
            head, body = (
                in_parts(one) for one in ({"alg": "HS256", "kid": keys["own"].kid}, claims)
            )
            public = keys["own"].as_pem(private=False)
            seal = hmac.digest(public, f"{head}.{body}".encode(), "sha256")
            return f"{head}.{body}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"
        key = keys["other"] if how in {"other-key", "unknown-kid"} else keys["own"]
        kid = "nobody-knows" if how == "unknown-kid" else keys["own"].kid
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, key, ["RS256"])

    class Client(ClientMixin):
        client_id = CLIENT_ID

        def get_client_id(self):
            return CLIENT_ID

        def get_default_redirect_uri(self):
            return None

        def get_allowed_scope(self, scope):
            return scope

        def check_redirect_uri(self, redirect_uri):
            # Which one exactly is checked by the test that reads the address.
            return "/sign-in/provider/" in redirect_uri

        def check_client_secret(self, client_secret):
            return secrets.compare_digest(client_secret, CLIENT_SECRET)

        def check_endpoint_auth_method(self, method, endpoint):
            return method in {"client_secret_basic", "client_secret_post"}

        def check_response_type(self, response_type):
            return response_type == "code"

        def check_grant_type(self, grant_type):
            return grant_type == "authorization_code"

    class Code:
        """What was asked for with a code, and once only."""

        def __init__(self, value, payload):
            self.value, self.data = value, payload.data
            self.redirect_uri, self.scope = payload.redirect_uri, payload.scope
            self.code_challenge = payload.data.get("code_challenge")
            self.code_challenge_method = payload.data.get("code_challenge_method")
            self.at = now()

        def get_redirect_uri(self):
            return self.redirect_uri

        def get_scope(self):
            return self.scope

    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012

        def save_authorization_code(self, code, request):
            codes[code] = Code(code, request.payload)

        def query_authorization_code(self, code, client):
            return codes.get(code)

        def delete_authorization_code(self, authorization_code):
            codes.pop(authorization_code.value)

        def authenticate_user(self, authorization_code):
            return told["sub"]

    class Identity(OpenIDCode):
        def exists_nonce(self, nonce, request):
            return False

        def encode_id_token(self, token, request):
            asked_with = request.authorization_code
            right = {
                "iss": issuer, "aud": CLIENT_ID, "sub": told["sub"], "sid": "sid-1",
                "iat": now(), "exp": now() + 300, "auth_time": asked_with.at,
                "nonce": asked_with.data.get("nonce"),
                "email": told["email"], "email_verified": told["email_verified"],
            }  # fmt: skip
            return signed(right | told["claims"])

    app = Flask("provider")
    server = AuthorizationServer(app, query_client=lambda one: Client() if one == CLIENT_ID else None, save_token=lambda _token, _request: None)  # fmt: skip
    server.register_grant(CodeGrant, [Identity(require_nonce=True), CodeChallenge(required=True)])

    @app.before_request
    def note():
        if request.path not in {"/tell", "/told", "/turn", "/leave"}:
            asked.append(request.path)
        if request.path in told["down"]:
            return Response(status=503)
        if request.path in told["moves"]:
            return redirect(f"{issuer}/elsewhere")
        return None

    @app.get("/.well-known/openid-configuration")
    def discovery():
        return jsonify({
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        } | told["discovery"])  # fmt: skip

    @app.get("/favicon.ico")
    def picture():
        return Response(status=204)

    @app.get("/keys")
    def published_keys():
        return jsonify({"keys": [keys["own"].as_dict(private=False)]})

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize():
        if told["asks"] and request.method == "GET" and request.args.get("prompt") != "none":
            return '<!doctype html><html lang="nl"><title>Politie</title><h1>Inloggen bij de politie</h1><form method="post"><button autofocus>Ik ben het</button></form>'
        if told["error"]:
            back, state = request.args["redirect_uri"], request.args["state"]
            return redirect(f"{back}?error={told['error']}&state={state}&iss={issuer}")
        grant = server.get_consent_grant(end_user=told["sub"])
        answer = server.create_authorization_response(grant_user=told["sub"], grant=grant)
        named = told["answers_as"] or issuer
        if named != "-":
            answer.headers["Location"] += f"&iss={named}"
        return answer

    @app.post("/token")
    def token():
        return server.create_token_response()

    @app.post("/tell")
    def tell():
        told.clear()
        told.update(RIGHT | request.get_json())
        asked.clear()
        return jsonify({})

    @app.get("/told")
    def what_was_asked():
        return jsonify({"asked": asked})

    @app.post("/turn")
    def turn():
        keys["own"] = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})
        return jsonify({})

    @app.post("/leave")
    def leave():
        right = {
            "iss": issuer, "aud": CLIENT_ID, "iat": now(), "exp": now() + 120, "sub": told["sub"],
            "jti": secrets.token_hex(8),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }  # fmt: skip
        return jsonify({"token": signed(right | request.get_json())})

    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _serve(int(sys.argv[1]))
