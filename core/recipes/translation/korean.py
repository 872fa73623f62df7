"""Korean words in their forms: particles and endings that depend on the sound before them.

A stem is what stands before -다 in the dictionary, with any words before it ("커피를 마시" for 커피를 마시다): an
ending changes the last syllable only. Irregular stems follow the standard grammar (국립국어원, 한글 맞춤법, §18).
Romanised names: topic 은/는, subject 이/가, object 을/를.
"""

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"  # a blank: no final consonant
STYLES = ("polite", "formal", "casual", "plain")  # 해요, 합니다, 해, 한다

D_IRREGULAR = ("듣", "걷", "묻", "싣", "깨닫")  # 듣다, 들어요
S_IRREGULAR = ("짓", "낫", "붓", "잇", "긋")  # 짓다, 지어요
B_REGULAR = ("입", "잡", "뽑", "씹", "접", "집", "좁")  # 입다, 입어요; other stems on ㅂ: 춥다, 추워요
B_BRIGHT = ("돕", "곱")  # 돕다, 도와요
CONTRACTED = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}  # 보아 봐, 주어 줘, 마시어 마셔, 되어 돼
ABSORBING = "ㅏㅓㅐㅔㅕ"  # 가아 가, 서어 서, 보내어 보내, 세어 세, 켜어 켜

COPULA = {
    "present": dict(zip(STYLES, ("이에요/예요", "입니다/입니다", "이야/야", "이다/다"), strict=True)),
    "past": dict(zip(STYLES, ("이었어요/였어요", "이었습니다/였습니다", "이었어/였어", "이었다/였다"), strict=True)),
}
IS_NOT = dict(zip(STYLES, ("아니에요", "아닙니다", "아니야", "아니다"), strict=True))


