"""Every operation a person can do, each with its access rule; bound to one actor."""

from semblance_core.workspace.accounts import Accounts
from semblance_core.workspace.examples import Examples
from semblance_core.workspace.findings import SessionFindings
from semblance_core.workspace.live import Live, News
from semblance_core.workspace.own_account import OwnAccount
from semblance_core.workspace.panels import Panels
from semblance_core.workspace.prices import CalledModel, Prices
from semblance_core.workspace.records import Records
from semblance_core.workspace.sessions import SET_UP, Sessions, SetUp, set_up_of
from semblance_core.workspace.stimuli import HandedIn, Stimuli
from semblance_core.workspace.studies import Studies

__all__ = ["SET_UP", "CalledModel", "HandedIn", "News", "SetUp", "Workspace", "set_up_of"]


class Workspace(
    Studies, Panels, Sessions, Stimuli, SessionFindings, Live, Prices, Accounts, OwnAccount, Records, Examples
):
    """What one actor can do. Each operation reads the actor's account afresh and checks its rule first."""
