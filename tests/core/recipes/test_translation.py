"""The translator: Korean and English forms, the grammar, the corpus, decoding in batches, a tiny run of the recipe."""

import csv
import json
import unicodedata
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from core import checkpoints, tokenizer
from core.decoding import Cached, greedy
from core.recipes import runs
from core.recipes.translation import corpus, english, grammar, korean, recipe, translator
from core.recipes.translation.english import Who
from core.recipes.translation.parts import Draw, Pair
from core.tokenizer import EOS, SOS
from core.training import IGNORE, Trainer, main
from core.transformer import build
from core.translation import normalise

ME, TOM, THEY = Who("I", "am"), Who("Tom"), Who("they", "are")


@pytest.fixture(scope="module")
def made():
    return grammar.pairs(per_family=150)


# Korean


@pytest.mark.parametrize(
    "form, words",
    [
        (korean.topic, "책은 사과는 톰은 메리는 서울은"),
        (korean.subject, "책이 사과가 톰이 메리가 서울이"),
        (korean.object_, "책을 사과를 톰을 메리를 서울을"),
        (lambda w: korean.particle(w, "과/와"), "책과 사과와 톰과 메리와 서울과"),
        (lambda w: korean.particle(w, "으로/로"), "책으로 사과로 톰으로 메리로 서울로"),
        (lambda w: korean.is_(w, "polite"), "책이에요 사과예요 톰이에요 메리예요 서울이에요"),
        (lambda w: korean.is_(w, "casual"), "책이야 사과야 톰이야 메리야 서울이야"),
        (lambda w: korean.is_(w, "formal"), "책입니다 사과입니다 톰입니다 메리입니다 서울입니다"),
        (lambda w: korean.is_(w, "plain", "past"), "책이었다 사과였다 톰이었다 메리였다 서울이었다"),
        (lambda w: korean.with_(w, "casual"), "책이랑 사과랑 톰이랑 메리랑 서울이랑"),
    ],
)
def test_particles_follow_the_last_sound(form, words):
    assert [form(w) for w in ("책", "사과", "톰", "메리", "서울")] == words.split()


def test_pronouns_have_subject_forms_of_their_own():
    assert [korean.subject(w) for w in ("나", "저", "너", "누구", "우리")] == ["내가", "제가", "네가", "누가", "우리가"]


CONJUGATED = {  # dictionary stem: 해요, past, 합니다, 한다, -(으)면, -(으)ㄹ, -(으)ㄴ, -(으)세요
    "가": "가요 갔어요 갑니다 간다 가면 갈 간 가세요",
    "보": "봐요 봤어요 봅니다 본다 보면 볼 본 보세요",
    "오": "와요 왔어요 옵니다 온다 오면 올 온 오세요",
    "마시": "마셔요 마셨어요 마십니다 마신다 마시면 마실 마신 마시세요",
    "배우": "배워요 배웠어요 배웁니다 배운다 배우면 배울 배운 배우세요",
    "되": "돼요 됐어요 됩니다 된다 되면 될 된 되세요",
    "쉬": "쉬어요 쉬었어요 쉽니다 쉰다 쉬면 쉴 쉰 쉬세요",
    "보내": "보내요 보냈어요 보냅니다 보낸다 보내면 보낼 보낸 보내세요",
    "서": "서요 섰어요 섭니다 선다 서면 설 선 서세요",
    "켜": "켜요 켰어요 켭니다 켠다 켜면 켤 켠 켜세요",
    "먹": "먹어요 먹었어요 먹습니다 먹는다 먹으면 먹을 먹은 먹으세요",
    "앉": "앉아요 앉았어요 앉습니다 앉는다 앉으면 앉을 앉은 앉으세요",
    "공부하": "공부해요 공부했어요 공부합니다 공부한다 공부하면 공부할 공부한 공부하세요",
    "쓰": "써요 썼어요 씁니다 쓴다 쓰면 쓸 쓴 쓰세요",
    "잠그": "잠가요 잠갔어요 잠급니다 잠근다 잠그면 잠글 잠근 잠그세요",
    "부르": "불러요 불렀어요 부릅니다 부른다 부르면 부를 부른 부르세요",
    "모르": "몰라요 몰랐어요 모릅니다 모른다 모르면 모를 모른 모르세요",
    "듣": "들어요 들었어요 듣습니다 듣는다 들으면 들을 들은 들으세요",
    "걷": "걸어요 걸었어요 걷습니다 걷는다 걸으면 걸을 걸은 걸으세요",
    "받": "받아요 받았어요 받습니다 받는다 받으면 받을 받은 받으세요",
    "짓": "지어요 지었어요 짓습니다 짓는다 지으면 지을 지은 지으세요",
    "씻": "씻어요 씻었어요 씻습니다 씻는다 씻으면 씻을 씻은 씻으세요",
    "돕": "도와요 도왔어요 돕습니다 돕는다 도우면 도울 도운 도우세요",
    "입": "입어요 입었어요 입습니다 입는다 입으면 입을 입은 입으세요",
    "살": "살아요 살았어요 삽니다 산다 살면 살 산 사세요",
    "만들": "만들어요 만들었어요 만듭니다 만든다 만들면 만들 만든 만드세요",
}


