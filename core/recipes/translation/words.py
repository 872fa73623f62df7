"""The words that the sentences are made of, each with its one translation.

Tables are text, so that they can be read and extended without Python: `한국어 = English`, separated by commas; a noun
that is not counted in English (water, bread) has a star.
"""

import re
from typing import NamedTuple

from core.recipes.translation.english import a, plural
from core.recipes.translation.korean import object_


class Noun(NamedTuple):
    ko: str
    en: str
    mass: bool = False  # no article, no plural

    @property
    def one(self) -> str:
        return self.en if self.mass else a(self.en)

    @property
    def many(self) -> str:
        return self.en if self.mass else plural(self.en)


class Phrase(NamedTuple):
    """A stem with what belongs to it, and the English base form: 커피를 마시, drink coffee."""

    ko: str
    en: str


class Place(NamedTuple):
    ko: str
    en: str  # as the subject of a sentence
    to: str  # "to the bank", "home"
    at: str  # "at the bank", "in Seoul"


def table(text: str) -> tuple[tuple[str, str], ...]:
    """ "책 = book, 빵 = *bread" -> (("책", "book"), ("빵", "*bread"))"""
    entries = (entry.split("=") for entry in text.replace("\n", " ").split(",") if entry.strip())
    return tuple((ko.strip(), en.strip()) for ko, en in entries)


def nouns(text: str) -> tuple[Noun, ...]:
    return tuple(Noun(ko, en.removeprefix("*"), en.startswith("*")) for ko, en in table(text))


def phrases(text: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(ko, en) for ko, en in table(text))


def with_objects(text: str) -> tuple[Phrase, ...]:
    """`verb = verb: object = object, ...` -> a phrase for each object; a line without a colon goes on with objects."""
    made = []
    for line in re.split(r"\n(?=.*:)", text.strip()):
        head, objects = line.split(":")
        verb, en = (part.strip() for part in head.split("="))
        made += [Phrase(f"{object_(noun)} {verb}", f"{en} {what}") for noun, what in table(objects)]
    return tuple(made)


def places(text: str, at: str) -> tuple[Place, ...]:
    return tuple(Place(ko, en, f"to {en}", f"{at} {en}") for ko, en in table(text))


KOREAN_MEN = table(
    "민수 = Minsu, 민준 = Minjun, 지훈 = Jihun, 현우 = Hyeonu, 준호 = Junho, 동현 = Donghyeon, 성민 = Seongmin"
)
KOREAN_WOMEN = table(
    "수진 = Sujin, 유나 = Yuna, 서연 = Seoyeon, 은지 = Eunji, 영미 = Yeongmi, 미나 = Mina, 지은 = Jieun"
)
KOREAN_NAMES = KOREAN_MEN + KOREAN_WOMEN
FOREIGN_MEN = table("톰 = Tom, 존 = John, 마이클 = Michael, 데이비드 = David")
FOREIGN_WOMEN = table("메리 = Mary, 앨리스 = Alice, 제인 = Jane, 수잔 = Susan")
FOREIGN_NAMES = FOREIGN_MEN + FOREIGN_WOMEN
MEN, WOMEN = KOREAN_MEN + FOREIGN_MEN, KOREAN_WOMEN + FOREIGN_WOMEN

