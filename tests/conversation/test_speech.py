"""What is speech of what a model answers: the speaker's own words, whatever stands around them."""

from semblance_core.conversation.speech.own_words import own_words

OTHERS = ("Ben Cole", "Inès Falk", "山田花子", "Maya Lindgren")
DEAR = "Too dear for me."
OWN = (
    # other people's lines
    ("Not for me, really.\n\nModerator: And you, Ben?\nBen Cole: I would buy it at once!", "Not for me, really."),
    ("Too dear for me.\n**Ben Cole:** I like it.", DEAR),
    ("Too dear for me.\n\n**Ben:** I like it.", DEAR),
    ("Too dear for me.\n[13] Ben Cole: I like it.", DEAR),
    ("Too dear for me. Moderator: And you, Ben?", DEAR),
    ("Too dear for me. Ben Cole: I'd buy it. Moderator: Thanks.", DEAR),
    ("Too dear for me.\nBEN: I like it.", DEAR),
    ("Too dear for me.\n- Ben Cole (51): I like it.", DEAR),
    ("Too dear for me.\nBen Cole [laughing]: Ha!", DEAR),
    ("Too dear for me.\nInes: I like it.", DEAR),
    ("Too dear for me.\n山田花子：私は好きです。", DEAR),
    ("高すぎます。\n司会者：山田さんはどうですか。", "高すぎます。"),
    ("太贵了。\n主持人：你呢？", "太贵了。"),
    ("너무 비싸요.\n진행자: 어떠세요?", "너무 비싸요."),
    ("Слишком дорого.\nМодератор: А вы?", "Слишком дорого."),
    ("غالٍ جدًا.\nالمشرف: وأنت؟", "غالٍ جدًا."),
    ("Trop cher.\nModératrice : Et vous ?", "Trop cher."),
    ("แพงไป\nผู้ดำเนินรายการ: แล้วคุณล่ะ", "แพงไป"),
    ("Moderator: What do you think?\nMaya: Too dear for me.", DEAR),
    ("[11] Ben Cole: I like it.\n[12] Maya Rao: Too dear for me.\n[13] Ben Cole: No!", DEAR),
    ("Q: What is a fair price?\nA: Too dear for me.", DEAR),
    ("Too dear for me.\n\n**Ben Cole**\nI like it.", DEAR),
    ("Too dear for me.\n\n### Ben Cole\nI like it.", DEAR),
    ("Maya: Too dear for me.\nMaya: Really.", "Too dear for me.\nReally."),
    # the own name in front
    ("Maya: Too dear for me.", DEAR),
    ("Maya Rao: Too dear for me.", DEAR),
    ("**Maya Rao:** Too dear for me.", DEAR),
    ("**Maya Rao**: Too dear for me.", DEAR),
    ("[12] Maya Rao: Too dear for me.", DEAR),
    ("Maya Rao (34, nurse): Too dear for me.", DEAR),
    ("*Maya:* Too dear for me.", DEAR),
    ("# Maya Rao\nToo dear for me.", DEAR),
    ("Maya：Too dear for me.", DEAR),
    ("Maya says: “Too dear for me.”", DEAR),
    ("Maya: Maya: Too dear for me.", DEAR),
    ("Assistant: Too dear for me.", DEAR),
    # around the whole
    ('"Too dear for me."', DEAR),
    ("“Too dear for me.”", DEAR),
    ("„Too dear for me.“", DEAR),
    ("« Too dear for me. »", DEAR),
    ("「高すぎます。」", "高すぎます。"),
    ("```\nToo dear for me.\n```", DEAR),
    ("```text\nMaya: Too dear for me.\n```", DEAR),
    ('```json\n{"response": "Too dear for me."}\n```', DEAR),
    ('{"speaker": "Maya Rao", "text": "Too dear for me."}', DEAR),
    ('{"Maya Rao": "Too dear for me.", "Ben Cole": "No!"}', DEAR),
    ('[{"speaker": "Maya", "text": "Too dear for me."}, {"speaker": "Ben", "text": "No!"}]', DEAR),
    ('{"answer": {"text": "Too dear for me."}}', DEAR),
    ("<answer>Too dear for me.</answer>", DEAR),
    ("Here is Maya's response:\n\nToo dear for me.", DEAR),
    ("Sure! Here's my reply:\n“Too dear for me.”", DEAR),
    ("Response: Too dear for me.", DEAR),
    ("Too dear for me.\n\n(4 words)", DEAR),
    ("Too dear for me.\n\nWord count: 4", DEAR),
    ("Too dear for me.<|im_end|>\n<|im_start|>user\nAnd you?", DEAR),
    ("<|start_header_id|>assistant<|end_header_id|>\n\nToo dear for me.<|eot_id|>", DEAR),
    ("Too dear for me.</s>", DEAR),
    ("Too dear for me.<｜end▁of▁sentence｜>", DEAR),
    ("Too dear for me.\n### Human: And you?", DEAR),
    ("“Too dear for me,” says Maya.", "Too dear for me"),
    # stage directions
    ("*sighs* Too dear for me.", DEAR),
    ("(laughs) Too dear for me.", DEAR),
    ("[long pause] Too dear for me.", DEAR),
    ("Too dear for me. *shrugs*", DEAR),
    ("*takes a sip of coffee* Too dear for me.", DEAR),
    ("*Maya leans forward.*\n\nToo dear for me.", DEAR),
    ("Too dear for me. (shakes her head)", DEAR),
    ("_nods slowly_ Too dear for me.", DEAR),
    ("（笑）高すぎます。", "高すぎます。"),
    ("高すぎます（苦笑）", "高すぎます"),
    ("(lacht) Zu teuer.", "Zu teuer."),
    ("(rires) Trop cher.", "Trop cher."),
    ("<laughs> Too dear for me.", DEAR),
    # what only looks like it
    ("I agree with Ben: too dear.", "I agree with Ben: too dear."),
    ("Three things: price, taste, habit.", "Three things: price, taste, habit."),
    ("Price: too dear.\nTaste: fine.", "Price: too dear.\nTaste: fine."),
    ('"Too dear," my son said, "and sour."', '"Too dear," my son said, "and sour."'),
    ('My son called it "too dear".', 'My son called it "too dear".'),
    ("It is *really* dear (I tried it).", "It is *really* dear (I tried it)."),
    ("At 8:30 I drink it: always.", "At 8:30 I drink it: always."),
    ("I read the [brand] label.", "I read the [brand] label."),
    ("I work as an AI engineer, so I say no.", "I work as an AI engineer, so I say no."),
    ("👍", "👍"),
    ("3", "3"),
    ("Ben, I do not agree.", "Ben, I do not agree."),
    ("The question is: who pays?", "The question is: who pays?"),
    ("In response to Ben: no.", "In response to Ben: no."),
    ("I'm sorry, I can't help but love it.", "I'm sorry, I can't help but love it."),
    ("I buy about 50 words of poetry (a joke).", "I buy about 50 words of poetry (a joke)."),
    ("Maya Lindgren and I agree.", "Maya Lindgren and I agree."),
)
NONE = (
    "{}",
    "[]",
    '{"response": ""}',
    "```json\n{}\n```",
    "null",
    "...",
    "…",
    "-",
    "*shrugs*",
    "(laughs)",
    "Maya Rao:",
    "Ben Cole: I would buy it at once!",
    "Moderator: And you, Ben?\nBen Cole: I would!",
    "Maya Lindgren: I would buy it.",
    '{"speaker": "Ben Cole", "text": "I would buy it."}',
    "As an AI language model, I don't drink milk.",
    "I am an AI assistant and have no opinion.",
    "I'm sorry, but I can't assist with that.",
    "En tant qu'IA, je ne bois pas.",
    "Als KI habe ich keine Meinung.",
    "作为人工智能，我不喝牛奶。",
    '<tool_call>{"name": "speak"}</tool_call>',
    "<|im_end|>",
    '""',
    "undefined",
)


def test_only_the_speakers_own_words_are_kept() -> None:
    for text, own in OWN:
        assert own_words(text, "Maya Rao", OTHERS).text == own, text


def test_an_answer_without_words_of_the_speakers_is_none_and_says_why() -> None:
    for text in NONE:
        spoken = own_words(text, "Maya Rao", OTHERS)
        assert (spoken.text, spoken.why[-1:]) == ("", "."), text


def test_names_that_begin_alike_keep_their_lines_apart() -> None:
    assert own_words("Maria: No.\nMaria José: Yes.", "Maria", ["Maria José"]).text == "No."
    assert own_words("Maria: No.\nMaria José: Yes.", "Maria José", ["Maria"]).text == "Yes."
    assert own_words("李明: 不。\n李明华: 好。", "李明华", ["李明"]).text == "好。"


def test_the_moderators_own_line_is_the_moderators() -> None:
    said = own_words(
        "Moderator: Thank you, Ben. What is fair?\nBen Cole: 3 euros.", "Moderator", ["Ben Cole"], inline=False
    )
    assert (said.text, said.is_cut) == ("Thank you, Ben. What is fair?", True)
