"""Whether the moderator's words put the guide's question: in doubt they do not."""

from semblance_core.conversation.speech.put import puts_question

FAIR = "What is a fair price for a litre?"
WHEN = "When did you last buy oat milk?"
DEAR = "ab wann zu teuer?"
CHOOSE = "What made you choose it?"
MORNING = "Tell me about your breakfast."
LITRE_RU = "Какая цена за литр кажется вам справедливой?"
LITRE_JA = "1リットルの適正な価格はいくらですか。"
LITRE_ZH = "一升燕麦奶多少钱算合理？"
LITRE_AR = "ما هو السعر العادل للتر الواحد؟"
LITRE_KO = "1리터에 얼마가 적당한가요?"
LITRE_TH = "ราคาที่เหมาะสมต่อลิตรคือเท่าไหร่"
LITRE_HI = "एक लीटर की सही कीमत क्या है?"
PUTS = (
    (FAIR, FAIR),
    (f"Thank you, Ben. {FAIR}", FAIR),
    (f"Ben, you mentioned the discounter. {FAIR.upper()}", FAIR),
    ("Thanks. What is a fair price for a litre", FAIR),
    ("Ben brought up the price: what is a fair price for a litre?", FAIR),
    ("Thanks, Ben. So, **what is a fair price for a litre?**", FAIR),
    (f"{FAIR} Ben, would you like to start?", FAIR),
    (f"{FAIR} Take your time.", FAIR),
    ("What would be a fair price for one litre, Maya?", FAIR),
    ("Maya spoke of offers. How much is a fair price for a litre of it?", FAIR),
    ("Thanks, Ben. When was it that you last bought oat milk?", WHEN),
    ("Ab wann zu teuer?", DEAR),
    ("Danke, Ben. Ab wann wäre es Ihnen zu teuer?", DEAR),
    ("Ben sprach von Angeboten – ab wann zu teuer?", DEAR),
    ("Ab wann zu teuer?", "ab wann zu teuer"),
    ("Ben sprach vom Preis. Ab wann wird es zu teuer?", "ab wann zu teuer"),
    ("Interesting. What made you choose it?", CHOOSE),
    ("Thanks. And what made you choose oat milk?", CHOOSE),
    ("Ben spoke of coffee. Tell me about your breakfast.", MORNING),
    ("Tell me about your breakfast", MORNING),
    ("Thanks, Maya. Why?", "Why?"),
    ("«Pourquoi ?»", "Pourquoi ?"),
    ("Merci, Inès. Quel serait un prix juste pour un litre ?", "Quel est un prix juste pour un litre ?"),
    ("Спасибо, Бен. Какую цену за литр вы считаете справедливой?", LITRE_RU),
    ("ありがとうございます。1リットルの適正な価格はいくらですか?", "1リットルの適正な価格はいくらですか?"),
    (f"山田さんは値段の話をしました。{LITRE_JA}", LITRE_JA),
    (f"谢谢。{LITRE_ZH}", LITRE_ZH),
    ("谢谢王芳。一升燕麦奶卖多少钱算合理呢？", LITRE_ZH),
    (f"شكرًا. {LITRE_AR}", LITRE_AR),
    (f"감사합니다. {LITRE_KO}", LITRE_KO),
    (f"ขอบคุณค่ะ {LITRE_TH}", LITRE_TH),
    (f"धन्यवाद। {LITRE_HI}", LITRE_HI),
    ("Θα ήθελα να ρωτήσω: ποια τιμή είναι δίκαιη;", "Ποια τιμή είναι δίκαιη;"),
    ("Ben said “I only buy it on offer”. What is a fair price for a litre?", FAIR),
    ("¿Cuál es un precio justo por litro?", "¿Cuál es un precio justo por litro?"),
)
DOES_NOT = (
    ("I only buy it on offer.", DEAR),
    ("For me it is about the taste, nothing else. I tried three brands.", DEAR),
    ("Ab 2 Euro ist mir das zu teuer.", DEAR),
    ("Zu teuer? Mir ist das egal.", DEAR),
    ("Ab wann zu teuer? Mir ab 2 Euro.", DEAR),
    ("Ab wann zu teuer – das weiß ich nicht.", DEAR),
    ("Mir ist das ab 2 Euro zu teuer, und dir?", DEAR),
    ("A fair price for a litre is 3 euros.", FAIR),
    ("Is 3 euros a fair price for a litre?", FAIR),
    ("What is a fair price for a litre? I'd say 3 euros.", FAIR),
    ("I only pay a fair price for a litre, what about you?", FAIR),
    ("What is a fair price for a", FAIR),
    ("That is what I call: you know what is a fair price for a litre", FAIR),
    ("What is a fair price for a litre of wine, and who pays it…", FAIR),
    ("Thanks, Ben. Where do you buy it?", FAIR),
    ("Thank you all, that was helpful.", FAIR),
    ("Go on.", FAIR),
    ("I last bought oat milk on Saturday.", WHEN),
    ("Does anybody buy oat milk?", WHEN),
    ("I buy it because of the taste. That is why I like it.", "Why?"),
    ("Who knows why?", "Why?"),
    ("Why? I like it.", "Why?"),
    ("The colour made me choose it.", CHOOSE),
    ("I would tell you about breakfast, but I skip it.", MORNING),
    ("Tell me about your breakfast, they say; mine is coffee.", MORNING),
    ("Дорого, я беру только по акции.", LITRE_RU),
    ("Цена за литр для меня несправедливая, а для вас?", LITRE_RU),
    ("値段は高すぎると思います。", LITRE_JA),
    ("我觉得有点贵。", LITRE_ZH),
    ("السعر مرتفع بالنسبة لي.", LITRE_AR),
    ("저는 너무 비싸다고 생각해요.", LITRE_KO),
    ("ฉันคิดว่าแพงไป", LITRE_TH),
    ("मुझे लगता है कि यह महँगा है।", LITRE_HI),
    ("", FAIR),
    ("?", FAIR),
    ("blah " * 200 + FAIR, FAIR),
)


def test_words_that_put_the_question_are_the_moderators() -> None:
    for text, question in PUTS:
        assert puts_question(text, question), text


def test_words_that_do_not_surely_put_it_do_not() -> None:
    for text, question in DOES_NOT:
        assert not puts_question(text, question), text