ACTIONS = with_objects(
    """먹 = eat: 빵 = bread, 피자 = pizza, 김치 = kimchi, 비빔밥 = bibimbap, 라면 = ramen, 국수 = noodles,
    과일 = fruit, 고기 = meat
    마시 = drink: 커피 = coffee, 물 = water, 우유 = milk, 차 = tea, 주스 = juice, 맥주 = beer, 녹차 = green tea
    읽 = read: 책 = a book, 신문 = a newspaper, 소설 = a novel, 잡지 = a magazine
    보 = watch: 영화 = a movie, 텔레비전 = TV, 드라마 = a drama, 뉴스 = the news
    듣 = listen to: 음악 = music, 라디오 = the radio
    공부하 = study: 한국어 = Korean, 영어 = English, 프랑스어 = French, 수학 = math, 역사 = history, 과학 = science
    배우 = learn: 일본어 = Japanese, 중국어 = Chinese, 태권도 = taekwondo, 독일어 = German
    가르치 = teach: 영어 = English, 한국어 = Korean, 음악 = music, 수학 = math
    쓰 = write: 편지 = a letter, 이메일 = an email, 시 = a poem
    만들 = make: 케이크 = a cake, 김밥 = gimbap, 샐러드 = a salad
    하 = play: 축구 = soccer, 농구 = basketball, 야구 = baseball
    치 = play: 테니스 = tennis, 피아노 = the piano, 기타 = the guitar, 배드민턴 = badminton
    부르 = sing: 노래 = a song
    그리 = draw: 그림 = a picture
    찍 = take: 사진 = a picture
    하 = do: 숙제 = homework, 설거지 = the dishes, 빨래 = the laundry
    청소하 = clean: 방 = the room, 집 = the house, 부엌 = the kitchen, 교실 = the classroom
    만나 = meet: 친구 = a friend
    타 = ride: 자전거 = a bicycle
    타 = take: 버스 = the bus, 지하철 = the subway, 택시 = a taxi
    돕 = help: 친구 = a friend"""
)
ACTIONS += phrases(
    """수영하 = swim, 춤을 추 = dance, 일하 = work, 쉬 = rest, 운동하 = exercise, 요리하 = cook,
    산책하 = take a walk, 쇼핑하 = go shopping,
    친구에게 전화하 = call a friend, 친구와 이야기하 = talk with a friend,
    공원에서 달리 = run in the park, 친구와 놀 = play with a friend"""
)
ERRANDS = with_objects(
    """사 = buy: 가방 = a bag, 책 = a book, 시계 = a watch, 우산 = an umbrella, 모자 = a hat, 카메라 = a camera,
    꽃 = flowers
    사 = buy: 빵 = bread, 컴퓨터 = a computer, 구두 = shoes, 차 = a car, 치마 = a skirt, 의자 = a chair,
    안경 = glasses, 선물 = a present
    팔 = sell: 집 = the house, 차 = the car, 그림 = the picture, 컴퓨터 = the computer
    고치 = fix: 컴퓨터 = the computer, 자전거 = the bicycle, 시계 = the watch, 문 = the door
    빌리 = borrow: 책 = a book, 돈 = money, 우산 = an umbrella
    보내 = send: 편지 = a letter, 이메일 = an email, 돈 = money, 사진 = a picture"""
)
MISHAPS = with_objects(
    """잃어버리 = lose: 열쇠 = the key, 지갑 = the wallet, 우산 = the umbrella, 전화기 = the phone
    받 = receive: 편지 = a letter, 선물 = a present, 이메일 = an email"""
)
SKILLS = phrases(
    """수영하 = swim, 운전하 = drive, 요리하 = cook, 춤을 추 = dance, 스키를 타 = ski, 말을 타 = ride a horse,
    자전거를 타 = ride a bicycle, 피아노를 치 = play the piano, 기타를 치 = play the guitar,
    테니스를 치 = play tennis,
    바이올린을 켜 = play the violin, 한국어를 하 = speak Korean, 영어를 하 = speak English,
    프랑스어를 하 = speak French,
    중국어를 하 = speak Chinese, 한글을 읽 = read Hangul, 한자를 쓰 = write Chinese characters,
    김치를 만들 = make kimchi,
    불고기를 만들 = make bulgogi, 컴퓨터를 고치 = fix computers, 그림을 그리 = draw pictures"""
)

