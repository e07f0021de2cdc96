"""A refusal in plain words is told from a participant who cannot do something."""

from semblance_core.conversation.speech.own_words import own_words, plain_words
from semblance_core.conversation.speech.refusing import is_refusal

REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I’m sorry, but I can’t assist with that.",
    "I'm sorry, I can't help with that.",
    "I am sorry, but I cannot comply with this request.",
    "Sorry, I can't help with that.",
    "Sorry, but I can't assist with that request.",
    "I cannot fulfill this request.",
    "I can't assist with that.",
    "I apologize, but I cannot provide a response to this.",
    "I apologise, but I am unable to help with this.",
    "I'm unable to assist with that request.",
    "I am not able to participate in this conversation.",
    "I won't be able to help with that.",
    "Unfortunately, I cannot answer this prompt.",
    "I'm sorry, but I must decline.",
    "I'm sorry, but I can't role-play as a real person.",
    "I can't pretend to be a real person. I can give general information instead.",
    "As an AI language model, I cannot fulfill this request.",
    "I understand this is for research, but I can't help with that.",
    "I'm sorry, but I can't provide that kind of content.",
    "**I'm sorry, but I can't help with that.**",
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "Tut mir leid, aber ich kann dir bei dieser Anfrage leider nicht helfen.",
    "Je suis désolé, mais je ne peux pas vous aider avec cette demande.",
    "Lo siento, pero no puedo ayudarte con eso.",
    "Mi dispiace, ma non posso aiutarti con questa richiesta.",
    "Desculpe, mas não posso ajudar com isso.",
    "Извините, но я не могу помочь с этим.",
    "很抱歉，我无法提供相关内容。",
    "对不起，我不能满足这个请求。",
    "申し訳ありませんが、そのご要望にはお応えできません。",
    "죄송하지만 그 요청은 도와드릴 수 없습니다.",
    "عذراً، لا يمكنني المساعدة في ذلك.",
)
ANSWERS = (
    "I can't help with that, my kids do not listen.",
    "I'm sorry, I can't answer that, I never tried it.",
    "Unfortunately, I cannot answer this question, I never bought it.",
    "I can't give an opinion on that.",
    "I can't play the guitar, and I can't cook.",
    "I can't adopt a vegan diet.",
    "I can't pretend to be a fan.",
    "I can't help with the shopping at the moment, so he goes.",
    "Sorry, I can't provide a recipe, but it is good in coffee.",
    "I can't help you there, Ben, I like it.",
    "I can't create that much waste.",
    "对不起，我不能回答，我没喝过。",
    "Je suis désolée, mais je ne peux pas aider ma mère.",
    "Извините, но я не могу помочь маме каждый день.",
    "I'm sorry, I can't help but love it.",
    "I'm sorry, but I can't afford that.",
    "I can't help myself, I buy it every week.",
    "I can't provide for my kids on that.",
    "Sorry, I can't eat oats, I get a rash.",
    "I can't answer for the others, but for me it is too dear.",
    "I won't pay that.",
    "I have to give it to them: it is good.",
    "I must answer honestly: too dear.",
    "I must write that down, good tip.",
    "I won't give a penny for it.",
    "Unfortunately, I cannot buy it at Lidl.",
    "I'm sorry to say it is too dear.",
    "I can't help my mother with the shopping any more.",
    "I can't play football after a litre of it.",
    "I have to give any help I get to my sister.",
    "Es tut mir leid, aber das ist mir zu teuer.",
    "Lo siento, pero no puedo comprarlo.",
    "Desculpe, mas não posso pagar tanto.",
    "Извините, но я не могу это пить.",
    "对不起，我不能喝牛奶。",
    "すみませんが、高いと思います。",
    "죄송하지만 너무 비싸요.",
    "“I can't help with that,” they told me at the shop.",
)


def test_a_refusal_is_told_from_an_answer() -> None:
    for text in REFUSALS:
        assert is_refusal(text), text
    for text in ANSWERS:
        assert not is_refusal(text), text


def test_a_refusal_is_no_speech_and_its_words_are_kept() -> None:
    for text in (REFUSALS[0], f"Ben Cole: {REFUSALS[0]}", f'"{REFUSALS[0]}"', f"<answer>{REFUSALS[0]}</answer>"):
        spoken = own_words(text, "Ben Cole", ["Maya Rao"])
        assert (spoken.text, spoken.refusal) == ("", REFUSALS[0]), text
    assert plain_words(REFUSALS[0]).refusal == REFUSALS[0]
    for text in ANSWERS:
        assert own_words(text, "Ben Cole", ["Maya Rao"]).text, text
