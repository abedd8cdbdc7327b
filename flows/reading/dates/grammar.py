"""The shapes in which people write dates: one pattern each, on text made even by `words`.

Order matters where two patterns begin at the same character: the more specific stands first.
"""

import re

from flows.reading.dates.numerals import CHINESE as CN
from flows.reading.dates.vocabulary import any_of

NUM = rf"(?:[0-9]{{1,2}}|[{CN}]{{1,3}})"
AFTER_WEEKDAY = rf"(?<=[周期拜][{CN}])"
ALONE = rf"(?:(?<![0-9{CN}])|{AFTER_WEEKDAY})"
END = r"(?=$|[,.;!?、()\"'~ ])"
JOIN = r"[-~到至>]{1,3}"
TAIL = rf"(?:{JOIN}(?P<d2>{NUM})(?:[日号]|(?![0-9{CN}月:点时./年天周个-])))?"
YEAR = rf"(?P<y>[0-9{CN}]{{2,7}})年"
YEAR_WORD = rf"(?<![以之{CN}0-9])(?P<ry>{any_of('years')})(?![纪龄])"
THEN = r"[,的]?"
MONTH_WORD = r"(?<![早晚以马上下])(?P<rm>(?:上{1,4}|下{1,4}|本|这|今|当)(?:一?个)?)月(?![经子])"
PLACE = r"(?![楼床线院门病诊厅窗馆机桌栋幢室房路店台大会店])"
UNIT = r"(?![次个人天周针期年岁点时分万千元块度倍级型类种片盒支例厘毫公斤cmk%])"
AFTER_BARE = rf"(?=那天|的|上午|下午|早上|晚上|中午|{JOIN}[0-9{CN}])"
BARE = (
    rf"(?:(?<=[0-9])(?![0-9:/-]|\.[0-9]){PLACE}{UNIT}(?![{CN}甲医附军中])"
    rf"|(?<=[{CN}]){END}|{AFTER_BARE})"
)
EDGE = rf"(?P<edge>初(?![{CN}])|底|末|头|尾|中(?=$|[,.;!?、的做查确拿出发])|年[初底末中尾])"
DAY = rf"(?:(?P<third>上中?|中下?|下)旬|{EDGE}|(?P<d>{NUM})(?:[日号]{{1,2}}{PLACE}|{BARE}){TAIL})?"
WEEK = r"(?:周|星期|礼拜)"
DAY_OF_WEEK = "[一二三四五六日天1-7]"
MORE = r"(?:[、,和]?(?P<more>[一二三四五六日天])(?=$|[、,和或到至都也一二三四五六日]))?"
LUNAR = r"(?:农历|阴历|旧历|古历|老历)"
FESTIVALS = "|".join(
    sorted((any_of(k) for k in ("festivals", "lunar_festivals", "solar_terms")), key=len, reverse=True)
)
SEASON = r"(?:(?P<season>[春夏秋冬])[天季]?|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度?)"
ENGLISH = rf"(?P<name>{any_of('months')})[a-z]*\.?"
MEASURE = r"(?![0-9:%°度万元块岁分点个年倍级期型斤]|[./][0-9]|-(?![0-9]{1,2}[./][0-9])[0-9]|[a-z]|厘米|毫米|公)"
TWO = "[0-9]{1,2}"
FREE = rf"(?:(?<![{CN}])|{AFTER_WEEKDAY})"
PERIODS = any_of("periods")

