"""Thinking without a mark, narration and loops: what is the speaker's own is taken, and a real answer is never thrown away."""

from semblance_core.conversation.speech.own_words import own_words, plain_words

OFFER = "I only buy it on offer."
THINKS = "Okay, the user wants me to answer as Ben. Let me think about his background."
TAKEN = (
    # thinking, and a heading before the answer
    (f"{THINKS}\n\nFinal answer: {OFFER}", OFFER),
    (f"{THINKS}\n\n**Final Answer:** {OFFER}", OFFER),
    (f"{THINKS}\n\n### Response\n\n{OFFER}", OFFER),
    (f"{THINKS} Final answer: {OFFER}", OFFER),
    (f"{THINKS}\n\nAnswer:\n\n“{OFFER}”", OFFER),
    (f"{THINKS}\n\nBen Cole: {OFFER}", OFFER),
    (f"{THINKS}\n\nHe is 51 and thrifty, so he'd complain.\n\nSo I'd say: {OFFER}", OFFER),
    (f"Alright, I need to respond as Ben Cole, a nurse from Leeds.\n\nResponse: {OFFER}", OFFER),
    (f"The user is asking about oat milk.\n\nDraft answer: Dear.\n\nFinal answer: {OFFER}", OFFER),
    (f"Ben is 51 and thrifty. He'd find it dear.\n\nFinal answer: {OFFER}", OFFER),
    (f"Hmm, let me get into character. Ben's background is thrifty.\n\nFinal response:\n{OFFER}", OFFER),
    (f"Der Nutzer möchte, dass ich als Ben antworte.\n\nAntwort: {OFFER}", OFFER),
    (f"L'utilisateur me demande de répondre comme Ben.\n\nRéponse finale : {OFFER}", OFFER),
    (f"El usuario quiere que responda como Ben.\n\nRespuesta: {OFFER}", OFFER),
    ("用户想让我以本的身份回答。\n\n最终答案：太贵了。", "太贵了。"),
    ("ユーザーは意見を求めています。\n\n最終回答：高いです。", "高いです。"),
    (f"Пользователь просит ответить.\n\nОтвет: {OFFER}", OFFER),
    # without a heading
    (f"{THINKS}\n\n{OFFER}", OFFER),
    (
        f"{THINKS}\n\nHe would mention the price. Keep it short.\n\n{OFFER}\n\nMy kids hate it.",
        f"{OFFER}\n\nMy kids hate it.",
    ),
    (f"Okay, I need to answer as Ben. {OFFER}", OFFER),
    (f"We need to respond as Ben in about 40 words. Keep it casual. {OFFER}", OFFER),
    (f"Let me craft a reply that stays in character.\n\n- thrifty\n- 51\n\n{OFFER}", OFFER),
    (f"{OFFER}\n\n{THINKS}"[: len(OFFER)], OFFER),
    (f"{THINKS}\n\n{OFFER}\n\n(This response reflects Ben's thrift.)", OFFER),
    ("Okay, so the user is asking me, Ben Cole, to respond about oat milk. I should sound thrifty.\n\n" + OFFER, OFFER),
    (
        "The user wants a response from Ben. He's thrifty.\n\nFirst, consider the values.\n\nSo maybe:\n\n" + OFFER,
        OFFER,
    ),
    ("Thinking: Ben is thrifty.\n\n" + OFFER, OFFER),
    (
        "The user asks what a fair price is. Ben is thrifty. He'd say 2 euros.\n\nTwo euros, no more.",
        "Two euros, no more.",
    ),
    ("Ich soll als Ben antworten. Er ist sparsam.\n\nMir ist das zu teuer.", "Mir ist das zu teuer."),
    (f"{THINKS}\n\n{OFFER}\n\nI could use a cheaper one.", f"{OFFER}\n\nI could use a cheaper one."),
    # narration
    ('Ben Cole: *smiles* "I like it," he says.', "I like it"),
    ("Ben Cole smiled. ‘I don’t like it,’ he said.", "I don’t like it"),
    ('Smiling, Ben Cole says, "I like it. But it is dear."', "I like it. But it is dear."),
    ('Ben Cole smiles. "I like it," he says, "but it is dear."', "I like it, but it is dear."),
    ("Ben Cole smiles. “I like it,” he says, “but it is dear.”", "I like it, but it is dear."),
    ('Ben leans back. "Too dear," he mutters. "I buy the other one."', "Too dear, I buy the other one."),
    ('"Too dear," says Ben. "I buy the other one."', "Too dear, I buy the other one."),
    (
        "Ben Cole nods slowly, looking at the carton for a long moment before he answers the moderator. “Too dear.”",
        "Too dear.",
    ),
    ("Ben Cole smiles. I like it, but it is dear.", "I like it, but it is dear."),
    ("Ben shrugs and looks at the carton.\n\nI like it.", "I like it."),
    ("Ben lächelt. „Zu teuer“, sagt er.", "Zu teuer"),
    ("Ben sourit. « Trop cher », dit-il.", "Trop cher"),
    ('Ben Cole smiles. "I like it, but it is', "I like it, but it is"),
    # loops
    ("I like it. " * 200, "I like it."),
    ("I like it. " * 200 + "I li", "I like it."),
    ("I like it, but it is dear. Would you buy it? " * 30, "I like it, but it is dear. Would you buy it?"),
    ("I buy it. " + "It is dear. " * 50, "I buy it. It is dear."),
    ("I like it.\n" * 100, "I like it."),
    ("I like it.\n\n" * 100, "I like it."),
    ("Ben Cole: I like it.\n" * 100, "I like it."),
    ("太贵了。" * 100, "太贵了。"),
    ("高すぎると思います。" * 60 + "高すぎると", "高すぎると思います。"),
    ("แพงเกินไป " * 60, "แพงเกินไป"),
    ("it is dear and " * 100, "it is dear and"),
    ("Haaa" + "a" * 3000, "Haaaa"),
    ("It is very " + "very " * 100 + "dear.", "It is very dear."),
)
KEPT = (
    "Let me think about that. I only buy it on offer.",
    "Okay, the user wants simplicity, not features.",
    "As a designer I ask what the user needs first.",
    "I went back and forth on it.\nFinal answer: no.",
    "I need to answer for my kids too, so it has to be cheap.",
    "The instructions are on the pack, and I never read them.",
    "The prompt asks for my postcode, so I gave up on the app.",
    "The user's request comes first in my job. The user is always right.",
    "Let me write a list: price, taste.",
    "Let me write this down: I'd pay 2 euros.",
    "I want to be like Ines. She is thrifty.",
    "The persona is a nice idea.",
    "I stay in character for a living, I am an actor. Oat milk is fine.",
    "The user is asking for too much, if you ask me.",
    "The user asked me for a refund once.",
    "I have to act like a grown-up about money.",
    "I answer as a mother here, not as a nurse.",
    "He said it was dear. She said the same.",
    "This response is what I expect from a shop.",
    "Thoughts: too dear.",
    "Reasoning: it is too dear.",
    "Speaking as a nurse, I need it cheap.",
    "Hmm. I should keep an eye on prices.",
    "The question is who pays for it.",
    "The prompt delivery is what I like.",
    "I have to be honest: too dear.",
    "Well, first, he is right: too dear.",
    "My character is thrifty, I think.",
    'My son said "too dear" and my wife said "sour".',
    '"Organic" is what the label says, "fair" too, and Ben likes it, which I do not.',
    'They say "fresh", but it is not.',
    "Ben is what they call me, and I like it.",
    "No. No. No.",
    "Ha ha ha ha ha ha, no.",
    "Never, never, never, never!",
    "No no no no no no, too dear.",
    "I like it. I like it. I like it.",
    "Yes, yes, yes, yes, I do.",
    "Sooooo dear!",
    "1000000000000000000000000000000 euros!",
    "高い、高い、高い。",
    "ははははははは。",
    "Price, price, price, price, price: that is all they ask.",
)
THOUGHT = (
    THINKS,
    "The user is asking about oat milk. I should keep it short and mention the price.",
    "Okay, I need to respond as Ben Cole.\n\nHe is 51 and thrifty.\n\nHe would probably complain about the price.",
    "Let me stay in character. Maybe mention Lidl. Keep it under 40 words.",
    "用户想让我以本的身份回答。",
)


