"""One participant's turn: moves chosen by what was asked, by who they are and by what the others said."""

import random
import re
from collections.abc import Callable

from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator.chance import dice, digest, share
from semblance_core.simulator.lexicon import Frame, frame, phrases, sections
from semblance_core.simulator.read.asks import FACTUAL
from semblance_core.simulator.read.concerns import pool
from semblance_core.simulator.speak.mind import Mind, Reaction, mind_of, reaction_of
from semblance_core.simulator.speak.seats import everyone, names_of, writer_for
from semblance_core.simulator.speak.shown import chosen_bit
from semblance_core.simulator.speak.stance import pole
from semblance_core.simulator.speak.voice import style_of, voiced
from semblance_core.simulator.speak.wording import Filler, Writer
from semblance_core.simulator.words import TOKENS_A_WORD, clip

SPECIFIC = FACTUAL | {"compare", "ever.yes", "ever.no", "opening"}
_TURNED = re.compile(r"\b(not|n't|stop|avoid|leave|left|hesitate|against|less|never|reject|dislike)\b", re.I)


def reply(asked: ReplyRequest, max_tokens: int, seed: int) -> str:
    """Returns the persona's reply, about as many words as are asked for and never more than the tokens allow."""
    wanted = min(max(asked.words, 3), 220, max(3, int(max_tokens / TOKENS_A_WORD)))
    mind = mind_of(asked)
    newest = mind.scene.turns[-1].seq if mind.scene.turns else 0
    rng = dice(seed, mind.persona.name, mind.question.text, newest, len(mind.scene.turns))
    bit = chosen_bit(asked, mind.question.text)
    speech = _Speech(mind, rng, writer_for(asked, mind, rng), len(everyone(asked)), bit)
    sentences = speech.short(wanted) if wanted <= 9 else speech.long(wanted)
    spoken = voiced(
        sentences,
        style_of(mind.persona),
        rng,
        mind.scene.own_spent,
        mind.scene.spent,
        int(wanted * 1.15) - speech.writer.count,
        names_of(asked, mind),
    )
    return clip(" ".join(spoken), max(int(max_tokens / TOKENS_A_WORD), 3))


def _unranked(section: str) -> list[Frame]:
    """Frames that belong to no seat: whoever speaks first may take any of them."""
    return list(map(frame, phrases("moves", section)))


