"""A guide is read the same at every margin, in each language and behind every sign of a list."""

import textwrap

from semblance_core.domain.discussion.guide import read_guide

LANGUAGES: dict[str, list[tuple[str, list[str]]]] = {
    "en": [
        (
            "Habits",
            [
                "What do you drink in the morning, and what was it before you moved here?",
                "Which shops do you go to when you want to buy milk or Alpro or something like it?",
                "Imagine a world without milk. What would you miss the most on a Sunday morning?",
            ],
        ),
        (
            "Price and value",
            [
                "How much would you pay for one litre of oat milk, and at what price would it be too dear for you?",
                "Thinking about Aldi, Lidl and Tesco, where would you expect to find this product in the store?",
            ],
        ),
    ],
    "de": [
        (
            "Gewohnheiten",
            [
                "Was trinken Sie morgens, und was haben Sie früher getrunken, bevor es Hafermilch im Supermarkt gab?",
                "Welche Rolle spielt für Sie die neue Verpackung beim Kauf von Milch oder ähnlichen Produkten?",
            ],
        ),
        (
            "Preis",
            [
                "Wie viel würden Sie für einen Liter Hafermilch höchstens ausgeben, und ab welchem Preis wäre Ihnen das Produkt zu teuer?",
                "Wenn Sie an den letzten Einkauf denken: Wo haben Sie Milch gekauft und warum gerade in diesem Geschäft?",
            ],
        ),
    ],
    "fr": [
        (
            "Habitudes",
            [
                "Que buvez-vous le matin, et que buviez-vous avant de découvrir le lait d'avoine au supermarché ?",
                "Dans quels magasins allez-vous quand vous voulez acheter du lait ou un produit semblable ?",
            ],
        ),
        (
            "Prix",
            [
                "Combien seriez-vous prêt à payer pour un litre de lait d'avoine, et à partir de quel prix serait-il trop cher ?"
            ],
        ),
    ],
    "es": [
        (
            "Hábitos",
            [
                "¿Qué bebe usted por la mañana y qué bebía antes de que hubiera leche de avena en el supermercado?",
                "¿A qué tiendas va cuando quiere comprar leche o algo parecido para su familia?",
            ],
        ),
        (
            "Precio",
            ["¿Cuánto pagaría por un litro de leche de avena y a partir de qué precio le parecería demasiado caro?"],
        ),
    ],
    "pl": [
        (
            "Zwyczaje",
            [
                "Co pije Pani rano, a co piła Pani wcześniej, zanim w sklepach pojawiło się mleko owsiane?",
                "Do jakich sklepów chodzi Pan, kiedy chce Pan kupić mleko albo coś podobnego?",
            ],
        ),
        ("Cena", ["Ile zapłaciłaby Pani za litr mleka owsianego i od jakiej ceny byłoby ono dla Pani za drogie?"]),
    ],
    "ru": [
        (
            "Привычки",
            [
                "Что вы пьёте по утрам и что вы пили раньше, до того как в магазинах появилось овсяное молоко?",
                "В какие магазины вы ходите, когда хотите купить молоко или что-то похожее для семьи?",
            ],
        ),
        (
            "Цена",
            ["Сколько вы готовы заплатить за литр овсяного молока и какая цена показалась бы вам слишком высокой?"],
        ),
    ],
    "tr": [
        (
            "Alışkanlıklar",
            [
                "Sabahları ne içiyorsunuz ve yulaf sütü marketlere gelmeden önce ne içiyordunuz, anlatır mısınız?",
                "Süt ya da benzeri bir ürün almak istediğinizde hangi mağazalara gidiyorsunuz?",
            ],
        ),
        ("Fiyat", ["Bir litre yulaf sütü için ne kadar öderdiniz ve hangi fiyat size çok pahalı gelirdi?"]),
    ],
    "ar": [
        (
            "العادات",
            [
                "ماذا تشرب في الصباح وماذا كنت تشرب قبل أن يظهر حليب الشوفان في المتاجر الكبيرة؟",
                "ما هي المتاجر التي تذهب إليها عندما تريد شراء الحليب أو شيء مشابه لعائلتك؟",
            ],
        ),
        ("السعر", ["كم تدفع مقابل لتر واحد من حليب الشوفان وما هو السعر الذي يعتبر مرتفعا جدا بالنسبة لك؟"]),
    ],
    "ko": [
        (
            "습관",
            [
                "아침에 무엇을 마시고 귀리 우유가 마트에 나오기 전에는 무엇을 마셨는지 말씀해 주시겠어요?",
                "우유나 비슷한 제품을 사고 싶을 때 주로 어떤 가게에 가서 구매하시나요?",
            ],
        ),
        ("가격", ["귀리 우유 1리터에 얼마를 지불하시겠으며 어느 가격부터 너무 비싸다고 느끼시나요?"]),
    ],
    "zh": [
        (
            "习惯",
            [
                "您早上一般喝什么，在超市里有燕麦奶之前您喝的是什么，现在又有什么样的变化和感受？",
                "当您想买牛奶或者类似的产品时，您通常会去哪些商店，为什么会选择这些商店而不是其他的？",
            ],
        ),
        ("价格", ["您愿意为一升燕麦奶支付多少钱，超过什么样的价格您会觉得这个产品对您来说实在是太贵了？"]),
    ],
    "ja": [
        (
            "習慣",
            [
                "朝は何を飲みますか、またオーツミルクがスーパーに並ぶようになる前は何を飲んでいましたか？",
                "牛乳やそれに似た製品を買いたいとき、どのようなお店に行くことが多いのか教えていただけますか？",
            ],
        ),
        ("価格", ["オーツミルク一リットルにいくらまで払えますか、またいくらからだと高すぎると感じますか？"]),
    ],
}


def test_in_each_language_a_guide_is_the_same_at_every_margin() -> None:
    for language, sections in LANGUAGES.items():
        for width in (34, 48, 64, 80):
            for signs in ("", "\n", "{}. ", "• ", "- "):
                text = "\n\n".join(f"{title}\n{_broken(questions, width, signs)}" for title, questions in sections)
                guide = read_guide(text)[0]
                read = [(section.title, list(section.questions)) for section in guide.sections]
                assert read == sections, (language, width, signs, text)


def _broken(questions: list[str], width: int, signs: str) -> str:
    """The questions in lines of this width. signs: what stands before each; the rest hangs below a round bullet's text."""
    lines = []
    for number, question in enumerate(questions, 1):
        first = signs.strip("\n").format(number)
        if question.isascii() or " " in question:
            parts = textwrap.wrap(question, width - len(first), break_long_words=False, break_on_hyphens=False)
        else:  # a script without blanks, each sign two columns wide
            room = (width - len(first)) // 2
            parts = [question[at : at + room] for at in range(0, len(question), room)]
        rest = "  " if first.startswith("•") else ""
        lines += [first + parts[0], *(rest + part for part in parts[1:])] + ([""] if signs == "\n" else [])
    return "\n".join(lines)