def said(text: str) -> str:
    return own_words(text, "Ben Cole", ["Maya Rao", "Ines Falk"]).text


def test_what_can_be_taken_is_taken() -> None:
    for text, own in TAKEN:
        assert said(text) == own, text[:200]


def test_a_real_answer_is_kept_as_it_is() -> None:
    for text in KEPT:
        assert said(text) == text, text


def test_thinking_alone_is_no_answer_and_says_so() -> None:
    for text in THOUGHT:
        spoken = own_words(text, "Ben Cole", ["Maya Rao"])
        assert (spoken.text, spoken.why) == ("", "The model's answer holds only thinking, and no words of Ben Cole."), (
            text
        )


def test_a_report_of_the_speaker_without_any_words_is_asked_again() -> None:
    for text in ("Ben Cole smiles and says he likes it.", "Ben Cole thinks it is too dear.", "Ben Cole nods."):
        spoken = own_words(text, "Ben Cole", ["Maya Rao"])
        assert (spoken.text, spoken.why[-1:]) == ("", "."), text


def test_a_summary_is_without_thinking_and_loops() -> None:
    assert (
        plain_words("Okay, the user wants a short summary.\n\nSummary: They find it dear.").text == "They find it dear."
    )
    assert plain_words("They find it dear. " * 50).text == "They find it dear."
