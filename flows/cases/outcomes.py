"""How a case may end (办结), and what an end means for the uses that are still reserved [G2, OP-N10, IP-N12]."""

from typing import Final

COMPLETED = "completed"  # 完成
NO_INDICATION = "no_indication"  # 无指征 [IP-N4]
NO_SHOW = "no_show"  # 未赴约 [OP-N10, IP-N12]
CANCELLED = "cancelled"  # 客户取消
NOT_ELIGIBLE = "not_eligible"  # 不符合
IMPOSSIBLE = "impossible"  # 无法安排
UNREACHABLE = "unreachable"  # 联系不上
DUPLICATE = "duplicate"  # 重复
WENT_ELSEWHERE = "went_elsewhere"  # 已自行就诊
EMERGENCY = "emergency"  # 已急诊住院
WITHDRAWN = "withdrawn"  # 撤回同意
DECEASED = "deceased"  # 客户去世
SETTLED = "settled"  # 已处理: of what is no application

OF_APPLICATIONS: Final = (
    COMPLETED,
    NO_INDICATION,
    NO_SHOW,
    CANCELLED,
    NOT_ELIGIBLE,
    IMPOSSIBLE,
    UNREACHABLE,
    DUPLICATE,
    WENT_ELSEWHERE,
    EMERGENCY,
    WITHDRAWN,
    DECEASED,
)
OUTCOMES: Final = (*OF_APPLICATIONS, SETTLED)

SPENT = "spent"
FREED = "freed"
USE_DECISIONS: Final = (SPENT, FREED)
"""What a supervisor may decide of a use after a late cancellation."""
