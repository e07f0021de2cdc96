"""Decides what a participant wants to say: which concern to bring up, whom to answer and in what spirit."""

import random
from dataclasses import dataclass

from semblance_core.conversation.acts import Acts, Manner
from semblance_core.domain.personas.persona import Persona
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator.read.concerns import concerns_in, fits_aspect, level, weights
from semblance_core.simulator.read.facts import Facts, facts_of
from semblance_core.simulator.read.question import Question, read_question
from semblance_core.simulator.read.scene import Peer, Scene, read_scene
from semblance_core.simulator.speak.stance import pole, stance
from semblance_core.simulator.words import words_of

_KIND_CONCERNS = {"price": "price", "source": "trust", "habit": "habit", "imagine": "novelty"}


@dataclass(frozen=True, slots=True)
class Mind:
    """A persona at the moment of speaking. leaning: -1 against the subject to 1 for it. weights: concern → how much it
    weighs now, less for what they have already talked about."""

    persona: Persona
    facts: Facts
    question: Question
    scene: Scene
    leaning: float
    weights: dict[str, float]
    autonomous: bool
    acts: Acts

    @property
    def flags(self) -> frozenset[str]:
        words = {f"w:{word}" for word in words_of(self.question.subject.text)}
        return self.facts.flags | self.question.subject.kinds | {pole(self.leaning)} | words

    def trait(self, name: str) -> float:
        return level(self.persona, name)

    def concerns(self, rng: random.Random) -> list[str]:
        """All concerns in the order in which they come to mind now."""
        return sorted(self.weights, key=lambda concern: -(self.weights[concern] ** 2.2) * (0.4 + rng.random()))


def mind_of(asked: ReplyRequest) -> Mind:
    """The persona of a request, with what they know, hear and weigh at this moment."""
    persona = asked.persona
    question = read_question(asked.question[:1_200], asked.topic[:300])
    scene = read_scene(asked)
    facts = facts_of(persona)
    found = weights(persona, facts.flags, question.subject.kinds)
    named_now = concerns_in(f"{question.text} {question.focus.text}")
    told_so_far = [concerns_in(turn.text) for turn in scene.mine]
    named = frozenset(words_of(question.focus.text))
    for concern in found:
        at_home = fits_aspect(concern, named)
        found[concern] *= 0.08 if at_home is False else 1.0
        found[concern] *= (
            1 + 0.9 * min(named_now.get(concern, 0.0), 2.0) + 1.5 * (_KIND_CONCERNS.get(question.kind) == concern)
        )
        if question.kind == "price" and concern not in ("price", "fairness", "trust", "quality", "clarity"):
            found[concern] *= 0.3
        if question.kind in ("problem", "change") and concern in ("novelty", "habit"):
            found[concern] *= 0.15
        told = sum(raised.get(concern, 0.0) >= 1 for raised in told_so_far)
        found[concern] /= 1 + 0.5 * told
    return Mind(
        persona,
        facts,
        question,
        scene,
        stance(persona, question.subject, scene),
        found,
        asked.autonomous,
        asked.acts,
    )


@dataclass(frozen=True, slots=True)
class Reaction:
    """To whom and how: agree, build, disagree, counter, tease, earlier, shift, asked. concern: what the peer was on about."""

    peer: Peer
    manner: str
    concern: str


def reaction_of(mind: Mind, rng: random.Random) -> Reaction | None:
    """A reaction to what somebody said, or None: people answer the question at least as often as one another."""
    peer = _whom(mind, rng)
    if peer is None:
        return None
    raised = {concern: strength for concern, strength in concerns_in(peer.text).items() if concern in mind.weights}
    concern = max(sorted(raised), key=lambda each: raised[each]) if raised else ""
    if mind.scene.asked_by is peer:
        return Reaction(peer, "asked", concern)
    most = max(mind.weights.values(), default=1.0)
    near = mind.weights.get(concern, 0.5 * most) / most
    same_mood = 1 - abs(peer.feeling - mind.leaning) / 2
    warmth = (mind.trait("agreeableness") - 50) / 120
    score = 0.55 * near + 0.5 * same_mood + warmth + rng.uniform(-0.5, 0.25)
    if rng.random() < 0.09 and mind.trait("extraversion") > 45 and mind.autonomous:
        return Reaction(peer, "tease", concern)
    if not mind.autonomous and rng.random() < 0.7:
        return Reaction(peer, "earlier", concern)
    if score > 0.82:
        return Reaction(peer, rng.choice(("agree", "agree", "build")), concern)
    if score > 0.58:
        return Reaction(peer, rng.choice(("build", "build", "agree", "ask")), concern)
    if mind.trait("agreeableness") > 55 and rng.random() < 0.15:
        return Reaction(peer, "shift", concern)
    opposed = peer.feeling * mind.leaning < 0 or (abs(mind.leaning) < 0.2 and concern in mind.weights)
    return Reaction(peer, "disagree" if opposed else "counter", concern)


def _whom(mind: Mind, rng: random.Random) -> Peer | None:
    scene = mind.scene
    if scene.asked_by:
        return scene.asked_by
    answers = mind.acts.names_peer or (mind.acts.manner is Manner.DISAGREES and rng.random() < 0.25)
    if not scene.peers or (mind.autonomous and not answers):
        return None
    called = [peer for peer in scene.peers if peer.first == scene.called]
    if called:
        return called[0]
    if not mind.autonomous and rng.random() > 0.2:
        return None
    peers = [peer for peer in scene.peers if peer.opinion]
    if not peers:
        return None
    if not mind.autonomous:
        return rng.choice(peers[:12])
    return rng.choices(peers, [5.0 if i == 0 else 1.5 for i in range(len(peers))])[0]