class _Speech:
    """The moves of one turn. concern, second: what this turn is about, which slots draw on."""

    def __init__(
        self, mind: Mind, rng: random.Random, writer: Writer, company: int, bit: tuple[str, str] | None
    ) -> None:
        self.mind, self.rng, self.writer, self.company = mind, rng, writer, company
        order = mind.concerns(rng)
        self.concern, self.second, self.third = (order * 3)[:3]
        self.pole = pole(mind.leaning)
        self.reaction: Reaction | None = reaction_of(mind, rng)
        self.turned, self.bit = False, bit
        writer.fillers.update(self._fillers())

    def short(self, wanted: int) -> list[str]:
        """A turn of a few words: a nod, a no, or the bare answer."""
        kind = self._kind()
        if self.reaction and (self.mind.scene.answered or kind not in SPECIFIC) and self.rng.random() < 0.65:
            self.writer.say(sections("short_answers")["react"], wanted + 1)
        answers = sections("short_answers")
        if not self.writer.sentences and not self.mind.scene.answered:
            self.writer.say((*answers.get(f"{kind}.{self.pole}", ()), *answers.get(kind, ())), wanted + 2)
        if not self.writer.sentences:
            self.writer.say(pool(self.concern, "short"), wanted + 2)
        if not self.writer.sentences:
            self.writer.say((*answers["other"], *answers.get(f"other.{self.pole}", ())), wanted + 4)
        if self.writer.count <= wanted - 4 or not self.writer.sentences:
            self.writer.say(pool(self.second, "short"), max(wanted - self.writer.count + 1, 6))
        return self.writer.sentences or ["Hm, pass."]

    def long(self, wanted: int) -> list[str]:
        """Reaction or answer first, then reasons, a story, the speaker's own life and the other side, until it is long enough;
        now and then a question to the others at the end."""
        asking = self.mind.acts.asks and bool(self.mind.scene.peers)
        body = wanted - 9 if asking else wanted
        most = int(body * (1.16 if body > 28 else 0.97))
        for move in self._moves():
            room = most - self.writer.count
            if (self.writer.count >= body * 0.77 or room < 4) and move != self._answer:
                break
            move(room)
        if asking and not any("?" in sentence for sentence in self.writer.sentences):
            self._ask(max(int(wanted * 1.15) - self.writer.count, 7))
        return self.writer.sentences or self.short(9)

    def _moves(self) -> list[Callable[[int], object]]:
        moves: list[Callable[[int], object]] = []
        reacted = self.reaction is not None and self.reaction.manner != "ask"
        if (
            reacted
            and not self.mind.scene.answered
            and self._kind() in SPECIFIC - {"compare"}
            and not self.mind.scene.asked_by
        ):
            reacted = False  # asked for a fact, people give their own
        if reacted:
            moves.append(self._react)
        if not self.mind.scene.answered:
            moves.append(self._answer)
        elif not reacted or self.rng.random() < 0.45:
            moves.append(self._more)
        if self.bit and (not self.mind.scene.mine or self.rng.random() < 0.5):
            moves.insert(0, self._shown)
        stories_first = self.mind.trait("extraversion") + self.mind.trait("openness") > 100 + self.rng.uniform(-60, 60)
        body = [self._story, self._claim, self._verdict] if stories_first else [self._claim, self._verdict, self._story]
        if self._kind() in ("lasttime", "ever.yes"):
            body = [self._story, self._verdict, self._claim]
        body.insert(self.rng.choice((1, 2, 3)), self._self)
        return [
            *moves,
            *body,
            self._claim,
            self._other_side,
            self._story,
            self._turn_to_second,
            self._claim,
            self._story,
            self._verdict,
            self._claim,
            self._story,
            self._wish,
            self._turn_to_third,
            self._claim,
            self._story,
            self._verdict,
        ]

    def _react(self, room: int) -> object:
        if self.reaction is None:
            return False
        manner, concern = self.reaction.manner, self.reaction.concern
        if room < 26 and manner in ("build", "earlier", "asked"):
            manner = "agree"  # the others promise more words than there is room for
        if manner == "ask":
            return False  # the question to the peer comes last, see long()
        frames = sections("reactions").get(manner, ())
        if manner == "counter" or (manner in ("disagree",) and concern and self.rng.random() < 0.3):
            frames = pool(concern, "counter") if concern else sections("reactions")["disagree"]
        elif manner == "agree" and concern and self.rng.random() < 0.35:
            frames = pool(concern, "agree")
        if manner in ("agree", "build", "shift") and self._shares(concern):
            self.second = self.concern if self.concern != concern else self.second
            self.concern = concern
        elif manner == "counter" and concern == self.concern:
            self.concern, self.second = self.second, self.concern
        said = self.writer.say(frames, room, fresh=True)
        if not said and manner in ("agree", "build", "disagree", "counter", "earlier", "shift"):
            said = self.writer.say(
                sections("reactions")["disagree" if manner in ("disagree", "counter") else "agree"], room, fresh=True
            )
        if said and manner == "disagree" and concern in self.mind.weights:
            side = "plus" if self.reaction.peer.feeling < 0 else "minus"
            self.writer.say(pool(concern, side), int(room * 0.8) - self.writer.count, fresh=True)
        return said

    def _shares(self, concern: str) -> bool:
        """True where a peer's concern is close enough to my own for me to go on about it, rather than to return to mine."""
        weights = self.mind.weights
        return weights.get(concern, 0.0) >= 0.5 * max(weights.values(), default=1.0)

    def _answer(self, room: int) -> object:
        kind, answers = self._kind(), sections("answers")
        polar, neutral = answers.get(f"{kind}.{self.pole}", ()), answers.get(kind, ())
        if kind in SPECIFIC and self.writer.say(neutral, max(room, 11), fresh=True):
            return True
        if kind in SPECIFIC and self.writer.say(neutral, max(room, 15)):
            return True
        frames = polar if polar and (not neutral or self.rng.random() < 0.6) else neutral or polar
        every, space = (*polar, *neutral, *answers["other"]), max(room, 9)
        return (
            self.writer.say(frames, space, fresh=True)
            or self.writer.say(every, space, fresh=True)
            or self.writer.say(every, space)
        )

    def _more(self, room: int) -> object:
        return self.writer.say(sections("answers")["more"], room, fresh=True)

    def _claim(self, room: int) -> object:
        lead = self.rng.choice(phrases("moves", "and")) if self.turned and self.rng.random() < 0.7 else ""
        self.turned = False
        return self.writer.say(pool(self.concern, "say"), room, lead, fresh=True)

    def _shown(self, room: int) -> object:
        said = self.writer.say(_unranked("shown"), max(room, 18))
        return said and self.writer.say(_unranked(f"shown.{self.pole}"), max(room - 12, 7), fresh=True)

    def _story(self, room: int) -> object:
        return self.writer.say(pool(self.concern, "story"), room, fresh=True)

    def _verdict(self, room: int) -> object:
        side = {"pos": "plus", "neg": "minus"}.get(self.pole) or self.rng.choice(("plus", "minus"))
        return self.writer.say((*pool(self.concern, side), *pool(self.second, side)), room, fresh=True)

    def _other_side(self, room: int) -> object:
        if self.pole != "mix" and self.rng.random() < 0.9:
            return False
        side = "minus" if self.pole == "pos" else "plus"
        return self.writer.say(pool(self.second, side), room, self.rng.choice(phrases("moves", "turn")), fresh=True)

    def _self(self, room: int) -> object:
        """One sentence about my own life; each of them belongs to one person and to one question of the session."""
        asked, me, seats = digest(self.mind.question.text) % 4, self.writer.seat, self.company
        frames = [
            each
            for each in sections("self")["self"]
            if digest(each.text) % seats == me and digest("when", each.text) % 4 == asked
        ]
        return self.writer.say(frames, room, fresh=True)

    def _wish(self, room: int) -> object:
        return self.writer.say(_unranked("wish"), room, fresh=True)

    def _turn_to_second(self, _room: int) -> object:
        self.concern, self.second = self.second, self.concern
        self.turned = True
        return True

    def _turn_to_third(self, _room: int) -> object:
        self.concern, self.third = self.third, self.concern
        self.turned = True
        return True

    def _ask(self, room: int) -> object:
        peer = self.reaction.concern if self.reaction else ""
        frames = sections("reactions")["askall"]
        if self.reaction and self.reaction.manner != "asked":
            frames = (*(pool(peer, "ask") if peer else ()), *sections("reactions")["ask"])
        return self.writer.say(frames, room)

    def _kind(self) -> str:
        kind = self.mind.question.kind
        if kind == "opening" and self.mind.scene.mine:
            return "other"
        if kind == "ever":
            told = share("ever", self.mind.persona.name, self.mind.question.text)
            return "ever.yes" if told < 0.6 else "ever.no"
        return "compare1" if kind == "compare" and not self.mind.question.options else kind

    def _fillers(self) -> dict[str, Filler]:
        mind, moments = self.mind, sections("moments")
        fixed: dict[str, Filler] = {name: self._own(values) for name, values in mind.facts.slots.items() if values}
        for name in ("freq", "when", "ago", "amount", "asker", "too", "occasion", "channel", "helper"):
            fixed[name] = self._from(moments[name])
        fixed["occasion2"], fixed["channel2"] = fixed["occasion"], fixed["channel"]
        options = sorted(mind.question.options, key=lambda option: share("option", mind.persona.name, option))
        if options:
            fixed["A"], fixed["B"] = self._own((options[0],)), self._own((options[1],))
        if self.bit:
            name, words = self.bit
            fixed["shown"], fixed["bit"] = (lambda _: name), (lambda _: words)
        peer = self.reaction.peer if self.reaction else None
        if peer:
            fixed["peer"], fixed["pnp"] = (lambda _: peer.first), (lambda _: peer.noun)
        return {
            **fixed,
            "np": lambda writer: writer.phrase(pool(self.concern, "np")) or writer.phrase(pool(self.third, "np")),
            "np2": lambda writer: writer.phrase(pool(self.second, "np")) or writer.phrase(pool(self.third, "np")),
            "thing": lambda writer: (
                writer.phrase(pool(self.concern, "thing")) or writer.phrase(pool(self.second, "thing"))
            ),
            "why": lambda writer: writer.phrase(pool(self.concern, self._why())),
            "whypos": lambda writer: writer.phrase(pool(self.concern, "why+")),
            "whyneg": lambda writer: writer.phrase(pool(self.concern, "why-")),
            "if": lambda writer: writer.phrase(pool(self.concern, "if")),
        }

    def _why(self) -> str:
        if self.mind.question.kind == "why":
            return "why-" if _TURNED.search(self.mind.question.text) else "why+"
        return {"pos": "why+", "neg": "why-"}.get(self.pole) or self.rng.choice(("why+", "why-"))

    def _own(self, values: tuple[str, ...]) -> Filler:
        """One of the persona's own phrases that they have not used yet in the session; none when all are spent."""
        said = " ".join(turn.text.lower() for turn in self.mind.scene.mine)
        fresh = [value for value in values if len(value) < 12 or value.lower() not in said]
        return lambda _: self.rng.choice(fresh) if fresh else ""

    def _from(self, frames: tuple[Frame, ...]) -> Filler:
        return lambda writer: writer.phrase(frames)