FOODS = nouns(
    """사과 = apple, 바나나 = banana, 오렌지 = orange, 딸기 = strawberry, 포도 = grape, 감자 = potato,
    토마토 = tomato,
    계란 = egg, 빵 = *bread, 치즈 = *cheese, 고기 = *meat, 생선 = *fish, 김치 = *kimchi, 비빔밥 = *bibimbap,
    불고기 = *bulgogi, 떡볶이 = *tteokbokki, 김밥 = *gimbap, 삼계탕 = *samgyetang, 피자 = *pizza, 국수 = *noodles,
    라면 = *ramen, 초콜릿 = *chocolate, 아이스크림 = *ice cream"""
)
DRINKS = nouns(
    """커피 = *coffee, 물 = *water, 우유 = *milk, 차 = *tea, 녹차 = *green tea, 주스 = *juice, 맥주 = *beer,
    와인 = *wine"""
)
LIKINGS = (  # by kind, so that like is compared with like
    FOODS,
    DRINKS,
    nouns("고양이 = cat, 개 = dog, 말 = horse, 새 = bird, 토끼 = rabbit, 거미 = spider, 뱀 = snake"),
    nouns("축구 = *soccer, 야구 = *baseball, 농구 = *basketball, 테니스 = *tennis, 수영 = *swimming"),
    nouns(
        "수학 = *math, 과학 = *science, 역사 = *history, 영어 = *English, 한국어 = *Korean, 음악 = *music, 미술 = *art"
    ),
    nouns("봄 = *spring, 여름 = *summer, 가을 = *fall, 겨울 = *winter"),
    nouns("비 = *rain, 눈 = *snow, 바다 = *the sea, 산 = *the mountains"),
    nouns("한국 음식 = *Korean food, 일본 음식 = *Japanese food, 중국 음식 = *Chinese food, 매운 음식 = *spicy food"),
    nouns("공포 영화 = horror movie, 한국 영화 = Korean movie, 만화책 = comic book, 소설 = novel"),
)
LIKED = tuple(noun for kind in LIKINGS for noun in kind)
THINGS = nouns(
    """책 = book, 가방 = bag, 우산 = umbrella, 시계 = watch, 모자 = hat, 연필 = pencil, 펜 = pen, 의자 = chair,
    책상 = desk,
    컴퓨터 = computer, 카메라 = camera, 자전거 = bicycle, 차 = car, 전화기 = phone, 열쇠 = key, 지갑 = wallet,
    컵 = cup,
    사진 = picture, 사전 = dictionary, 공책 = notebook, 기타 = guitar, 칼 = knife, 거울 = mirror"""
)
COUNTED = {  # by the word that counts them
    "개": nouns(
        """사과 = apple, 바나나 = banana, 오렌지 = orange, 감자 = potato, 토마토 = tomato, 계란 = egg, 가방 = bag,
        의자 = chair,
        모자 = hat, 시계 = watch, 컵 = cup, 책상 = desk, 우산 = umbrella, 침대 = bed"""
    ),
    "권": nouns("책 = book, 공책 = notebook, 사전 = dictionary, 소설 = novel, 잡지 = magazine"),
    "잔": nouns(
        """커피 = cup of coffee, 차 = cup of tea, 녹차 = cup of green tea, 물 = glass of water, 우유 = glass of milk,
        주스 = glass of juice, 와인 = glass of wine"""
    ),
    "병": nouns("맥주 = bottle of beer, 물 = bottle of water, 와인 = bottle of wine, 주스 = bottle of juice"),
    "조각": nouns("케이크 = piece of cake, 피자 = slice of pizza"),
    "장": nouns("표 = ticket, 사진 = picture, 엽서 = postcard"),
    "송이": nouns("꽃 = flower, 장미 = rose"),
    "대": nouns("차 = car, 자전거 = bicycle, 컴퓨터 = computer, 카메라 = camera"),
    "자루": nouns("연필 = pencil, 펜 = pen"),
    "켤레": nouns("구두 = pair of shoes, 양말 = pair of socks, 장갑 = pair of gloves"),
    "마리": nouns(
        "고양이 = cat, 개 = dog, 새 = bird, 토끼 = rabbit, 말 = horse, 소 = cow, 돼지 = pig, 닭 = chicken, "
        "물고기 = fish"
    ),
    "명": nouns("학생 = student, 친구 = friend, 아이 = child, 선생님 = teacher, 의사 = doctor, 손님 = guest"),
}
COUNTER = {noun.ko: counter for counter, counted in COUNTED.items() for noun in counted if " of " not in noun.en}
JOBS = nouns(
    """학생 = student, 선생님 = teacher, 의사 = doctor, 간호사 = nurse, 경찰관 = police officer, 요리사 = cook,
    가수 = singer,
    변호사 = lawyer, 기자 = reporter, 작가 = writer, 화가 = painter, 배우 = actor, 군인 = soldier,
    회사원 = office worker,
    운전기사 = driver, 소방관 = firefighter, 과학자 = scientist, 농부 = farmer, 대학생 = college student,
    은행원 = bank clerk,
    엔지니어 = engineer, 통역사 = interpreter, 사진작가 = photographer"""
)

