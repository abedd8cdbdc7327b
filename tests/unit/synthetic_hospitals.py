"""A made-up directory of any size; `python -m tests.unit.synthetic_hospitals` measures reading with it."""

import sys
import time
from itertools import islice, product

from flows.reading.hospital_names import (
    Hospital,
    HospitalIndex,
    load_hospitals,
    load_short_names,
    read_hospital,
)
from flows.reading.hospitals.lexicon import lexicon

_CHARACTERS = "康宁安和仁慈德济民福寿泰华明光惠爱博友平健瑞祥嘉慧润泽颐恒远新广弘怀景悦"
_TAILS = (
    "人民医院",
    "第一人民医院",
    "第二人民医院",
    "中心医院",
    "中医院",
    "妇幼保健院",
    "儿童医院",
    "肿瘤医院",
)
_INEXACT = (
    *(
        "我想去北京谢和医院看看",
        "华溪医院",
        "香雅二医院",
        "省人民医院",
        "人民医院",
        "市一院",
        "附一",
        "张三丰医院",
    ),
    *(
        "首都医科大学附属北京天谈医院",
        "随便哪家都行",
        "不去协和，想去天坛",
        "中山大学付属第一医院",
        "上海协和",
    ),
    *(
        "四川大学華西醫院",
        "我爸在郑大一附院郑东院区做的手术",
        "北京协和、天坛、301都行，华西也可以",
        "beijing xiehe",
    ),
    "昨天在县里的医院看的，医生说建议去省城的大医院再查一下，最好是肿瘤医院，你们看安排哪家合适",
)


def synthetic_hospitals(count: int) -> tuple[Hospital, ...]:
    """Return `count` hospitals: the shipped ones, then invented ones spread over the cities."""
    shipped = load_hospitals()
    taken = {hospital.name for hospital in shipped}
    places = [(name, place) for name, place in lexicon().places.items() if place.level == "city" and not place.ending]
    invented = (
        Hospital(f"{city}市{tail}", "山东省", f"{city}市", "二级甲等", "公立")
        for tail, (city, _) in product((*_TAILS, *_named_tails()), places)
        if f"{city}市{tail}" not in taken
    )
    return (*shipped, *islice(invented, max(0, count - len(shipped))))


def _named_tails() -> list[str]:
    return [f"{a}{b}医院" for a, b in product(_CHARACTERS[:12], _CHARACTERS[12:])]


def _milliseconds(text: str, index: HospitalIndex) -> float:
    begun = time.perf_counter()
    read_hospital(text, index)
    return (time.perf_counter() - begun) * 1000


def measure(count: int, rounds: int) -> float:
    """Return the 95th percentile in milliseconds over the inexact texts with a directory of `count`."""
    index = HospitalIndex(synthetic_hospitals(count), load_short_names())
    times = sorted(_milliseconds(text, index) for _ in range(rounds) for text in _INEXACT)
    return times[int(len(times) * 0.95)]


if __name__ == "__main__":
    sys.stdout.write(f"p95 {measure(10_000, 30):.3f} ms\n")
