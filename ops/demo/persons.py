"""Persons and places of the demo: names of common characters, telephone numbers of an unused block, real counties."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

REGIONS = Path(__file__).parents[2] / "shared" / "reference_data" / "regions.csv"

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
FIRST_NAMES = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力永健世广志义兴良海山仁波宁贵福生龙元全胜学祥才发"
    "武新利清飞彬富顺信子健冰云莲真环雪荣爱妹琴晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君"
)
ROADS = (
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "和平路",
    "文化路",
    "新华路",
    "胜利路",
    "长江路",
    "黄河路",
    "光明路",
    "幸福路",
    "迎宾大道",
    "滨河路",
    "朝阳路",
    "学府路",
    "体育路",
    "育才路",
    "工业大道",
    "振兴街",
)
ESTATES = (
    "花园小区",
    "阳光家园",
    "锦绣城",
    "金色水岸",
    "幸福里",
    "学府苑",
    "碧水湾",
    "城市春天",
    "和谐家园",
    "翠湖名邸",
)
PREFIXES = (
    "138",
    "139",
    "150",
    "151",
    "158",
    "159",
    "186",
    "187",
    "188",
    "189",
    "177",
    "133",
    "153",
    "180",
    "181",
    "199",
)
PERSONS = len(PREFIXES) * 10_000

PROVINCE_WEIGHTS = {
    "440000": 120,
    "330000": 85,
    "320000": 85,
    "370000": 65,
    "410000": 60,
    "110000": 62,
    "310000": 60,
    "130000": 55,
    "510000": 50,
    "340000": 42,
    "420000": 40,
    "430000": 40,
    "350000": 38,
    "210000": 34,
    "610000": 32,
    "230000": 26,
    "220000": 22,
    "140000": 26,
    "360000": 26,
    "450000": 26,
    "500000": 26,
    "530000": 22,
    "120000": 24,
    "520000": 16,
    "150000": 18,
    "620000": 12,
    "650000": 14,
    "460000": 9,
    "640000": 6,
    "630000": 4,
    "540000": 2,
}
"""Fictitious, after population and trade: the circulars of these months have no provinces."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_YOUNGEST = date(2003, 1, 1)


@dataclass(frozen=True, slots=True)
class HomeAddress:
    """A county in force, with the beginning of its addresses."""

    code: str
    prefix: str
    city: str


@cache
def counties() -> Mapping[str, tuple[HomeAddress, ...]]:
    """Return the counties in force of each province (GB/T 2260)."""
    with REGIONS.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] == "in_force"]
    names = {row["code"]: row["name"] for row in rows}
    places_by_province: dict[str, list[HomeAddress]] = defaultdict(list)
    for row in rows:
        if row["level"] != "COUNTY":
            continue
        province, city = names[row["province"]], names.get(row["city"] or "", "")
        # 北京市 is its own city
        upper = province if city == province else province + city
        places_by_province[row["province"]].append(
            HomeAddress(row["code"], upper + row["name"], city or row["name"])
        )
    return {province: tuple(places) for province, places in places_by_province.items()}


@cache
def provinces() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the provinces that have counties, and their cumulated weights."""
    codes = tuple(code for code in PROVINCE_WEIGHTS if code in counties())
    return codes, tuple(accumulate(PROVINCE_WEIGHTS[code] for code in codes))


def place(random: Random, province: str | None = None) -> HomeAddress:
    """Return a county of a province; without a province, of one chosen by weight."""
    if province is None:
        codes, weights = provinces()
        province = random.choices(codes, cum_weights=weights)[0]
    of_province = counties()[province]
    return of_province[int(random.random() * len(of_province))]


def name(random: Random) -> str:
    """Return a Chinese name of two or three characters."""
    return random.choice(SURNAMES) + "".join(random.choices(FIRST_NAMES, k=random.choice((1, 2, 2, 2, 2))))


def phone(number: int) -> str:
    """Return the mobile number of the nth person: block 0000 of a prefix, unique up to PERSONS."""
    serial, prefix = divmod(number % PERSONS, len(PREFIXES))
    return f"{PREFIXES[prefix]}0000{serial:04d}"


def address(random: Random, where: HomeAddress) -> str:
    """Return a street address in a county."""
    house, door = int(random.random() * 300) + 1, int(random.random() * 2800) + 101
    return f"{where.prefix}{random.choice(ROADS)}{house}号{random.choice(ESTATES)}{door}室"


def identity_card(random: Random, county: str) -> str:
    """Return a resident identity number with a correct check digit (GB 11643)."""
    born = _YOUNGEST - timedelta(days=int(random.random() * 21000))
    body = f"{county}{born:%Y%m%d}{int(random.random() * 1000):03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, body, strict=True))
    return body + _ID_CHECKS[total % 11]
