"""What the tester is told about Inkstone: who asks, what it could not guess, and what it may not overlook."""

import atexit
import collections
import io
import json
import os
import pathlib
import zipfile

import schemathesis
from schemathesis.auths import AuthContext, set_on_case

from callers import PASSWORD, Caller, Server

SERVER = Server.from_environment()
CALLER = Caller(SERVER, os.environ["CONTRACT_CALLER"])


@schemathesis.hook
def before_load_schema(context, document):
    """Holds the server to more than its clients may rely on, so that nothing is hidden.

    - Each operation ends its answers with `default: any other problem of the published list`, for the sake of later versions. Here the
      statuses that are listed are all that count.
    - Clients ignore members of answers that they do not know. Here what is not described is not sent, and not accepted either.
    - A member that is `null` where OpenAPI has no `null` is `run`'s finding about the document itself. The tester dies of some.
    """
    strip_nulls(document)
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("default", None)


def strip_nulls(value):
    if isinstance(value, list):
        for item in value:
            strip_nulls(item)
    elif isinstance(value, dict):
        for name in [name for name, inner in value.items() if inner is None]:
            del value[name]
        for name, inner in value.items():
            if name not in ("example", "examples", "default", "enum"):
                strip_nulls(inner)


# The tester asks for a credential when it makes a case, and sends the case later: by then an operation may have ended the session. So
# what it was given is exchanged just before the request goes out, which also leaves alone what it has bent on purpose.
# Anonymous has none.
class Credential:
    current, given, stale = None, set(), True

    @classmethod
    def take(cls):
        if cls.stale and CALLER.role:
            cls.current, cls.stale = CALLER.credential(), False
            cls.given.add(f"Bearer {cls.current}")
        return cls.current


@schemathesis.auth(refresh_interval=120)
class Provider:
    """Two minutes: well within the life of an access token, and of a credential that counts as fresh."""

    def get(self, case, context):
        Credential.stale = True
        return Credential.take()

    def set(self, case, credential, context):
        case.headers["Authorization"] = f"Bearer {credential}"


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.headers.get("Authorization") in Credential.given:
        case.headers["Authorization"] = f"Bearer {Credential.take()}"


TALLY = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 401 and b'"invalid-token"' in response.content:
        Credential.stale = True
    TALLY[case.operation.definition.raw["operationId"]][response.status_code] += 1


@atexit.register
def write_tally():
    pathlib.Path(os.environ["CONTRACT_TALLY"]).write_text(json.dumps(TALLY))


# Requests that succeed and that nobody could guess: what a case is made of, by its operation.
EXAMPLES = {
    "login": lambda: {"body": {"email": CALLER.somebody().email, "password": PASSWORD}},
    "refresh": lambda: {"body": {"refresh_token": CALLER.somebody().sign_in()["refresh_token"]}},
    "logout": lambda: {"body": {"refresh_token": CALLER.somebody().sign_in()["refresh_token"]}},
    "answerSecondFactor": lambda: {"body": second_step(CALLER.somebody())},
    "lookAtInvite": lambda: {"body": {"token": SERVER.invitation()}},
    "acceptInvite": lambda: {"body": {"token": SERVER.invitation(), "password": PASSWORD, "email": "guest@example.org"}},
    "stepUp": lambda: {"body": {"method": "password", "password": PASSWORD}},
    "changePassword": lambda: {"body": {"current_password": PASSWORD, "new_password": f"another {PASSWORD}"}},
    "importNotes": lambda: {"body": archive(), "media_type": "application/octet-stream"},
    "restoreNote": lambda: {"path_parameters": {"id": CALLER.account.trashed}},
    "updateTag": lambda: {"path_parameters": {"name": "home"}, "body": {"name": "house"}},
    "resetUserTotp": lambda: {"path_parameters": {"id": with_second_factor(CALLER.somebody())}},
    "confirmTotp": lambda: of_somebody(*CALLER.somebody().enrol()),
    "renewRecoveryCodes": lambda: of_somebody(CALLER.somebody().add_second_factor()[0]),
}


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("Recipes/bread.md", "# Bread\n\nFlour, water, salt.")
    return file.getvalue()


def second_step(account):
    _, codes = account.add_second_factor()
    return {"challenge": account.challenge(), "method": "recovery-code", "code": codes[0]}


def with_second_factor(account):
    account.add_second_factor()
    return SERVER.as_owner(account.email, "GET", "/me")["id"]


def of_somebody(token, code=None):
    """In the name of an account that has come further than the caller's."""
    return {"headers": {"Authorization": f"Bearer {token}"}} | ({"body": {"code": code}} if code else {})


@schemathesis.hook
def before_add_examples(context, examples):
    operation = context.operation
    name = operation.definition.raw["operationId"]
    if name not in EXAMPLES or (operation.definition.raw.get("security") and CALLER.role is None):
        return
    Credential.take()
    parts = EXAMPLES[name]()
    if "body" in parts:
        parts.setdefault("media_type", "application/json")
    headers = parts.pop("headers", {})
    if headers and CALLER.key:
        return
    case = operation.Case(**parts)
    # Unlike what the tester makes up, it has to be told to bring the credential.
    set_on_case(case, AuthContext(operation=operation, app=None), None)
    case.headers.update(headers)
    examples.append(case)
