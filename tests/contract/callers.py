"""Who asks: the accounts and API keys in whose name the API is tried, and where fresh ones come from.

Operations such as changing the password, disabling an account, giving it another role or revoking a key take the caller's own credential
away. So nothing here is made once: `Caller.credential` signs in anew, and when that does not lead to what the caller should be, makes
another account. The way there is the control socket of the server, which no request on the network can close.
"""

import base64
import hmac
import http.client
import itertools
import json
import os
import socket
import subprocess
import time

PASSWORD = "correct horse battery staple"

# An administrator in whose name nothing is tried, and whose password is no caller's.
KEEPER = "keeper@example.org"

# The role of each caller's account and, when it asks with an API key, what the key may do.
CALLERS = {
    "anonymous": (None, None),
    "member": ("member", None),
    "read-only": ("read-only", None),
    "admin": ("admin", None),
    "key-read": ("admin", {"scopes": ["read"]}),
    "key-write": ("admin", {"scopes": ["write"]}),
    "key-search": ("admin", {"scopes": ["search"]}),
    "key-admin": ("admin", {"scopes": ["admin"]}),
    "key-confined": ("admin", {"scopes": ["read", "write", "search"], "tags": ["home"]}),
}


def without_settings():
    """The environment, without what whoever runs this has set for servers and testers of their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("INKSTONE_", "SCHEMATHESIS_"))}


class Refused(Exception):
    """An answer that is no success: its status and its problem."""


class Server:
    """A running server: where it listens, and its data directory with the control socket."""

    def __init__(self, binary, data_dir, url):
        self.binary, self.data_dir, self.url = binary, data_dir, url

    @classmethod
    def from_environment(cls):
        return cls(*(os.environ[f"CONTRACT_{name}"] for name in ("BINARY", "DATA_DIR", "URL")))

    def create_user(self, email, role, password=PASSWORD):
        flags = [] if role == "member" else [f"--{role}"]
        command = [self.binary, "user", "create", "--data-dir", self.data_dir, "--email", email, "--name", "Ada", "--password-stdin"]
        subprocess.run(command + flags, input=password, text=True, check=True, capture_output=True, env=without_settings())

    def as_owner(self, account, method, path, body=None, headers=None):
        """Asks over the control socket in the space of an account, with all rights."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(os.path.join(self.data_dir, "control.sock"))
        return ask(connection, method, path, body, {"Inkstone-Account": account} | (headers or {}))

    def post(self, path, body, token=None):
        """Asks over the network, as everybody does."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        return ask(connection, "POST", path, body, {"Authorization": f"Bearer {token}"} if token else {})

    def new_account(self, email, role):
        """An account with something in it."""
        self.create_user(email, role)
        account = Account(self, email)
        notebook = self.as_owner(email, "POST", "/notebooks", {"name": "Recipes"})["id"]
        for number in range(3):
            body = f"# Groceries {number}\n\n- [ ] oat milk"
            note = {"body": body, "tags": ["home", "home/shopping"], "notebook_id": notebook}
            account.trashed = self.as_owner(email, "POST", "/notes", note)["id"]
        self.as_owner(email, "DELETE", f"/notes/{account.trashed}", headers={"If-Match": "*"})
        return account

    def invitation(self):
        """The token of an invitation that nobody has used."""
        return self.as_owner(KEEPER, "POST", "/admin/invites", {"role": "member"})["url"].split("token=")[1]


def ask(connection, method, path, body, headers):
    headers = headers | ({} if body is None else {"Content-Type": "application/json"})
    connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status >= 300:
        raise Refused(answer.status, json.loads(text))
    return json.loads(text) if text else None


class Account:
    """Somebody who signs in with `PASSWORD`."""

    def __init__(self, server, email):
        self.server, self.email = server, email
        # A note in its trash.
        self.trashed = None

    def sign_in(self):
        return self.server.post("/auth/login", {"email": self.email, "password": PASSWORD, "token_delivery": "body"})

    def enrol(self):
        """Begins with a second factor: an access token and the code that confirms it."""
        token = self.sign_in()["access_token"]
        return token, one_time_code(self.server.post("/me/totp", None, token)["secret"])

    def add_second_factor(self):
        """An access token, and codes that each stand in once for the second factor."""
        token, code = self.enrol()
        return token, self.server.post("/me/totp/confirm", {"code": code}, token)["recovery_codes"]

    def challenge(self):
        """A sign-in that waits for the second factor."""
        try:
            return self.sign_in() and None
        except Refused as refused:
            return refused.args[1]["challenge"]


def one_time_code(secret):
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), int(time.time() // 30).to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Caller:
    """One of `CALLERS` on a server."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.role, self.key = CALLERS[name]
        self.numbers = itertools.count(1)
        self.account = None

    def somebody(self):
        """Another account like the caller's own."""
        return self.server.new_account(f"{self.name}-{next(self.numbers)}@example.org", self.role or "member")

    def credential(self):
        """A credential that counts and was shown just now, for `Authorization: Bearer`. (There is none for anonymous.)"""
        try:
            return self._credential()
        except Refused:
            self.account = self.somebody()
            return self._credential()

    def _credential(self):
        self.account = self.account or self.somebody()
        answer = self.account.sign_in()
        if answer["user"]["role"] != self.role:
            raise Refused("it is another caller now")
        token = answer["access_token"]
        return self.server.post("/me/api-keys", {"name": "Contract"} | self.key, token)["key"] if self.key else token
