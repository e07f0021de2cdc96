"""What a researcher has, with hostile text in every field, for tests that look at every page."""

from dataclasses import replace
from datetime import timedelta

from semblance_core.bootstrap import Semblance
from semblance_core.domain.coding.codings import MemoOn
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.findings.theme import Sentiment, Theme, Verbatim
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.price import ALWAYS, model_price
from semblance_core.store.codec import to_document
from semblance_core.workspace import SessionConfig
from tests.e2e.hostile import NAME, Sink, poison
from tests.hostile.corpus import picture
from tests.studies import asked_round, eventually, finished, found_themes, panel, session

FILE = "Leaflet ![qqimage](i) $qqmath$ `qqcode` ~~qqstruck~~.txt"
"""What of a hostile name a file system takes, and the app keeps."""
PICTURE = "Pack ![qqimage](i) ~~qqstruck~~.png"


class Study:
    """What `user` has. copied: the name of what is written without breaking a rule, so that it can be edited and copied."""

    def __init__(self, semblance: Semblance, sink: Sink):
        self.semblance, self.sink = semblance, sink
        ws, admin = semblance.workspace("user"), semblance.workspace("admin")
        ws.me.rename("Robin")
        ws.projects.create("Second study")
        self.group = session(ws, title="Breakfast", topic="Morning drinks", model="simulator/instant")
        self._attach()
        self.draft = ws.sessions.duplicate(self.group.id)
        project = self.group.project_id
        self.people = [ws.personas.add(project, person).id for person in panel(3)]
        self._discuss()
        self._code()
        self.failed = finished(semblance, ws, ws.personas.recruit(project, "Shoppers in Leeds", 2, ()))
        admin.projects.rename(project, "Oat milk")
        admin.prices.set("openai/our-own", model_price("1", "1", "2"), ALWAYS)
        semblance.gateway.batcher.flush()
        poison(semblance, sink)
        self._break_down()
        name = sink.words("Mallory", NAME)
        self.copied = ws.personas.add(project, Persona(name=name, age=40)).id
        ws.sessions.create(project, SessionConfig(sink.words("Mallory", NAME), "Tea", Guide(()), ()))
        self.stimuli = ws.stimuli.of_session(self.group.id)

    def _attach(self) -> None:
        """Attaches a text and a picture, whichever moment they are read in."""
        ws, group_id = self.semblance.workspace("user"), self.group.id
        files = ((FILE, self.sink.lines("It costs 2.10").encode()), (PICTURE, picture()))
        for count, (name, content) in enumerate(files, start=1):
            ws.stimuli.attach(group_id, name, content)
            eventually(lambda count=count: len(ws.stimuli.of_session(group_id)) == count, within_s=30)
        ws.stimuli.describe(ws.stimuli.of_session(group_id)[1].id, "A blue pack")

    def _discuss(self) -> None:
        semblance, group = self.semblance, self.group
        messages = asked_round(semblance, semblance.workspace("user"), group.id, "What comes to mind?")
        said = [Verbatim(message.seq, message.speaker, message.text, Sentiment.POSITIVE) for message in messages[1:]]
        now = semblance.clock()
        for name, at in (("Price matters", now - timedelta(hours=1)), ("Taste matters", now)):
            themes = [Theme(name, "Some hold it", tuple(said)), Theme(f"{name} less", "", tuple(said[1:]))]
            found_themes(semblance, group, themes, created_at=at)

    def _code(self) -> None:
        """A code on the first words of an answer, by the moderator and by a model, and a memo on both."""
        ws, group = self.semblance.workspace("user"), self.group
        code = ws.codebook.add(group.project_id, "Costs", definition="About money")
        (coding,) = ws.coding.give(group.id, 2, [code.id], start=0, end=5)
        by_model = replace(coding, id="by-a-model", made=replace(coding.made, name="", model="acme/coder"))
        self.semblance.connection.database["codings"].insert_one(to_document(by_model))
        ws.memos.add(group.project_id, MemoOn.CODE, "Split this one", target=code.id)
        ws.memos.add(group.project_id, MemoOn.MESSAGE, "Read this again", target="2", group_id=group.id)

    def _break_down(self) -> None:
        database = self.semblance.connection.database
        task = {"state": "failed", "error": self.sink.lines("It broke down")}
        database["tasks"].update_one({"_id": self.failed.id}, {"$set": task})
        last = database["focus_group_messages"].find_one({"focus_group_id": self.group.id}, sort=[("seq", -1)])
        assert last
        reply = {"status": "failed", "error": self.sink.words("Provider said")}
        database["focus_group_messages"].update_one({"_id": last["_id"]}, {"$set": reply})
