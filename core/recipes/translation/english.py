"""English words in their forms: articles, plurals, third person, past, and the clauses that are built with them.

A verb phrase is given by its base form, verb first: "drink coffee"; a form changes the first word only.
"""

from typing import NamedTuple


def listed(text: str) -> tuple[str, ...]:
    """The words of a text, one by one."""
    return tuple(text.split())


PLURALS = {"child": "children", "person": "people", "man": "men", "woman": "women", "knife": "knives", "fish": "fish"}
PASTS = {  # past, participle
    "be": ("was", "been"),
    "buy": ("bought", "bought"),
    "catch": ("caught", "caught"),
    "come": ("came", "come"),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drink": ("drank", "drunk"),
    "drive": ("drove", "driven"),
    "eat": ("ate", "eaten"),
    "feel": ("felt", "felt"),
    "get": ("got", "gotten"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "have": ("had", "had"),
    "hurt": ("hurt", "hurt"),
    "know": ("knew", "known"),
    "leave": ("left", "left"),
    "lend": ("lent", "lent"),
    "lose": ("lost", "lost"),
    "make": ("made", "made"),
    "meet": ("met", "met"),
    "read": ("read", "read"),
    "ride": ("rode", "ridden"),
    "run": ("ran", "run"),
    "see": ("saw", "seen"),
    "sell": ("sold", "sold"),
    "send": ("sent", "sent"),
    "sing": ("sang", "sung"),
    "sit": ("sat", "sat"),
    "sleep": ("slept", "slept"),
    "speak": ("spoke", "spoken"),
    "swim": ("swam", "swum"),
    "take": ("took", "taken"),
    "teach": ("taught", "taught"),
    "wear": ("wore", "worn"),
    "write": ("wrote", "written"),
}
DOUBLING = ("chat", "get", "run", "shop", "sit", "stop", "swim")  # getting, stopped
VOWEL_SOUND = ("hour", "honest")  # and "university" has none
NO_VOWEL_SOUND = ("uni", "euro", "used", "one")
GRADED = {"good": ("better", "best"), "bad": ("worse", "worst"), "far": ("farther", "farthest")}
LONG = ("famous", "polite", "honest", "boring", "useful", "tired", "modern")  # though they look short
DOUBLED = ("big", "hot", "sad", "thin", "fat", "wet")
CONTRACTED = {"am": "'m", "are": "'re", "is": "'s"}
NEGATIVE = {"am": "am not", "can": "can't", "will": "won't"}  # the others take n't
ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = listed("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
VOWELS = "aeiou"


def a(noun: str) -> str:
    sounds = (noun[0].lower() in VOWELS and not noun.startswith(NO_VOWEL_SOUND)) or noun.startswith(VOWEL_SOUND)
    return ("an " if sounds else "a ") + noun


def plural(noun: str) -> str:
    """Only the noun itself changes in "cup of coffee" and "pair of shoes"."""
    head, of, rest = noun.partition(" of ")
    before, space, word = head.rpartition(" ")
    return before + space + PLURALS.get(word, with_s(word)) + of + rest


def with_s(word: str) -> str:
    """-s of nouns and of the third person: boxes, cities, watches; days, books."""
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("go", "do", "tomato", "potato"):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in VOWELS else word + "s"


def count(n: int, noun: str) -> str:
    """one apple, three apples"""
    return f"{number(n)} {noun if n == 1 else plural(noun)}"


def number(n: int) -> str:
    """0 to 99 in words."""
    if n < 20:
        return ONES[n]
    return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")


def third(phrase: str) -> str:
    verb, space, rest = phrase.partition(" ")
    return {"have": "has", "be": "is"}.get(verb, with_s(verb)) + space + rest


def with_ed(verb: str) -> str:
    if verb in DOUBLING:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in VOWELS else verb + "ed"


def past(phrase: str) -> str:
    verb, space, rest = phrase.partition(" ")
    return (PASTS[verb][0] if verb in PASTS else with_ed(verb)) + space + rest


def participle(phrase: str) -> str:
    verb, space, rest = phrase.partition(" ")
    return (PASTS[verb][1] if verb in PASTS else with_ed(verb)) + space + rest


def generic(phrase: str) -> str:
    """As one speaks of doing it in general: "read a book" becomes "read books"."""
    for article in (" a ", " an "):
        before, found, noun = phrase.partition(article)
        if found:
            return f"{before} {plural(noun)}"
    return phrase


def ing(phrase: str) -> str:
    verb, space, rest = phrase.partition(" ")
    if verb in DOUBLING:
        verb += verb[-1]
    elif verb.endswith("ie"):
        verb = verb[:-2] + "y"
    elif verb.endswith("e") and not verb.endswith("ee") and verb != "be":
        verb = verb[:-1]
    return verb + "ing" + space + rest


def more(adjective: str) -> str:
    """bigger, happier, nicer, more interesting"""
    return GRADED[adjective][0] if adjective in GRADED else graded(adjective, "more ", "er")


def most(adjective: str) -> str:
    """the biggest, the happiest, the nicest, the most interesting"""
    return "the " + (GRADED[adjective][1] if adjective in GRADED else graded(adjective, "most ", "est"))


def graded(adjective: str, word: str, ending: str) -> str:
    """Short adjectives take an ending, the others a word: one syllable, or two that end on y."""
    if adjective.endswith("y") and adjective[-2] not in VOWELS:
        return adjective[:-1] + "i" + ending
    if len(adjective) > 6 or adjective in LONG:
        return word + adjective
    if adjective in DOUBLED:
        return adjective + adjective[-1] + ending
    return adjective + ending.removeprefix("e" if adjective.endswith("e") else "")


class Who(NamedTuple):
    """The subject of an English clause."""

    en: str  # as it stands within a sentence: "I", "my friend", "Tom"
    is_: str = "is"  # am, is or are

    @property
    def was(self) -> str:
        return "were" if self.is_ == "are" else "was"

    @property
    def does(self) -> str:
        return "does" if self.is_ == "is" else "do"

    @property
    def pronoun(self) -> bool:
        return self.en in PRONOUNS


PRONOUNS = ("I", "you", "he", "she", "it", "we", "they")
YOU = Who("you", "are")


def not_(auxiliary: str) -> str:
    return NEGATIVE.get(auxiliary) or auxiliary + "n't"


def be(who: Who, rest: str, tense: str = "present", negative: bool = False) -> str:
    """I'm tired; Tom is tired; he isn't tired; they weren't tired."""
    if tense == "past":
        return f"{who.en} {not_(who.was) if negative else who.was} {rest}"
    if who.pronoun and (not negative or who.is_ == "am"):
        return f"{who.en}{CONTRACTED[who.is_]}{' not' if negative else ''} {rest}"
    return f"{who.en} {not_(who.is_) if negative else who.is_} {rest}"


def do(who: Who, phrase: str, tense: str = "present", negative: bool = False, adverb: str = "") -> str:
    """I drink coffee; she doesn't drink coffee; they drank coffee; Tom won't drink coffee; Tom often drinks coffee."""
    if tense == "future":
        will = "won't" if negative else "will"
        return f"{who.en}'ll {phrase}" if who.pronoun and not negative else f"{who.en} {will} {phrase}"
    if negative:
        return f"{who.en} {not_('did' if tense == 'past' else who.does)} {phrase}"
    form = past(phrase) if tense == "past" else third(phrase) if who.is_ == "is" else phrase
    return f"{who.en} {adverb} {form}" if adverb else f"{who.en} {form}"


def ask(who: Who, phrase: str, tense: str = "present") -> str:
    """do you drink coffee, did Tom drink coffee, will they drink coffee"""
    auxiliary = {"present": who.does, "past": "did", "future": "will"}[tense]
    return f"{auxiliary} {who.en} {phrase}"


def ask_be(who: Who, rest: str, tense: str = "present") -> str:
    """are you tired, was Tom tired"""
    return f"{who.was if tense == 'past' else who.is_} {who.en} {rest}"


def sentence(text: str, mark: str = ".") -> str:
    """With a capital and its mark."""
    return text[0].upper() + text[1:] + mark
