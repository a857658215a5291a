"""An OpenID provider on PyPI's authlib and Flask, with one client and one user.

Run as `python authlib_server.py PORT`.
"""

import secrets
import sys
import time
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, redirect, request, session
from joserfc.jwk import RSAKey
from waitress import serve

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 3600, "client_credentials": 600}
key = RSAKey.generate_key(2048, parameters={"alg": "RS256", "use": "sig"})
codes: dict[str, Any] = {}
tokens: dict[str, Any] = {}


class Client(ClientMixin):
    """The only client."""

    client_id = "harness"
    secret = "harness-secret"
    scopes = frozenset({"openid", "email", "orders:read"})

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return "https://app.example/callback"

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in self.scopes)

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == self.get_default_redirect_uri()

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(client_secret, self.secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in {"authorization_code", "client_credentials"}


class Token(SimpleNamespace):
    """An access token and what belongs to it."""

    def get_scope(self):
        return self.scope

    def is_expired(self):
        return self.expires_at < time.time()

    def is_revoked(self):
        return False


class Code(SimpleNamespace):
    """An authorization code."""

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return None

    get_acr = get_amr = get_auth_time


class CodeGrant(AuthorizationCodeGrant):
    """The authorization code grant."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        payload = request.payload
        codes[code] = Code(
            code=code,
            user=request.user,
            redirect_uri=payload.redirect_uri,
            scope=request.client.get_allowed_scope(payload.scope),
            nonce=payload.data.get("nonce"),
            code_challenge=payload.data.get("code_challenge"),
            code_challenge_method=payload.data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class IdToken(OpenIDCode):
    """What the ID token says."""

    def resolve_client_private_key(self, client):
        return key

    def get_client_algorithm(self, client):
        return "RS256"

    def get_client_claims(self, client):
        return {"iss": request.host_url.rstrip("/"), "exp": int(time.time()) + 3600}

    def exists_nonce(self, nonce, request):
        return False

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user, email=f"{user}@example.com").filter(scope)


class Introspection(IntrospectionEndpoint):
    """What a token is worth."""

    CLIENT_AUTH_METHODS = ["client_secret_basic"]

    def query_token(self, token_string, token_type_hint):
        return tokens.get(token_string)

    def check_permission(self, token, client, request):
        return True

    def introspect_token(self, token):
        return {
            "active": True,
            "client_id": token.client_id,
            "exp": token.expires_at,
            "iat": token.issued_at,
            "iss": request.host_url.rstrip("/"),
            "scope": token.scope,
            "token_type": token.token_type,
        }


class Bearer(BearerTokenValidator):
    """Access tokens of this server."""

    def authenticate_token(self, token_string):
        return tokens.get(token_string)


def save_token(token, request):
    """Keep a token that was given out."""
    now = int(time.time())
    tokens[token["access_token"]] = Token(
        client_id=request.client.client_id,
        user=request.user,
        scope=token.get("scope", ""),
        token_type=token["token_type"],
        issued_at=now,
        expires_at=now + token["expires_in"],
    )


server = AuthorizationServer(
    app, lambda client_id: Client() if client_id == Client.client_id else None, save_token
)
server.register_grant(ClientCredentialsGrant)
server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken()])
server.register_endpoint(Introspection)
protected = ResourceProtector()
protected.register_token_validator(Bearer())


@app.get("/authorize")
def authorize():
    """Give out a code, after a login."""
    try:
        grant = server.get_consent_grant(end_user=session.get("user"))
    except OAuth2Error as error:
        return server.handle_error_response(FlaskOAuth2Request(request), error)
    if "user" not in session:
        session["asked"] = request.full_path
        return redirect(f"/login/{secrets.token_urlsafe(16)}", 303)
    return server.create_authorization_response(grant_user=session["user"], grant=grant)


@app.route("/login/<page>", methods=["GET", "POST"])
def login(page):
    """Log the user in."""
    if "asked" not in session:
        return "Bad Request\n", 400, {"content-type": "text/plain"}
    if request.form.get("password") != "ann's password":
        status = 401 if request.method == "POST" else 200
        return "Log in\n", status, {"content-type": "text/plain"}
    session["user"] = request.form["user"]
    return redirect(session.pop("asked"), 303)


@app.post("/token")
def token():
    """Give out a token."""
    return server.create_token_response()


@app.post("/introspect")
def introspect():
    """Say what a token is worth."""
    return server.create_endpoint_response("introspection")


@app.get("/userinfo")
def userinfo():
    """Say who the user is."""
    with protected.acquire("openid") as token:
        return dict(UserInfo(sub=token.user, email=f"{token.user}@example.com").filter(token.scope))


if __name__ == "__main__":
    serve(app, listen=f"127.0.0.1:{sys.argv[1]}", ident=None)