SHAPES = {
    "month_day_year": rf"(?<![0-9./-])(?P<a>{TWO})([-/. ])(?P<b>{TWO})\2(?P<y>[0-9]{{4}})(?![0-9])",
    "numeric": rf"(?<![0-9])(?P<y>[0-9]{{4}})(?:年(?P<m>{TWO})[-/.,](?P<d>{TWO})"
    rf"|[-/.](?P<m_>{TWO})[-/.月](?P<d_>{TWO})|([ ,、_])(?P<m__>{TWO})\6(?P<d__>{TWO}))"
    rf"[日号]{{0,2}}(?![0-9]|[./][0-9]){TAIL}",
    "short_numeric": rf"(?<![0-9./:a-z-])(?P<a>{TWO})([-/.])(?P<b>{TWO})\2(?P<c>{TWO})"
    r"[日号]{0,2}(?![0-9:%a-z]|[./-][0-9])",
    "same_day": r"(?P<rel>去年|上个?月)的?今[天日]",
    "lunar": rf"{ALONE}(?P<mark>{LUNAR})?的?(?:{YEAR}|{YEAR_WORD})?(?P<mark2>{LUNAR})?的?(?P<leap>闰)?"
    rf"(?P<m>[正腊冬]|{NUM})月份?(?P<d>初[{CN}]|{NUM})?[日号]?(?P<mark3>\({LUNAR}\))?",
    "new_year": rf"(?<![去今明前后])大?年初(?P<d>[{CN}])",
    "calendar": rf"{ALONE}(?:(?:(?P<era>民国)?{YEAR}|{YEAR_WORD}){THEN})?"
    rf"(?:(?P<m>{NUM})月(?![经子龄])|{MONTH_WORD})份?的?{DAY}",
    "festival": rf"(?:(?:{ALONE}{YEAR}|{YEAR_WORD}){THEN})?(?P<name>{FESTIVALS})",
    "short_festival": rf"(?:(?:{ALONE}{YEAR}|{YEAR_WORD}){THEN})?(?P<name>{any_of('short_festivals')})"
    rf"(?={END}|那天|当天|前|后|期间|假期)",
    "month_day_range": rf"(?<![0-9./:a-z{CN}])(?P<m>{TWO})[./](?P<d>{TWO})[-~到至](?P<d2>{TWO})"
    rf"[日号]?{MEASURE}",
    "month_numeric": rf"(?<![0-9./-])(?P<y>[0-9]{{4}})[-/.](?P<m>{TWO})月?{MEASURE}",
    "year_part": rf"(?:{ALONE}(?:(?P<y4>[0-9]{{4}}|[{CN}0-9]{{4,7}})年)|{YEAR_WORD}){THEN}"
    rf"(?:{SEASON}|{EDGE})?",
    "passed_time": rf"(?<![大小{CN}0-9])(?:(?<![^再我想要就得能等请,.;!?])(?P<over>过))?"
    rf"(?P<n>[0-9]{{1,4}}|[{CN}]{{1,5}}|半)(?P<more>[几多来余])?"
    r"(?:(?P<unit>天|日(?=[之以]?[前后])|周|年)|个?(?P<half>半)?(?P<long>星期|礼拜)"
    r"|个(?P<half_>半)?(?P<long_>月|周))"
    r"(?P<more_>[半多来余几])?(?P<dir>[之以]?前(?![往列去天])|[之以]?后(?![来天]))?",
    "hours": rf"(?:(?<![0-9])[0-9]{{1,4}}|(?<![{CN}])[{CN}]{{1,5}}|半)个?(?:小时|钟头|分钟|季度)"
    r"(?:[之以]?[前后])?",
    "season": rf"{SEASON}(?<=[度年])",
    "day_pair": r"(?P<pair>今明|明后|昨今)(?:两|2|二)?天",
    "day_word": r"(?P<stem>大大前|大大后|大前|大后|(?<![之以目当术产饭睡年月天周期然最先背大])[前后]"
    r"|今|昨|(?<![证说声文清光透])明)"
    r"(?P<word>天(?!性)|日(?!头|期|志|常)|(?<=[今昨明])(?:儿个?|个儿?(?!星期|礼拜|月|周)|早|晨|夜)|晚(?!期)|夜)",
    "cantonese": rf"(?P<word>{any_of('cantonese_days')})",
    "week": rf"(?P<rel>(?<![早晚以马上])上{{1,4}}|(?<![以一下])下{{1,4}}|这|本|今)(?P<one>一?个)?"
    rf"(?P<week>{WEEK})的?{WEEK}?(?:(?P<wd>{DAY_OF_WEEK})(?!次)|(?P<end>末))?{MORE}",
    "weekday": rf"(?:(?<![{CN}0-9几半每个隔单双])|{AFTER_WEEKDAY}){WEEK}"
    rf"(?:(?P<wd>{DAY_OF_WEEK})(?!次)|(?P<end>末)){MORE}",
    "day_range": rf"(?<![0-9.第/-]){FREE}(?P<a>{NUM})(?P<s>[日号])?{JOIN}(?P<b>{NUM})(?P<t>[日号]){PLACE}",
    "day": rf"(?<![0-9.第:/生每-]){FREE}(?P<d>{NUM})[日号]{{1,2}}{PLACE}(?![电文本元间内])",
    "month_day": rf"(?<![0-9./:a-z]){FREE}(?P<m>{TWO})(?:[./]|(?<!-[0-9])(?<!-[0-9]{{2}})-)(?P<d>{TWO})"
    rf"[日号]?{MEASURE}",
    "compact": r"(?<![0-9a-z./:号码单-])(?P<digits>[0-9]{4,8})(?![0-9a-z%:]|[./-][0-9])",
    "english": rf"(?:(?P<d>{TWO})(?:st|nd|rd|th)?(?:of)?[ -]?)?{ENGLISH}[ -]?"
    rf"(?:(?P<d2>{TWO})(?:st|nd|rd|th)?(?![0-9]))?(?:[, -]{{0,3}}(?P<y>[0-9]{{4}})(?![0-9]))?",
    "clock": rf"(?P<t>t)?(?P<p>{PERIODS})?(?:{ALONE}(?P<h>{NUM})(?:点钟?|时(?!候)|:(?=[0-9]{{2}}))"
    rf"(?P<mi>{TWO}(?![0-9])|半|[一三]刻|[{CN}]{{1,3}}(?=分))?(?:分(?!钟)|:[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?)"
    rf"(?(t)(?P<zone>z|[+-][0-9]{{2}}:?[0-9]{{2}})?)"
    rf"(?:{JOIN}(?:{PERIODS})?{NUM}(?:点半?|:[0-9]{{2}}))?(?P<p2>am|pm)?",
    "period": rf"(?P<p>{PERIODS})",
}
PATTERNS = {name: re.compile(shape) for name, shape in SHAPES.items()}
