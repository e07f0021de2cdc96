"""Things that two windows may edit: how each is made, read and changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import ALWAYS, model_price
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace, config_of
from tests.studies import panel, session

MODEL = "openai/gpt-4o-mini"


@dataclass(frozen=True)
class Thing:
    """Something that is edited. edit: writes a value made from a base; field: what of it, and two values that differ."""

    collection: str
    id: str
    read: Callable[[], Any]
    edit: Callable[[Workspace, Any, Any], Any]
    field: str
    values: tuple[Any, Any]


def persona(semblance: Semblance) -> Thing:
    ws = semblance.workspace("user")
    made = ws.personas.add(ws.projects.mine()[0].id, panel(1)[0])

    def edit(by: Workspace, quote: Any, base: Any) -> None:
        read = base if base is not None and not isinstance(base, int) else by.personas.get(made.id)
        carried = base if isinstance(base, int) else read.version if base is not None else None
        by.personas.edit(made.id, replace(read, quote=quote, version=carried), None if isinstance(base, int) else base)

    return Thing("personas", made.id, lambda: ws.personas.get(made.id), edit, "quote", ("Mine.", "Yours."))


def draft(semblance: Semblance) -> Thing:
    ws = semblance.workspace("user")
    made = session(ws)

    def edit(by: Workspace, guide: Any, base: Any) -> None:
        read = base if base is not None and not isinstance(base, int) else by.sessions.get(made.id)
        carried = base if isinstance(base, int) else read.version if base is not None else None
        set_up = replace(config_of(read), guide=guide, version=carried)
        by.sessions.change(made.id, set_up, None if base is None or isinstance(base, int) else config_of(base))

    guides = (parse_guide("## A\n- Mine?"), parse_guide("## A\n- Yours?"))
    return Thing("focus_groups", made.id, lambda: ws.sessions.get(made.id), edit, "guide", guides)


def project(semblance: Semblance) -> Thing:
    ws = semblance.workspace("user")
    made = ws.projects.create("Oat milk")
    edit: Any = lambda by, name, base: by.projects.rename(made.id, name, base)  # noqa: E731
    return Thing("projects", made.id, lambda: ws.projects.get(made.id), edit, "name", ("Mine", "Yours"))


def account(semblance: Semblance) -> Thing:
    admin = semblance.workspace("admin")
    edit: Any = lambda by, name, base: by.accounts.change("other", name, Role.RESEARCHER, base)  # noqa: E731
    return Thing("users", "other", lambda: admin.accounts.get("other")[0], edit, "name", ("Mine", "Yours"))


def quota(semblance: Semblance) -> Thing:
    admin = semblance.workspace("admin")
    edit: Any = lambda by, quota, base: by.accounts.set_quota("other", quota, base)  # noqa: E731
    values = (UsageQuota(usd=Decimal(5)), UsageQuota(tokens=900))
    return Thing("users", "other", lambda: admin.accounts.get("other")[0], edit, "quota", values)


def own_name(semblance: Semblance) -> Thing:
    edit: Any = lambda by, name, base: by.me.rename(name, base)  # noqa: E731
    return Thing("users", "admin", semblance.workspace("admin").me.account, edit, "name", ("Mine", "Yours"))


def prices(semblance: Semblance) -> Thing:
    admin = semblance.workspace("admin")
    edit: Any = lambda by, price, base: by.prices.set(MODEL, price, ALWAYS, base)  # noqa: E731
    values = (model_price("1", "1", "2"), model_price("3", "3", "4"))
    read = lambda: admin.prices.of_model(MODEL)  # noqa: E731
    return Thing("model_pricing", f"version/{admin.prices.of_model(MODEL).model}", read, edit, "prices", values)


def allowed_models(semblance: Semblance) -> Thing:
    edit: Any = lambda by, patterns, base: by.models.allow(patterns, base)  # noqa: E731
    values = (("openai/*",), ("openai/*", "groq/*"))
    return Thing("model_rules", "allowed_models", semblance.store.model_rules.allowed, edit, "patterns", values)


def picture(semblance: Semblance) -> Thing:
    ws = semblance.workspace("user")
    group = session(ws)
    asset = Asset(new_id(), group.id, "user", "a.png", "image", "image/png", 1, "0", semblance.clock())
    semblance.store.assets.add(asset, b"A", "")
    edit: Any = lambda by, words, base: by.stimuli.describe(asset.id, words, base)  # noqa: E731
    return Thing("assets", asset.id, lambda: ws.stimuli.get(asset.id), edit, "description", ("Mine.", "Yours."))


KINDS = (persona, draft, project, account, quota, own_name, prices, picture, allowed_models)
