"""Phrases: how an answer is introduced in each benchmark language, and the words that tell one from another.

Data only, apart from the kinds so that they stay readable.
"""

PHRASES = {
    "ar": "بعد حساب كل خطوة بعناية نصل إلى النتيجة النهائية والجواب الصحيح عن هذا السؤال هو",
    "bg": (
        "След като внимателно пресметнахме всяка стъпка стигаме до крайния резултат и верният отговор на този въпрос е"
    ),
    "bn": "প্রতিটি ধাপ সাবধানে হিসাব করার পর আমরা শেষ ফলাফলে পৌঁছাই এবং এই প্রশ্নের সঠিক উত্তর হল",
    "de": (
        "Nachdem wir jeden Schritt sorgfältig berechnet haben erhalten wir das Ergebnis und "
        "die richtige Antwort auf diese Frage lautet"
    ),
    "en": "Once every step has been worked out with care it can be seen that this question has been solved by hand",
    "es": (
        "Después de calcular cada paso con cuidado llegamos al resultado final y "
        "la respuesta correcta a esta pregunta es"
    ),
    "fa": "پس از محاسبه دقیق هر مرحله به نتیجه نهایی می‌رسیم و پاسخ درست این پرسش چنین است",
    "fi": (
        "Kun jokainen vaihe on laskettu huolellisesti saamme lopullisen tuloksen ja oikea vastaus tähän kysymykseen on"
    ),
    "fr": (
        "Après avoir calculé chaque étape avec soin nous obtenons le résultat final et "
        "la bonne réponse à cette question est"
    ),
    "gu": "દરેક પગલાની કાળજીપૂર્વક ગણતરી કર્યા પછી આપણે અંતિમ પરિણામ પર પહોંચીએ છીએ અને આ પ્રશ્નનો સાચો જવાબ છે",
    "he": "לאחר שחישבנו כל שלב בקפידה אנו מגיעים לתוצאה הסופית והתשובה הנכונה לשאלה הזאת היא",
    "hi": "हर चरण की सावधानी से गणना करने के बाद हम अंतिम परिणाम पर पहुँचते हैं और इस प्रश्न का सही उत्तर यह है",
    "it": (
        "Dopo aver calcolato con cura ogni passaggio otteniamo il risultato finale e "
        "la risposta corretta a questa domanda è"
    ),
    "ja": "それぞれの手順を注意深く計算した結果この問題の正しい答えは次のようになります",
    "kn": ("ಪ್ರತಿಯೊಂದು ಹಂತವನ್ನು ಎಚ್ಚರಿಕೆಯಿಂದ ಲೆಕ್ಕ ಹಾಕಿದ ನಂತರ ನಾವು ಅಂತಿಮ ಫಲಿತಾಂಶವನ್ನು ಪಡೆಯುತ್ತೇವೆ ಮತ್ತು ಈ ಪ್ರಶ್ನೆಯ ಸರಿಯಾದ ಉತ್ತರ"),
    "ko": "각 단계를 주의 깊게 계산한 결과 이 문제의 올바른 답은 다음과 같습니다",
    "ml": "ഓരോ ഘട്ടവും ശ്രദ്ധയോടെ കണക്കാക്കിയ ശേഷം നമുക്ക് അവസാന ഫലം ലഭിക്കുന്നു ഈ ചോദ്യത്തിന്റെ ശരിയായ ഉത്തരം ഇതാണ്",
    "mr": "प्रत्येक पायरीची काळजीपूर्वक गणना केल्यानंतर आपल्याला अंतिम निकाल मिळतो आणि या प्रश्नाचे बरोबर उत्तर आहे",
    "ne": "प्रत्येक चरणको ध्यानपूर्वक गणना गरेपछि हामी अन्तिम नतिजामा पुग्छौं र यस प्रश्नको सही उत्तर यो हो",
    "pa": "ਹਰ ਕਦਮ ਦੀ ਧਿਆਨ ਨਾਲ ਗਣਨਾ ਕਰਨ ਤੋਂ ਬਾਅਦ ਅਸੀਂ ਅੰਤਿਮ ਨਤੀਜੇ ਤੇ ਪਹੁੰਚਦੇ ਹਾਂ ਅਤੇ ਇਸ ਸਵਾਲ ਦਾ ਸਹੀ ਜਵਾਬ ਹੈ",
    "pl": "Po starannym obliczeniu każdego kroku otrzymujemy końcowy wynik i poprawna odpowiedź na to pytanie brzmi",
    "pt": (
        "Depois de calcular cada passo com cuidado chegamos ao resultado final e a resposta correta para esta questão é"
    ),
    "ru": (
        "После того как мы внимательно вычислили каждый шаг мы получаем окончательный результат "
        "и правильный ответ на этот вопрос"
    ),
    "sw": "Baada ya kuhesabu kila hatua kwa makini tunapata matokeo ya mwisho na jibu sahihi la swali hili ni",
    "ta": "ஒவ்வொரு படியையும் கவனமாகக் கணக்கிட்ட பிறகு நாம் இறுதி முடிவை அடைகிறோம் இந்தக் கேள்விக்கான சரியான விடை",
    "te": "ప్రతి దశను జాగ్రత్తగా లెక్కించిన తరువాత మనం తుది ఫలితాన్ని పొందుతాము మరియు ఈ ప్రశ్నకు సరైన సమాధానం",
    "th": "หลังจากคำนวณแต่ละขั้นตอนอย่างรอบคอบแล้ว เราได้ผลลัพธ์สุดท้ายและคำตอบที่ถูกต้องของคำถามนี้คือ",
    "uk": (
        "Після того як ми уважно обчислили кожен крок ми отримуємо остаточний результат "
        "і правильна відповідь на це питання"
    ),
    "ur": "ہر مرحلے کا احتیاط سے حساب لگانے کے بعد ہم آخری نتیجے پر پہنچتے ہیں اور اس سوال کا درست جواب یہ ہے",
    "vi": (
        "Sau khi tính toán cẩn thận từng bước chúng ta thu được kết quả cuối cùng và "
        "câu trả lời đúng cho câu hỏi này là"
    ),
    "zh": "我们仔细计算每一步之后得到最终结果并且检查了题目里所有的条件因此我们可以确定这个问题的正确答案是",
}
"""Introductions without commas, digits or quotation marks, by ISO 639-1 code."""

