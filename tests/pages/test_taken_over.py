"""An app whose data a newer release has taken over: it says so wherever it is asked, and writes nothing more."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.routes import plain_routes
from semblance_core.bootstrap import Semblance
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA
from tests.pages.conftest import Visit
from ui.app.runtime import running_semblance


def test_pages_api_and_health_say_what_to_install(semblance: Semblance, visit: Visit) -> None:
    app = visit("user")
    assert not app.exception
    database = semblance.connection.database
    newer = {"version": len(MIGRATIONS) + 1, "release": "2027-01-01"}
    database[SCHEMA].update_one({}, {"$set": newer})
    running_semblance().connection.presence._look()  # as it does every few seconds
    sign_ins = list(database["sign_ins"].find())

    words = "Install Semblance of 2027-01-01 or newer"
    assert words in app.run().error[0].value.replace("\\", "")
    assert words in visit("").error[0].value.replace("\\", "")
    with TestClient(Starlette(routes=plain_routes())) as client:
        ready = client.get("/api/health/ready")
        assert (ready.status_code, words in ready.json()["status"]) == (503, True)
        assert client.get("/api/health/live").status_code == 200
        signed_in = client.post("/api/auth/login", json={"username": "user", "password": "pass"})
        asked = client.get("/api/me", headers={"Authorization": "Bearer any"})
        for refused in (signed_in, asked):
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert words in refused.json()["detail"]
    assert list(database["sign_ins"].find()) == sign_ins
