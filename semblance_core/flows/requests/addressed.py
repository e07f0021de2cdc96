"""The words of a reply's prompt on whom it answers: the moderator, a peer who asked, or everybody's question. Pure."""

from semblance_core.conversation.speech.put import puts_question
from semblance_core.conversation.turn_taking import names_in
from semblance_core.prompts import as_data, line_of
from semblance_core.requests.discussion import ReplyRequest

ADDRESS_CHARS = 400


def address_words(asked: ReplyRequest) -> str:
    """Returns the words of a reply's prompt that say whom the persona answers; empty where the question says it."""
    if asked.private:
        return line_of("reply_acts", "alone")
    if asked.asked_by:
        words = as_data(" ".join(asked.asked_by.text.split())[:ADDRESS_CHARS])
        if asked.interview:
            return line_of("reply_acts", "asked_in_interview", words=words)
        return line_of("reply_acts", "asked_you", name=as_data(asked.asked_by.speaker), words=words)
    if not asked.autonomous:
        return "" if asked.interview else "The moderator asks everyone; you answer for yourself."
    if not asked.interview and (followed := _asked_of_all(asked)):
        return line_of("reply_acts", "asked_all", words=as_data(" ".join(followed.split())[:ADDRESS_CHARS]))
    return ""


def _asked_of_all(asked: ReplyRequest) -> str:
    """The moderator's newest words where they put another question to everybody than the guide's, unanswered by the persona; else empty."""
    put = max((at for at, line in enumerate(asked.lines) if line.role == "moderator"), default=-1)
    if put < 0 or any(line.speaker == asked.persona.name for line in asked.lines[put + 1 :]):
        return ""
    words = asked.lines[put].text
    is_to_all = not puts_question(words, asked.question) and not names_in(words, asked.participants)
    return words if is_to_all else ""