COMMON_WORDS = {
    "ar": "هو هي في من على إذن الجواب الإجابة نحصل إلى أن هذا هذه كان كل عن مع ثم لأن التي الذي",
    "bg": (
        "е са и че отговорът следователно значи нека равно на се по за от да не това как ние той тя те с към има но"
    ),
    "de": (
        "die der das den dem des ist sind und also daher somit antwort wir ein eine einen einer für "
        "mit nicht es sei auf von zu zum zur im in an am als auch bei aus nach wenn dann wird werden "
        "hat haben er sie uns so nun jetzt damit oder nur noch man was um durch gilt denn ergibt "
        "schritt ergebnis jede jeder"
    ),
    "en": (
        "the is are was were of and to we so it in has have answer total therefore thus hence there "
        "that this these for be final yes each by with from as at on then step which when if will can "
        "our you your not first next finally because since given find get let now into one an result "
        "check solution they he she but or all how what error two three four five six seven eight "
        "nine ten twelve twenty hundred do does did no me my man die son per come up out more over "
        "under than only other must may us about par pay"
    ),
    "es": (
        "la el los las es son y que por lo tanto una un uno respuesta entonces en del de con sea "
        "luego para se su sus como al más este esta cada tiene hay si no pero paso ahora sobre da nos "
        "o porque cuando"
    ),
    "fa": "است و که با پاسخ پس را به این برابر می‌شود در از برای آن هر یک ما",
    "fi": (
        "on ja siis vastaus että ovat se joten ei tämä yhteensä olkoon niin kun jos joka mutta myös "
        "tai hän ne saadaan sekä sen jokainen"
    ),
    "fr": (
        "le la les est sont et donc une un réponse des du de on que il dans soit pour par sur avec "
        "nous se ce cette ces qui ne pas plus au aux en son sa ses chaque alors si ou mais étape elle "
        "comme obtient puis"
    ),
    "hi": "है हैं का की के में और इसलिए से हम कुल को पर यह कि ने तो अब एक",
    "it": (
        "la il lo gli i è sono e di quindi risposta che una un dunque per sia del della dei delle con "
        "in nel nella si se non ogni sul alla al da come più ma anche passo ha le poi"
    ),
    "mr": "आहे आहेत आणि म्हणून आपण चे ची हे एकूण मग च्या ला ते हा ही एक आता",
    "ne": "हो छ छन् र त्यसैले को हामी जम्मा मानौं भयो मा यो त्यो ले का एक अब",
    "pl": (
        "jest są to i więc odpowiedź się zatem wynosi że na nie niech za a do z w o od dla jak po "
        "czyli każdy który oraz lub jeśli ma mamy krok ale przez"
    ),
    "pt": (
        "a o os as é são e portanto resposta uma um que não então do da dos das em no na nos seja "
        "logo para com por se cada ao mais como tem mas passo de temos agora"
    ),
    "ru": (
        "ответ значит это и в что мы равно равна поэтому из она он за пусть не на по для то как они с к но у же или"
    ),
    "sw": "ni na kwa jibu ya wa hiyo hivyo za tuna jumla la katika kila kama hii huu lakini au yake cha",
    "uk": ("відповідь отже це і що ми дорівнює тому з вона за нехай не на по для то як вони в до але у або та він"),
    "ur": "ہے ہیں کا کی کے میں اور جواب لہٰذا پس سے ہم کو پر یہ نے کہ تو ایک",
    "vi": "là và ta vậy đáp án số có của các được một cho với khi nếu trong này thì bằng mỗi không",
}
"""Words that any sentence of a language may hold, of the languages that share a script with another one."""

SHAHMUKHI = "نوں تے دا دی دے اے وچ نال ایہ اوہ توں ہن ست دیو ملدا ہوندا اسیں کردے"
"""Words that any sentence of Punjabi may hold where it is written in Arabic letters."""

ABBREVIATIONS = (
    "cm km kg mm ml log sin cos tan mod gcd lcm max min deg rad lim det exp arcsin arccos arctan pdf url html http "
    "https www vs id ok am pm"
)
"""What stands in Latin letters in texts of any language: units, functions, addresses."""