SIBLINGS = nouns(
    "형 = older brother, 누나 = older sister, 오빠 = older brother, 언니 = older sister, 남동생 = younger brother, "
    "여동생 = younger sister"
)
YOUNG = nouns("아들 = son, 딸 = daughter, 조카 = nephew, 여동생 = younger sister, 남동생 = younger brother")

HOME = Place("집", "the house", "home", "at home")
SCHOOL = Place("학교", "the school", "to school", "at school")
WORK = Place("회사", "the office", "to work", "at work")
SITES = places(
    """병원 = the hospital, 은행 = the bank, 시장 = the market, 공원 = the park, 도서관 = the library,
    우체국 = the post office,
    식당 = the restaurant, 카페 = the cafe, 영화관 = the movie theater, 박물관 = the museum,
    백화점 = the department store,
    공항 = the airport, 호텔 = the hotel, 서점 = the bookstore, 약국 = the pharmacy, 빵집 = the bakery,
    동물원 = the zoo,
    수영장 = the swimming pool, 체육관 = the gym, 대학교 = the university, 해변 = the beach,
    슈퍼마켓 = the supermarket""",
    "at",
)
CITIES = places(
    """서울 = Seoul, 부산 = Busan, 대구 = Daegu, 인천 = Incheon, 대전 = Daejeon, 광주 = Gwangju, 제주도 = Jeju,
    뉴욕 = New York, 런던 = London, 파리 = Paris,
    도쿄 = Tokyo, 보스턴 = Boston, 베이징 = Beijing, 시드니 = Sydney, 호주 = Australia, 일본 = Japan, 캐나다 = Canada,
    독일 = Germany, 프랑스 = France""",
    "in",
)
COUNTRIES = table(  # and what their people are
    """한국 = Korean, 미국 = American, 일본 = Japanese, 중국 = Chinese, 프랑스 = French, 독일 = German,
    캐나다 = Canadian,
    호주 = Australian, 영국 = British, 스페인 = Spanish, 이탈리아 = Italian, 인도 = Indian, 러시아 = Russian"""
)

PAST_TIMES = table(
    """어제 = yesterday, 오늘 아침에 = this morning, 지난 주말에 = last weekend, 지난주에 = last week,
    어젯밤에 = last night,
    지난 토요일에 = last Saturday, 그저께 = the day before yesterday, 어제 저녁에 = yesterday evening"""
)
FUTURE_TIMES = table(
    """내일 = tomorrow, 다음 주에 = next week, 이번 주말에 = this weekend, 오늘 밤에 = tonight,
    모레 = the day after tomorrow,
    내일 아침에 = tomorrow morning, 오늘 오후에 = this afternoon, 다음 주말에 = next weekend"""
)
HABIT_TIMES = table(
    """매일 = every day, 매일 아침 = every morning, 주말마다 = every weekend, 매주 = every week,
    일요일마다 = every Sunday"""
)
HOW_OFTEN = table("자주 = often, 가끔 = sometimes")