@pytest.mark.parametrize("stem", CONJUGATED)
def test_verbs_are_conjugated(stem):
    found = [
        *(form(stem, "polite") for form in (korean.present, korean.past)),
        *(korean.present(stem, style) for style in ("formal", "plain")),
        *(korean.with_eu(stem, ending) for ending in ("으면", "을", "은", "으세요")),
    ]
    assert found == CONJUGATED[stem].split()


ADJECTIVES = {  # 해요, past, 합니다, plain, before a noun
    "춥": "추워요 추웠어요 춥습니다 춥다 추운",
    "크": "커요 컸어요 큽니다 크다 큰",
    "바쁘": "바빠요 바빴어요 바쁩니다 바쁘다 바쁜",
    "빠르": "빨라요 빨랐어요 빠릅니다 빠르다 빠른",
    "작": "작아요 작았어요 작습니다 작다 작은",
    "길": "길어요 길었어요 깁니다 길다 긴",
    "맛있": "맛있어요 맛있었어요 맛있습니다 맛있다 맛있는",
    "따뜻하": "따뜻해요 따뜻했어요 따뜻합니다 따뜻하다 따뜻한",
}


@pytest.mark.parametrize("stem", ADJECTIVES)
def test_adjectives_are_conjugated(stem):
    found = [korean.present(stem, "polite", True), korean.past(stem, "polite"), korean.formal(stem)]
    assert [*found, korean.plain(stem, True), korean.noun_form(stem, True)] == ADJECTIVES[stem].split()


def test_longer_forms():
    assert korean.with_neun("살") == "사는" and korean.with_neun("먹") == "먹는"
    assert korean.future("듣", "polite") == "들을 거예요" and korean.future("살", "plain") == "살 것이다"
    assert korean.ask("가", "formal") == "갑니까" and korean.ask("보", "plain", "past") == "봤니"
    assert korean.not_("커피를 마시", "polite") == "커피를 안 마시" and korean.not_("요리하", "polite") == "요리하지 않"
    assert korean.not_("커피를 마시", "formal") == "커피를 마시지 않" and korean.not_("좋아하", "casual") == "안 좋아하"
    assert korean.favour("저를 돕", "주세요") == "저를 도와주세요" and korean.favour("열", "줘") == "열어 줘"
    assert [korean.honour("살", style) for style in korean.STYLES] == ["사세요", "사십니다", "사셔", "사신다"]
    assert korean.honour("가", "polite", "past") == "가셨어요"


def test_what_is_no_hangul_is_refused():
    with pytest.raises(ValueError, match="'t' is no Hangul syllable"):
        korean.topic("cat")


def test_numerals():
    assert [korean.native(n) for n in (1, 4, 10, 20, 21, 35)] == ["한", "네", "열", "스무", "스물한", "서른다섯"]
    numbers = {
        7: "칠",
        10: "십",
        15: "십오",
        100: "백",
        1500: "천오백",
        10_000: "만",
        35_000: "삼만 오천",
        240_000: "이십사만",
    }
    assert {n: korean.sino(n) for n in numbers} == numbers


# English


def test_nouns():
    assert [english.a(w) for w in ("apple", "book", "honest man", "university", "umbrella")] == [
        *("an apple", "a book", "an honest man", "a university", "an umbrella"),
    ]
    words = ("book", "watch", "city", "day", "knife", "child", "tomato", "cup of coffee", "police officer")
    plurals = "books, watches, cities, days, knives, children, tomatoes, cups of coffee, police officers"
    assert [english.plural(w) for w in words] == plurals.split(", ")
    assert (
        english.count(1, "glass of water") == "one glass of water" and english.count(21, "dish") == "twenty-one dishes"
    )


