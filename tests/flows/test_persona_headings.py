"""Columns are known by their headings in many languages."""

from semblance_core.flows.importing.persona_file import preview_of

HEADINGS = {
    "backstory": "Hintergrund|背景|Trasfondo|Sfondo|Historia de vida|Achtergrond|Parcours|À propos|Bakgrund|Tausta|Предыстория|Биография|배경"
    "|プロフィール|自己紹介|الخلفية|Geçmiş|Háttér|Życiorys|Příběh|Latar belakang|पृष्ठभूमि|Sobre mim|Über mich|Storia|简介|Ιστορικό|רקע",
    "frustrations": "Frustrationen|Freins|Problemas|Problemi|Frustraties|Frustracje|Проблемы|痛点|悩み|불만|المشاكل|Sorunlar",
    "media_habits": "Mediennutzung|Médias|Hábitos de medios|Mediagebruik|Медиапотребление|媒体|メディア|미디어|Medya",
    "shopping_habits": "Einkaufsverhalten|Habitudes d'achat|Hábitos de compra|Abitudini di acquisto|Koopgedrag|购物习惯|買い物|쇼핑 습관",
    "tech_comfort": "Technikaffinität|Tecnología|Digitale vaardigheden|Технологии|科技|Teknoloji",
    "way_of_speaking": "Sprechweise|Manière de parler|Forma de hablar|Modo di parlare|話し方|말투|Манера речи",
    "quote": "Zitat|Citation|Citazione|Citaat|Цитата|引用|인용",
    "values": "Wertvorstellungen|Değerler|Ценности|价值观|価値観|가치관|القيم",
    "goals": "Ziele|Metas|Doelstellingen|Hedefler|Цели|目标|目標|목표|الأهداف",
    "brands": "Lieblingsmarken|Бренды|品牌|ブランド|브랜드|Markalar",
    "occupation": "Empleo|Impiego|Praca|Meslek|Работа|仕事|المهنة|Ammatti|Erhverv",
    "education": "Schulabschluss|Formation|Formazione|Eğitim|教育|교육|التعليم",
    "household": "Familie|Famille|Familia|Gezin|Семья|家庭|世帯|가족|Aile",
    "income_band": "Gehalt|Salaire|Salario|Inkomensklasse|Gelir|Зарплата|月收入|収入|소득",
    "location": "Место жительства|住所|거주지|Lugar de residencia|Woonplaats|مكان الإقامة",
    "gender": "Cinsiyet|الجنس|Sukupuoli|Kjønn",
    "age": "Yaş|العمر|Ikä|Vek|Вік",
    "openness": "Offenheit|Ouverture|Apertura|开放性|개방성|Открытость",
    "conscientiousness": "Gewissenhaftigkeit|尽责性|誠実性|Sumienność",
    "extraversion": "Extraversión|外向性|Экстраверсия",
    "agreeableness": "Verträglichkeit|宜人性|協調性|Доброжелательность",
    "neuroticism": "Neurotizismus|神经质|Нейротизм|Neuroticismo",
}


def test_columns_are_known_by_their_names_in_many_languages() -> None:
    for field, headings in HEADINGS.items():
        for heading in headings.split("|"):
            preview = preview_of(f"name,{heading}\nMaya,34\n")
            assert [each.field for each in preview.taken] == ["name", field.replace("_", " ")], heading
