"""Chinese change over time: now decides."""

RULES = {
    # Then and now: now decides.
    "then=": "{part}很{a=} | {part}{all=} | {np}很{own=} | {np}还挺{own=} | {part}{deg_a=}",
    "then-": "{part}不太{a+} | 老是有{woe}",
    "then+": "从没有{woe} | {part}挺{a+}的",
    "now=": """{part}{deg_a=} | {part}很{a=} | {np}{deg_x=} | 变得很{own=} | 变得{own=}了 | {stay=} | {verdict=}
        {neg=}""",
    "now+": "问题都解决了 | 离不开它了 | 真香 | 越来越好了",
    "now-": "问题越来越多 | 彻底不行了 | 越来越差 | 越来越敷衍 | 让人一言难尽 | 只剩下失望",
    "time=": """以前{then~}，现在{now=} | 以前{then~}，现在却{stay=} | 刚开始{then~}，后来{now=}
        一开始{then~}，用了{span}{now=} | 原来{then~}，如今{now=} | 曾经{then~}，现在{now=}
        之前{then~}，最近{now=} | 刚开始觉得{x~}，过了{span}才发现{deg_x=} | 起初{then~}，{span}以后{now=}
        {span}前{then~}，现在{now=} | 去年{then~}，今年{now=} | 第一次{then~}，第二次{now=} | 以前{own~}，现在{own=}
        从{own~}变成了{own=} | 再也不{own~}了，{now=} | 已经不{own~}了，{now=} | 早些年{then~}，这几年{now=}
        更新前{then~}，更新后{now=} | 前{n}天{then~}，之后{now=} | {month}那次{then~}，这次{now=}
        以前总觉得{x~}，现在觉得{deg_x=} | 越{do}越{own=}""",
    "time+": """用了{span}了，还是很{own+} | {span}过去了，依然{own+} | {np}一如既往地{x+} | {part}比以前好多了
        终于不{own-}了 | {part}改进了不少 | {part}一直都很{a+} | 多年老顾客了，{part}始终很{a+}""",
    "time-": """用了{span}就不{own+}了 | 没几天就变得很{own-} | {part}早就没有以前{a+}了 | 再也找不回当年的{gem}
        {part}不像以前那么{a+}了 | {np}已经不是当初的样子了 | 越来越不{own+} | 好景不长，{now-}""",
}