def test_verbs():
    assert [english.third(v) for v in ("go home", "study", "play", "watch TV", "have lunch")] == [
        *("goes home", "studies", "plays", "watches TV", "has lunch"),
    ]
    assert [english.past(v) for v in ("go home", "study", "play", "stop", "like it", "buy a bag")] == [
        *("went home", "studied", "played", "stopped", "liked it", "bought a bag"),
    ]
    assert [english.ing(v) for v in ("swim", "write", "see", "eat", "lie")] == [
        "swimming",
        "writing",
        "seeing",
        "eating",
        "lying",
    ]
    assert english.participle("write a book") == "written a book" and english.generic("read a book") == "read books"


def test_clauses():
    assert (
        english.do(TOM, "drink tea") == "Tom drinks tea"
        and english.do(THEY, "drink tea", "future") == "they'll drink tea"
    )
    assert english.do(TOM, "drink tea", "past", negative=True) == "Tom didn't drink tea"
    assert (
        english.be(ME, "tired", negative=True) == "I'm not tired"
        and english.be(THEY, "tired", "past") == "they were tired"
    )
    assert english.ask(TOM, "drink tea") == "does Tom drink tea" and english.ask_be(THEY, "tired") == "are they tired"
    pairs = {"big": "the biggest", "happy": "the happiest", "nice": "the nicest", "interesting": "the most interesting"}
    assert {w: english.most(w) for w in pairs} == pairs and english.more("good") == "better"


# The grammar

KNOWN = [  # the first pairs of some families, so that a change of chance is seen
    ("곧 뵙겠습니다.", "See you soon."),
    ("현우야, 가르쳐 줘서 정말 고마워", "thank you so much for teaching me, Hyeonu"),
    ("저는 스물여덟 살이에요.", "I'm twenty-eight years old."),
]


def test_the_grammar_makes_the_same_pairs_again(made):
    assert grammar.pairs(per_family=150) == made
    assert grammar.pairs(per_family=20, seed=1) != grammar.pairs(per_family=20)
    first = [family[0] for family in grammar.pairs(per_family=1).values()]
    assert first[0] == grammar.OPENING and first[2:5] == KNOWN  # on every Python


def test_no_korean_sentence_has_two_translations():
    said: dict[str, str] = {}
    for family in grammar.pairs(per_family=600, seed=3).values():
        for pair in family:
            assert said.setdefault(pair.ko, pair.en) == pair.en, pair


def test_the_opening_example_is_in_the_material(made):
    assert grammar.OPENING == ("안녕하세요, 만나서 반가워요", "hey, good to know you")
    assert made["hellos"][0] == grammar.OPENING


def test_every_family_says_much_and_says_it_cleanly(made):
    assert len(made) >= 30 and len(made["hellos"]) > 20
    assert min(len(family) for name, family in made.items() if name != "hellos") >= 140
    for pair in (pair for family in made.values() for pair in family):
        assert unicodedata.is_normalized("NFC", pair.ko) and not set("{}=*_") & set(pair.ko + pair.en), pair
        assert all(side == " ".join(side.split()) for side in pair), pair
        assert (pair.ko[-1] in ".?") == (pair.en[-1] in ".?") and (pair.ko[-1] == "?") == (pair.en[-1] == "?"), pair
        starts_small = pair.en[0].islower()
        assert starts_small <= (pair.ko[-1] not in ".?"), pair
        assert normalise(pair.ko) == pair.ko


def test_a_bare_sentence_has_no_capital_but_that_of_names():
    assert grammar.bare(Pair("안녕.", "Hi.")) == ("안녕", "hi")
    assert grammar.bare(Pair("톰은 갔다.", "Tom went.")) == ("톰은 갔다", "Tom went")
    assert grammar.bare(Pair("바빠요.", "I'm busy.")) == ("바빠요", "I'm busy")


# The corpus


def write_pairs(path, n: int = 300):
    """Pairs that no grammar makes; some share a side, as the real ones do."""
    rows = [f"새 문장 {i}번!\tNew sentence number {i // 2}!\tby nobody" for i in range(n)]
    path.write_text("\n".join([*rows, "마침표가 없다\tNo full stop.\tx", rows[0]]), encoding="utf-8")
    return path