def split(syllable: str) -> tuple[str, str, str]:
    """Lead, vowel and tail of a Hangul syllable. Raises ValueError for any other character."""
    code = ord(syllable) - 0xAC00
    if not 0 <= code < 11172:
        raise ValueError(f"{syllable!r} is no Hangul syllable.")
    return LEADS[code // 588], VOWELS[code % 588 // 28], TAILS[code % 28]


def join(lead: str, vowel: str, tail: str = " ") -> str:
    return chr(0xAC00 + LEADS.index(lead) * 588 + VOWELS.index(vowel) * 28 + TAILS.index(tail))


def tail(word: str) -> str:
    """The final consonant, or a blank."""
    return split(word[-1])[2]


def with_tail(word: str, consonant: str) -> str:
    lead, vowel, _ = split(word[-1])
    return word[:-1] + join(lead, vowel, consonant)


def particle(word: str, pair: str) -> str:
    """The word with the form that fits: "은/는" is 은 after a consonant, 는 after a vowel; 로 also after ㄹ."""
    after_consonant, after_vowel = pair.split("/")
    closed = tail(word) != " " and not (after_vowel == "로" and tail(word) == "ㄹ")
    return word + (after_consonant if closed else after_vowel)


def topic(word: str) -> str:
    return particle(word, "은/는")


def subject(word: str) -> str:
    """내가, 제가, 네가 and 누가 are their own forms."""
    own = {"나": "내가", "저": "제가", "너": "네가", "누구": "누가"}
    return own.get(word) or particle(word, "이/가")


def object_(word: str) -> str:
    return particle(word, "을/를")


def with_(word: str, style: str) -> str:
    """ "With" and "and": 친구와 as one writes, 친구하고, 친구랑 among friends."""
    if style == "casual":
        return particle(word, "이랑/랑")
    return word + "하고" if style == "polite" else particle(word, "과/와")


def is_(noun: str, style: str, tense: str = "present") -> str:
    """The noun as a predicate: 학생이에요, 의사예요."""
    return particle(noun, COPULA[tense][style])


def is_not(noun: str, style: str) -> str:
    return f"{particle(noun, '이/가')} {IS_NOT[style]}"


def before_vowel(stem: str) -> str:
    """What an irregular stem turns into before a vowel: 듣 들, 짓 지, 춥 추우 (regular ones stay)."""
    if stem.endswith(D_IRREGULAR):
        return with_tail(stem, "ㄹ")
    if stem.endswith(S_IRREGULAR):
        return with_tail(stem, " ")
    if tail(stem) == "ㅂ" and not stem.endswith(B_REGULAR):
        return with_tail(stem, " ") + "우"
    return stem


def infinitive(stem: str) -> str:
    """The stem with -아 or -어, contracted as it is spoken: 가, 봐, 마셔, 써, 몰라, 더워, 해."""
    _, vowel, final = split(stem[-1])
    if stem[-1] == "하":
        return stem[:-1] + "해"
    if stem.endswith(B_BRIGHT):
        return with_tail(stem, " ") + "와"
    if vowel == "ㅡ" and final == " ":
        return elided(stem)
    turned = before_vowel(stem)
    if final != " " and turned[-1] != "우":
        return turned + ("아" if vowel in "ㅏㅑㅗ" else "어")
    lead, vowel, _ = split(turned[-1])
    if vowel in ABSORBING:
        return turned
    return turned[:-1] + join(lead, CONTRACTED[vowel]) if vowel in CONTRACTED else turned + "어"


def elided(stem: str) -> str:
    """Stems on ㅡ: it falls away, and the vowel before it decides: 바쁘 바빠, 쓰 써, 모르 몰라."""
    lead = split(stem[-1])[0]
    bright = len(stem) > 1 and stem[-2] != " " and split(stem[-2])[1] in "ㅏㅗ"
    ending = "ㅏ" if bright else "ㅓ"
    if stem[-1] == "르":
        return with_tail(stem[:-1], "ㄹ") + join("ㄹ", ending)
    return stem[:-1] + join(lead, ending)


def with_eu(stem: str, ending: str) -> str:
    """An ending that begins with 으, 은, 을 or 읍; ㅡ falls away after a vowel and after ㄹ: 먹으면, 가면, 살면, 산."""
    turned = before_vowel(stem)
    open_ = tail(turned) == " " and not stem.endswith(S_IRREGULAR)
    if not open_ and (tail(turned) != "ㄹ" or stem.endswith(D_IRREGULAR)):
        return turned + ending
    if ending[0] == "으":
        drop = tail(turned) == "ㄹ" and split(ending[1])[0] in "ㄴㅂㅅ"
        return (with_tail(turned, " ") if drop else turned) + ending[1:]
    return with_tail(turned, split(ending[0])[2]) + ending[1:]


def with_neun(stem: str, ending: str = "는") -> str:
    """-는 and its like: ㄹ falls away before it (사는)."""
    return (with_tail(stem, " ") if tail(stem) == "ㄹ" else stem) + ending


def is_existence(stem: str) -> bool:
    """있다, 없다 and what is made of them (맛있다): half verb, half adjective."""
    return stem.endswith(("있", "없"))


def noun_form(stem: str, adjective: bool = False) -> str:
    """The present form before a noun: 먹는, 사는, 맛있는; 큰, 추운."""
    return with_eu(stem, "은") if adjective and not is_existence(stem) else with_neun(stem)


def past_stem(stem: str) -> str:
    """먹었, 갔, 했: takes endings as a stem of its own."""
    return with_tail(infinitive(stem), "ㅆ")


def formal(stem: str) -> str:
    return stem + "습니다" if tail(stem) not in " ㄹ" else with_tail(stem, "ㅂ") + "니다"


def plain(stem: str, adjective: bool = False) -> str:
    """The form of books and diaries: 간다, 먹는다; 크다, 있다, 싶다."""
    if adjective or is_existence(stem) or stem.endswith("싶") or tail(stem) == "ㅆ":
        return stem + "다"
    return stem + "는다" if tail(stem) not in " ㄹ" else with_tail(stem, "ㄴ") + "다"


def present(stem: str, style: str, adjective: bool = False) -> str:
    if style == "formal":
        return formal(stem)
    if style == "plain":
        return plain(stem, adjective)
    return infinitive(stem) + ("요" if style == "polite" else "")


def past(stem: str, style: str) -> str:
    """The past stem is a stem on ㅆ after which always 어 comes: 갔어요, 갔습니다, 갔어, 갔다."""
    stem = past_stem(stem)
    return stem + {"polite": "어요", "formal": "습니다", "casual": "어", "plain": "다"}[style]


def future(stem: str, style: str) -> str:
    return with_eu(stem, "을 ") + {"polite": "거예요", "formal": "겁니다", "casual": "거야", "plain": "것이다"}[style]


def ask(stem: str, style: str, tense: str = "present") -> str:
    """How a question ends, without its mark: 가요, 갑니까, 가, 가니; 갔어요, 갈 거예요."""
    if tense == "future":
        return with_eu(stem, "을 ") + {"polite": "거예요", "formal": "겁니까", "casual": "거야", "plain": "거니"}[style]
    done = past_stem(stem) if tense == "past" else stem
    if style == "formal":
        return formal(done).removesuffix("다") + "까"
    if style == "plain":
        return with_neun(done, "니")
    return (past if tense == "past" else present)(stem, style)


def tensed(stem: str, style: str, tense: str, adjective: bool = False) -> str:
    """The statement's form in any of the three tenses."""
    if tense == "present":
        return present(stem, style, adjective)
    return past(stem, style) if tense == "past" else future(stem, style)


def not_(stem: str, style: str) -> str:
    """A negated stem: 안 마시 as people speak, 마시지 않 as they write and with verbs made of a noun and 하."""
    words = stem.split(" ")
    long = len(words[-1]) > 1 and words[-1].endswith("하") and words[-1] != "좋아하"
    if long or style in ("formal", "plain"):
        return stem + "지 않"
    return " ".join([*words[:-1], "안", words[-1]])


def favour(stem: str, giving: str) -> str:
    """Doing something for somebody: 열어 주세요; 도와주다 and 빌려주다 are one word."""
    return infinitive(stem) + ("" if stem.endswith(("돕", "빌리")) else " ") + giving


def honour(stem: str, style: str, tense: str = "present") -> str:
    """Of people one looks up to: 가세요, 가십니다, 가셔, 가신다; 가셨어요."""
    raised = with_eu(stem, "으시")
    if tense == "past":
        return past(raised, style)
    return with_eu(stem, "으세요") if style == "polite" else present(raised, style)


DIGITS = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def sino(n: int) -> str:
    """Chinese numerals, for prices, minutes and dates: 3000 삼천, 15000 만 오천. 1 to 99,999,999"""
    if n >= 10_000:
        high = "만" if n // 10_000 == 1 else sino(n // 10_000) + "만"
        return f"{high} {sino(n % 10_000)}" if n % 10_000 else high
    read = ""
    for unit, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit = n // unit % 10
        read += (DIGITS[digit] if digit > 1 or unit == 1 else "") + (name if digit else "")
    return read


def native(n: int) -> str:
    """Native numerals as they stand before a counter: 세 (개), 스무 (살), 스물한 (살). 1 to 99"""
    return "스무" if n == 20 else NATIVE_TENS[n // 10] + NATIVE[n % 10]
