"""Names of columns in other languages than English, by the field that they hold, beside the plainest words. Pure."""

MORE_WORDS = {
    "name": "nome e cognome|nombre y apellidos|nom et prénom|naam deelnemer|ad soyad|adı soyadı|isim|nimi|név|όνομα|ім'я|піб"
    "|お名前|성명|الاسم|الاسم الكامل|שם|नाम|nama|tên|họ tên|ชื่อ|celé jméno",
    "first name": "prénoms|primeiro nome|etunimi|keresztnév|prenume|الاسم الأول|ön ad",
    "last name": "soyad|soyadı|efternavn|sukunimi|vezetéknév|nume de familie|priezvisko|прізвище|اسم العائلة|苗字|성",
    "age": "âge en années|yaş|ikä|életkor|vârstă|vek|вік|ηλικία|العمر|السن|גיל|उम्र|आयु|usia|umur|tuổi|อายุ|年紀|연령"
    "|leeftijd in jaren",
    "gender": "cinsiyet|sukupuoli|стать|φύλο|الجنس|מין|लिंग|jenis kelamin|giới tính|เพศ|kjønn|pohlavie",
    "location": "lieu de vie|lugar de residencia|luogo di residenza|local de residência|onde mora|domicilio|morada|bostadsort"
    "|bosted|bopæl|asuinpaikka|lakóhely|yaşadığı yer|ikamet|место жительства|місце проживання|مكان الإقامة|السكن"
    "|所在地|居住城市|住所|お住まい|居住地域|거주지|사는 곳|tempat tinggal|nơi ở",
    "city": "wohnstadt|commune|localidad|municipio|comune|località|localidade|município|gemeente|plaats|miejscowość|kommun"
    "|kaupunki|paikkakunta|obec|település|oraș|şehir|місто|πόλη|المدينة|עיר|शहर|kota|thành phố|都市|市区町村|도시",
    "state": "kanton|région|estado|región|regione|regio|län|fylke|lääni|megye|județ|bölge|область|регион|край|регіон|περιοχή"
    "|المنطقة|المحافظة|राज्य|provinsi|tỉnh|省份|都道府県|州|지역|시도",
    "country": "herkunftsland|nación|nazione|nação|landet|maa|ország|țară|ülke|країна|χώρα|البلد|الدولة|מדינה|देश|negara"
    "|quốc gia|國家|나라|국가",
    "occupation": "beschäftigung|job titel|emploi actuel|empleo|puesto|impiego|mestiere|emprego|trabalho|baan|werk|functie|praca"
    "|stanowisko|sysselsättning|arbete|jobb|stilling|beskæftigelse|erhverv|ammatti|zaměstnání|práce|foglalkozás"
    "|ocupație|profesie|meslek|работа|род занятий|должность|професія|робота|επάγγελμα|المهنة|الوظيفة|מקצוע|व्यवसाय"
    "|पेशा|pekerjaan|nghề nghiệp|อาชีพ|工作|仕事|직장|하는 일",
    "education": "schulabschluss|abschluss|höchster abschluss|formation|diplôme|niveau d'étude|formación|nivel de estudios"
    "|formazione|formação|nível de escolaridade|onderwijs|opleidingsniveau|uddannelse|utdanning|koulutus|végzettség"
    "|educație|studii|eğitim|eğitim durumu|уровень образования|освіта|εκπαίδευση|التعليم|المستوى التعليمي|השכלה"
    "|शिक्षा|pendidikan|học vấn|การศึกษา|教育|教育程度|教育水平|教育歴|교육|최종 학력|vzdelanie",
    "household": "haushaltsform|familiensituation|familie|lebenssituation|ménage|famille|composition du foyer|état civil|familia"
    "|composición del hogar|nucleo familiare|famiglia|agregado familiar|família|situação familiar|gezin"
    "|gezinssituatie|burgerlijke staat|rodzina|hushåll|familj|husstand|husholdning|kotitalous|perhe|domácnost"
    "|háztartás|gospodărie|hane|aile|medeni durum|семья|семейное положение|домохозяйство|сім'я|νοικοκυριό|الأسرة"
    "|الحالة الاجتماعية|משק בית|परिवार|rumah tangga|hộ gia đình|家庭|家庭状况|家庭情况|世帯|家族|家族構成|가구|가족"
    "|결혼 여부",
    "income_band": "monatseinkommen|nettoeinkommen|jahreseinkommen|gehalt|revenu du foyer|salaire|tranche de revenu|ingreso|salario"
    "|nivel de ingresos|reddito annuo|rendimento|rendimentos|faixa de renda|salário|inkomensklasse|salaris|dochody"
    "|zarobki|inkomst|indkomst|inntekt|tulot|příjem|jövedelem|venit|gelir|gelir düzeyi|уровень дохода|зарплата|дохід"
    "|εισόδημα|الدخل|הכנסה|आय|pendapatan|thu nhập|รายได้|月收入|年收入|家庭收入|収入|世帯年収|소득|수입|월소득",
    "values": "wertvorstellungen|valeurs personnelles|valores personales|valori personali|valores pessoais|normen en waarden"
    "|värderingar|værdier|verdier|arvot|hodnoty|értékek|değerler|ценности|цінності|αξίες|القيم|ערכים|मूल्य|nilai"
    "|giá trị|价值观|價值觀|価値観|大切にしていること|가치관|가치",
    "goals": "motive|ambitionen|buts|objectifs de vie|metas|motivaciones|objetivos de vida|scopi|motivazioni|traguardi"
    "|motivações|doelstellingen|motywacje|mål|målsättningar|tavoitteet|cíle|célok|obiective|scopuri|hedefler|amaçlar"
    "|цели|мотивация|цілі|στόχοι|الأهداف|מטרות|लक्ष्य|tujuan|mục tiêu|目标|目標|动机|動機|ゴール|목표|동기",
    "frustrations": "frustrationen|ärgernisse|probleme|sorgen|schmerzpunkte|problèmes|irritants|points de douleur|freins"
    "|frustraciones|problemas|preocupaciones|puntos de dolor|frustrazioni|problemi|frustrações|dores|preocupações"
    "|frustraties|problemen|ergernissen|frustracje|problemy|bolączki|frustrationer|frustrasjoner|turhautumiset"
    "|frustrace|frusztrációk|frustrări|hayal kırıklıkları|sorunlar|проблемы|разочарования|боли|раздражители|проблеми"
    "|απογοητεύσεις|الإحباطات|المشاكل|תסכולים|समस्याएँ|frustrasi|痛点|痛點|困扰|烦恼|挫折|不満|悩み|困りごと"
    "|フラストレーション|불만|고충|어려움",
    "media_habits": "medien|mediennutzung|medienkonsum|mediengewohnheiten|médias|habitudes médias|usage des médias|consommation média"
    "|medios|hábitos de medios|consumo de medios|mezzi di comunicazione|abitudini mediatiche|uso dei media|mídia"
    "|mídias|hábitos de mídia|consumo de mídia|mediagebruik|media gebruik|nawyki medialne|korzystanie z mediów"
    "|medievanor|medievaner|mediankäyttö|média|médiumok|medya|medya alışkanlıkları|медиа|медиапотребление|сми|медіа"
    "|μέσα|وسائل الإعلام|मीडिया|媒体|媒體|媒体习惯|媒体使用|メディア|メディア利用|미디어|미디어 이용",
    "tech_comfort": "technikaffinität|technikkompetenz|technik|digitale kompetenz|digitalkompetenz|aisance technologique"
    "|aisance numérique|compétences numériques|technologie|tecnología|competencias digitales|manejo de tecnología"
    "|competenze digitali|tecnologia|competências digitais|familiaridade com tecnologia|digitale vaardigheden"
    "|technische vaardigheid|umiejętności cyfrowe|technologia|teknikvana|digital kompetens|teknologi|tekniikka"
    "|teknoloji|teknolojiye yatkınlık|технологии|цифровые навыки|технології|τεχνολογία|التقنية|التكنولوجيا|टेक्नोलॉजी"
    "|技术水平|数字技能|科技|テクノロジー|itスキル|デジタルスキル|디지털 역량",
    "shopping_habits": "einkaufsverhalten|einkaufsgewohnheiten|kaufverhalten|einkauf|einkaufen|habitudes d'achat|comportement d'achat"
    "|achats|hábitos de compra|comportamiento de compra|compras|abitudini di acquisto|abitudini d'acquisto"
    "|comportamento d'acquisto|acquisti|hábitos de consumo|comportamento de compra|koopgedrag|winkelgedrag"
    "|koopgewoonten|boodschappen|nawyki zakupowe|zakupy|köpvanor|shoppingvanor|indkøbsvaner|handlevaner"
    "|ostotottumukset|ostoskäyttäytyminen|nákupní zvyky|nákupy|vásárlási szokások|obiceiuri de cumpărare|alışveriş"
    "|alışveriş alışkanlıkları|покупки|покупательские привычки|покупательское поведение|купівельні звички"
    "|αγοραστικές συνήθειες|عادات التسوق|التسوق|הרגלי קנייה|खरीदारी|kebiasaan belanja|thói quen mua sắm|购物习惯"
    "|購物習慣|消费习惯|购物|買い物習慣|購買習慣|購買行動|買い物|쇼핑 습관|구매 습관|쇼핑",
    "brands": "lieblingsmarken|markenpräferenzen|marques préférées|marcas favoritas|marcas preferidas|marche preferite"
    "|brand preferiti|favoriete merken|ulubione marki|varumärken|mærker|merker|merkit|brändit|značky|oblíbené značky"
    "|márkák|mărci|markalar|favori markalar|бренды|любимые бренды|марки|бренди|μάρκες|العلامات التجارية|الماركات"
    "|מותגים|ब्रांड|merek|thương hiệu|品牌|喜欢的品牌|偏好品牌|ブランド|好きなブランド|브랜드|선호 브랜드",
    "talkativeness": "gesprächigkeit|redefreudigkeit|loquacité|locuacidad|loquacità|loquacidade|spraakzaamheid|gadatliwość"
    "|разговорчивость|健谈程度|話好き度",
    "way_of_speaking": "sprechweise|ausdrucksweise|sprachstil|tonfall|manière de parler|façon de parler|forma de hablar|manera de hablar"
    "|tono|modo di parlare|stile comunicativo|modo de falar|jeito de falar|manier van spreken|spreekstijl|toon"
    "|sposób mówienia|styl wypowiedzi|sätt att tala|talesätt|måde at tale på|måte å snakke på|puhetapa|způsob mluvy"
    "|beszédmód|stil de vorbire|konuşma tarzı|манера речи|стиль общения|манера мовлення|τρόπος ομιλίας|أسلوب الكلام"
    "|طريقة الكلام|说话方式|說話方式|语气|話し方|口調|말투|말하는 방식",
    "quote": "citat|sitat|sitaatti|citát|idézet|zitate|citazione|frase|frase típica|citação|citaat|motto|alıntı|цитата|цитати"
    "|απόφθεγμα|اقتباس|ציטוט|उद्धरण|kutipan|trích dẫn|引用|引言|语录|原话|セリフ|ひとこと|引用文|인용|한마디|인용문",
    "backstory": "hintergrund|hintergrundgeschichte|vorgeschichte|lebensgeschichte|lebenslauf|kurzbiografie|biografie|biographie"
    "|über mich|über die person|personenbeschreibung|steckbrief|zusammenfassung|profil|profilbeschreibung|geschichte"
    "|histoire|parcours|contexte|à propos|à propos de moi|présentation|récit|résumé|trasfondo|historia"
    "|historia personal|historia de vida|antecedentes|contexto|sobre mí|descripción|perfil|resumen|sfondo|storia"
    "|storia personale|contesto|su di me|descrizione|profilo|riassunto|história|história de vida|histórico|sobre"
    "|sobre mim|descrição|resumo|achtergrond|achtergrondverhaal|levensverhaal|verhaal|over mij|beschrijving|profiel"
    "|samenvatting|tło|historia życia|życiorys|biogram|o mnie|bakgrund|bakgrundshistoria|om mig|beskrivning|baggrund"
    "|baggrundshistorie|om mig selv|beskrivelse|bakgrunn|bakgrunnshistorie|om meg|tausta|taustatarina|kuvaus"
    "|elämäntarina|pozadí|příběh|životní příběh|životopis|popis|háttér|háttértörténet|leírás|bemutatkozás|fundal"
    "|poveste|descriere|despre mine|arka plan|geçmiş|hikaye|özgeçmiş|hakkında|hakkımda|açıklama|предыстория|биография"
    "|история|описание|о себе|бэкграунд|передісторія|біографія|опис|про себе|ιστορικό|βιογραφικό|υπόβαθρο|περιγραφή"
    "|الخلفية|نبذة|نبذة شخصية|السيرة الذاتية|السيرة|القصة|الوصف|وصف|רקע|תיאור|סיפור רקע|पृष्ठभूमि|परिचय|विवरण"
    "|latar belakang|deskripsi|riwayat hidup|tiểu sử|bối cảnh|mô tả|ภูมิหลัง|ประวัติ|背景|背景故事|背景介绍|背景資料"
    "|个人背景|個人背景|简介|簡介|个人简介|人物简介|描述|生平|人物背景|背景ストーリー|経歴|プロフィール|自己紹介|略歴"
    "|生い立ち|人物像|説明|배경|배경 이야기|소개|자기소개|약력|인물 소개|설명",
    "openness": "offenheit|offenheit für erfahrungen|ouverture|apertura|apertura mental|abertura|openheid|otwartość|öppenhet"
    "|åbenhed|åpenhet|avoimuus|otevřenost|nyitottság|dışa açıklık|deneyime açıklık|открытость|відкритість|الانفتاح"
    "|开放性|開放性|개방성",
    "conscientiousness": "gewissenhaftigkeit|caractère consciencieux|escrupulosidad|coscienziosità|conscienciosidade|consciëntieusheid"
    "|zorgvuldigheid|sumienność|samvetsgrannhet|samvittighedsfuldhed|planmessighet|tunnollisuus|svědomitost"
    "|lelkiismeretesség|добросовестность|сознательность|сумлінність|الضمير|尽责性|盡責性|誠実性|성실성",
    "extraversion": "extraversión|estroversione|extraversão|extraversie|ekstrawersja|utåtriktning|ekstroversion|ekstroversjon"
    "|ekstraversio|extraverze|extraverzió|dışadönüklük|экстраверсия|екстраверсія|الانبساط|外向性|외향성",
    "agreeableness": "verträglichkeit|agréabilité|amabilidad|amabilità|gradevolezza|amabilidade|vriendelijkheid|inschikkelijkheid"
    "|ugodowość|vänlighet|venlighed|medmenneskelighet|sovinnollisuus|přívětivost|barátságosság|uyumluluk"
    "|доброжелательность|доброзичливість|القبول|宜人性|協調性|친화성",
    "neuroticism": "neurotizismus|névrosisme|neuroticismo|nevroticismo|neuroticisme|neurotyczność|nevrotisisme|neurotisme"
    "|neuroottisuus|neuroticismus|neuroticitás|nevrotiklik|duygusal dengesizlik|нейротизм|невротизм|العصابية|神经质"
    "|神經質|神経症傾向|신경성",
}  # fmt: skip
"""Separated by bars, as in `persona_headings`."""