def test_real_pairs_are_read(tmp_path):
    pairs = corpus.read(write_pairs(tmp_path / "pairs.tsv"))
    assert len(pairs) == 301 and pairs[0] == ("새 문장 0번!", "New sentence number 0!")
    assert pairs[-1] == ("마침표가 없다.", "No full stop.")
    (tmp_path / "odd.tsv").write_text("가\ta\n나 b", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.tsv, line 2: Korean and English must be separated by a tab"):
        corpus.read(tmp_path / "odd.tsv")


def test_no_sentence_is_on_both_sides(tmp_path, made):
    found = corpus.split(corpus.read(write_pairs(tmp_path / "pairs.tsv")), made)
    sides = [{corpus.key(s) for family in part.values() for pair in family for s in pair} for part in found]
    assert not sides[0] & sides[1]
    for name, family in made.items():
        assert sorted(found.train[name] + found.test[name]) == sorted(family)
    assert grammar.OPENING in found.train["hellos"]
    share = [len(part[corpus.REAL]) for part in found]
    assert sum(share) == 301 and 0.03 < share[1] / sum(share) < 0.15


def test_pairs_hang_together_by_either_side():
    pairs = [Pair("가.", "A."), Pair("가!", "B."), Pair("나.", "b"), Pair("다.", "C.")]
    group = corpus.groups(pairs)
    assert len({group[k] for k in ("가", "나", "a", "b")}) == 1 and group["다"] == group["c"] != group["a"]


def test_a_real_pair_yields_to_the_grammar():
    said = {"hellos": [grammar.OPENING, Pair("안녕.", "Hi.")]}
    found = corpus.split([Pair("안녕!", "Hello!"), Pair("누구?", "Who?")], said)
    assert found.train[corpus.REAL] + found.test[corpus.REAL] == [("누구?", "Who?")]


def test_decomposed_hangul_is_composed():
    assert normalise(unicodedata.normalize("NFD", " 안녕하세요,\n 만나서 반가워요 ")) == grammar.OPENING.ko


# The recipe


@pytest.fixture(scope="module")
def tokens(made, tmp_path_factory):
    text = [side for family in made.values() for pair in family for side in pair]
    return tokenizer.train(text, tmp_path_factory.mktemp("vocabulary") / "m", 1400, "unigram")


def tiny_config(**changes):
    sizes = {"vocab": 1400, "d_model": 16, "n_heads": 2, "n_layers": 2, "d_ff": 24, "context": 48, "dropout": 0.1}
    return replace(recipe.CONFIG, **sizes | changes)


def test_the_vocabulary_gives_every_sentence_back(tokens, made):
    for pair in (pair for family in made.values() for pair in family[:40]):
        assert [tokens.decode(tokens.encode(side).ids) for side in pair] == list(pair)
    for odd in ("쀍뛟 🙂 naïve ™", "", " 두  칸 "):
        assert tokens.decode(tokens.encode(odd).ids) == odd


def test_every_cut_spells_the_sentence(tokens):
    cutter, draw = recipe.Cutter(tokens), Draw("cuts")
    text = "저는 어제 친구와 영화를 봤어요."
    cuts = {tuple(cutter.cut(text, draw)) for _ in range(60)}
    assert {tokens.decode(cut) for cut in cuts} == {text} and 1 < len(cuts) <= recipe.WAYS
    assert tuple(cutter.ways(text)[0][0]) == tokens.encode(text).ids


def test_a_batch_is_a_third_real_and_the_same_again(tokens, made):
    train = made | {corpus.REAL: [Pair(f"문장 {i}", f"line {i}") for i in range(200)]}
    one, two = (recipe.Batches(train, tokens, seed=1) for _ in range(2))
    steps = range(1, 8)
    forth = {step: one(step) for step in steps}
    for step in reversed(steps):
        assert all(torch.equal(a, b) for a, b in zip(forth[step].inputs, two(step).inputs, strict=True))
        real, drawn = two.made[step - 1]
        assert all("문장" in pair.ko for pair in real) and not any("문장" in pair.ko for pair in drawn)
        assert 2 * len(real) == len(drawn) <= 64
    first = [pair for real, _ in two.made[:7] for pair in real]
    assert sorted(first) == sorted(train[corpus.REAL])  # an epoch


def test_targets_are_shifted_by_one_and_padding_is_hidden():
    (source, target, mask), wanted = recipe.collate([([7, 8, EOS], [SOS, 5, EOS]), ([9, EOS], [SOS, 4, 6, EOS])])
    assert source.tolist() == [[7, 8, EOS], [9, EOS, 0]] and target.tolist() == [[SOS, 5, 0], [SOS, 4, 6]]
    assert wanted.tolist() == [[5, EOS, IGNORE], [4, 6, EOS]]
    assert mask.tolist() == [[[True, True, True]], [[True, True, False]]]


def test_what_was_learnt_is_translated_at_once_as_one_by_one(tokens, made):
    pairs = [family[0] for family in made.values()][:6]
    model = build(tiny_config(d_model=32, d_ff=64, dropout=0.0), torch.Generator().manual_seed(3))
    rows = [(translator.source_ids(tokens, ko), translator.target_ids(tokens, en)) for ko, en in pairs]
    batch = recipe.collate(rows)
    changes = {"steps": 45, "lr": 2e-2, "warmup": 5, "label_smoothing": 0.0}
    steps = list(Trainer(model, replace(recipe.RECIPE, **changes), lambda step: batch))
    assert steps[-1].loss < 0.3 * steps[0].loss
    model.eval()
    assert translator.translate(model, tokens, [ko for ko, _ in pairs], batch=5) == [en for _, en in pairs]
    for source, target in rows:
        ask = Cached(model.decoder, memory=model.encoder(torch.tensor([source])).output)
        assert [step.chosen for step in greedy(ask, [SOS], EOS, 40)] == target[1:]
    first = translator.greedy_batch(model, [source for source, _ in rows], max_new=3)
    assert first == [target[1:-1][:3] for _, target in rows]


class Interrupted(runs.tqdm):
    """The progress bar of a run whose machine goes down after three steps."""

    def __iter__(self):
        for done in super().__iter__():
            if done.step == 3:
                raise KeyboardInterrupt
            yield done


@pytest.fixture
def tiny(monkeypatch, tmp_path, made):
    """The whole recipe, small enough for a test; gives a function that runs it from the command line."""
    changes = {"CONFIG": tiny_config(vocab=700), "EACH": {corpus.REAL: 4, "grammar": 8}, "LONGEST": 40, "EVERY": 2}
    changes |= {"MOMENTS": (0, 2), "TESTED": 2}
    changes["RECIPE"] = replace(recipe.RECIPE, steps=4, warmup=2)
    for name, value in changes.items():
        monkeypatch.setattr(recipe, name, value)
    monkeypatch.setattr(
        corpus, "pairs", lambda: {name: made[name][:60] for name in ("hellos", "dates", "rain", "likes")}
    )
    path = write_pairs(tmp_path / "pairs.tsv", 300)
    return lambda out, *more: main(["translate", "--corpus", str(path), "--out", str(out), "--threads", "1", *more])


def test_the_recipe_from_end_to_end_and_taken_up_again(tiny, tmp_path, monkeypatch, capsys):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    tiny(whole)
    with monkeypatch.context() as patch, pytest.raises(SystemExit, match="--resume"):
        patch.setattr(runs, "tqdm", Interrupted)
        tiny(parts)
    tiny(parts, "--resume")
    for name in ("model.safetensors", "tokenizer.model", "config.json", "training.csv"):
        assert (parts / name).read_bytes() == (whole / name).read_bytes(), name
    seen = load_file(whole / "attention.safetensors")
    assert all(torch.equal(seen[n], w) for n, w in load_file(parts / "attention.safetensors").items())
    assert [r["step"] for r in csv.DictReader((parts / "run" / "steps.csv").open())] == list("1234")
    check_what_was_made(whole, seen)
    assert "of unseen grammar sentences exactly right" in capsys.readouterr().out


def check_what_was_made(out, seen):
    model, tokens = checkpoints.load(out), checkpoints.load_tokenizer(out)
    assert model.config == recipe.CONFIG and tokens.vocab == 700
    measured = json.loads((out / "measured.json").read_text(encoding="utf-8"))
    assert measured["opening"] == translator.translate(model, tokens, [grammar.OPENING.ko])[0]
    assert 0 <= measured["exact"] <= 1 and measured["real_sentences"] > 10 and measured["recipe"]["steps"] == 4
    with safe_open(out / "attention.safetensors", "pt") as file:
        about = file.metadata()
    assert json.loads(about["moments"]) == [0, 2, 4]
    assert json.loads(about["sentences"]) == [list(pair) for pair in recipe.SENTENCES]
    for i, pair in enumerate(recipe.SENTENCES):
        t_q = len(translator.target_ids(tokens, pair.en)) - 1
        t_k = len(translator.source_ids(tokens, pair.ko))
        weights = seen[f"step4.sentence{i}"].float()
        assert weights.shape == (2, 2, t_q, t_k)
        assert weights.sum(-1).sub(1).abs().max() < 5e-3


def test_bleu_is_that_of_sacrebleu():
    pytest.importorskip("sacrebleu")
    assert recipe.bleu(["Tom read a good book."], ["Tom read a good book."]) == 100
    assert recipe.bleu(["Tom read a book."], ["We went home by bus."]) < 20 and recipe.bleu([], []) is None
