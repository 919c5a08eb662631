"""Chinese change over time: now decides."""

RULES = {
    # Then and now: now decides.
    "then=": """{part}很{a=} | {part}{all=} | {np}很{own=} | {np}还挺{own=} | {part}{deg_a=} | 很{own=} | 非常{own=}
        {part}一直很{a=} | 大家都觉得很{own=}""",
    "then-": """{part}不太{a+} | 老是有{woe} | 不{own+} | {part}不{a+} | 没什么{gem} | 经常有{woe} | 有点{own-}
        我不喜欢""",
    "then+": """从没有{woe} | {part}挺{a+}的 | 一点也不{own-} | 没有{woe} | 挺{own+}的 | 我特别喜欢 | 有{gem}
        {part}没得说""",
    "now=": """{part}{deg_a=} | {part}很{a=} | {np}{deg_x=} | 变得很{own=} | 变得{own=}了 | {stay=} | {verdict=}
        {neg=} | 很{own=} | 非常{own=} | {part}变{a=}了""",
    "now+": """问题都解决了 | 离不开它了 | 真香 | 越来越好了 | 再也没有{woe}了 | 越来越{own+} | 不{own-}了
        一点也不{own-}了 | 终于{own+}了""",
    "now-": """问题越来越多 | 彻底不行了 | 越来越差 | 越来越敷衍 | 让人一言难尽 | 只剩下失望 | 到处是{woe} | 不{own+}了
        一点也不{own+}了 | 越来越{own-} | 没有{gem}了 | 老是有{woe}""",
    "past": """以前 | 以前 | 从前 | 过去 | 原先 | 当初 | 早先 | 最初 | 起先 | 刚开始 | 一开始 | 开始的时候 | 头{n}天
        {span}前 | 去年 | 曾经 | 那时候 | 之前 | {month}以前 | 早些时候 | 本来 | 前几年 | 第一次{do}的时候""",
    "present": """现在 | 现在 | 如今 | 这阵子 | 近来 | 后来 | 最近 | 眼下 | 今年 | 慢慢地 | 渐渐地 | 没想到后来
        结果后来 | 过了{span} | 到现在 | 谁知后来 | 这次 | 今天 | 时间一长""",
    "turn": "换了老板 | 换了师傅 | 换了经理 | {month} | {name}接手 | 改版 | 升级",
    "time=": """以前{then~}，现在{now=} | 以前{then~}，现在却{stay=} | 刚开始{then~}，后来{now=}
        一开始{then~}，用了{span}{now=} | 原来{then~}，如今{now=} | 曾经{then~}，现在{now=}
        之前{then~}，最近{now=} | 刚开始觉得{x~}，过了{span}才发现{deg_x=} | 起初{then~}，{span}以后{now=}
        {span}前{then~}，现在{now=} | 去年{then~}，今年{now=} | 第一次{then~}，第二次{now=} | 以前{own~}，现在{own=}
        从{own~}变成了{own=} | 再也不{own~}了，{now=} | 已经不{own~}了，{now=} | 早些年{then~}，这几年{now=}
        更新前{then~}，更新后{now=} | 前{n}天{then~}，之后{now=} | {month}那次{then~}，这次{now=}
        以前总觉得{x~}，现在觉得{deg_x=} | 越{do}越{own=} | {past}{then~}，{present}{now=}
        {past}{then~}，{present}{now=} | {past}{then~}，{present}{now=} | {past}{then~}，{present}{now=}
        {past}{then~}，但{present}{now=} | {past}{then~}，可是{present}{now=} | {past}{then~}。{present}{now=}
        {past}{then~}，{turn}之后{now=} | 现在{now=}，{past}可是{then~} | 现在{now=}，{past}不是这样，{then~}
        如今{now=}，哪像{past}那么{own~} | 现在{now=}，不像{past}那么{own~} | 今年{now=}，去年{then~}
        自从{turn}，{now=} | 自从{turn}，就{now=} | 自从{turn}就变得{own=}了 | {turn}之后{now=}
        {turn}以后，{part}变得{a=} | {turn}之前{then~}，之后{now=} | {turn}之前一直都很{own~}，之后就{own=}了
        {then~}，直到{turn}，{now=} | 曾经很{own~}的{whole@}，如今{own=} | 曾经那么{own~}，如今这么{own=}
        当年{own~}的{whole@}现在{own=}了 | 从{own~}到{own=}，只用了{span} | 由{own~}变{own=}
        从以前的{own~}变成现在的{own=} | 不再{own~}，{now=} | {np}不再{own~}，{now=}
        {np}已经不再{own~}，现在{own=} | {past}不{own=}，现在{own=}了 | {past}不{own=}的，现在变得很{own=}
        {past}{own~}，现在不{own~}了 | {past}很{own~}，现在一点也不{own~}了 | {past}{x~}，{present}{x=}
        {past}觉得{x~}，{present}觉得{x=} | {name}{past}说{x~}，现在也说{x=} | {past}大家都说{x~}，现在都说{x=}
        我{past}觉得{np}{own~}，现在改变看法了，{x=} | 本来{then~}，没想到越来越{own=}
        一开始{then~}，没想到后来{now=} | 开头{own~}，结尾{own=} | 先{own~}后{own=}
        第一眼觉得{x~}，{do}久了才知道{x=} | {do}第一次{own~}，{do}第二次{own=} | 原以为会一直{own~}，没想到{now=}
        {part}越来越{a=} | {part}越来越{a=}了 | {np}越来越{own=} | 越来越{own=}了 | {part}一年比一年{a=}
        一天比一天{own=} | {part}一次比一次{a=} | {np}越做越{a=} | {part}变{a=}了 | {np}变得更{own=}了
        {part}从来没有这么{a=}过 | {span}了，还是那么{own=} | {do}了{span}，依然{own=} | 至今还是很{own=}
        从头到尾都很{own=} | {part}始终如一地{a=} | {part}从一开始就{a=}，到现在还是{a=} | 一直{own=}，从没变过
        {part}又变{a=}了 | 现在又{own=}起来了 | {setting}，{past}{then~}，{present}{now=}
        {opener}{past}{then~}，{present}{now=}""",
    "time+": """用了{span}了，还是很{own+} | {span}过去了，依然{own+} | {np}一如既往地{x+} | {part}比以前好多了
        终于不{own-}了 | {part}改进了不少 | {part}一直都很{a+} | 多年老顾客了，{part}始终很{a+} | 终于{own+}了
        总算{own+}了 | {part}终于{a+}了 | {part}总算像样了 | 终于没有{woe}了 | 总算没有{woe}了 | 再也没有{woe}了
        自从{turn}就没有{woe}了 | {woe}终于解决了 | {woe}的问题没有了 | 不再有{woe} | {part}大有改善
        {part}进步明显 | {part}有了很大提升 | {np}焕然一新 | {part}上了一个台阶 | {part}恢复了以前的水准，很{a+}
        找回了当年的{gem} | 恢复了往日的{gem} | {gem}又回来了 | {past}有{woe}，现在没有了
        {past}没有{gem}，现在有了 | {part}今非昔比，{a+}多了 | 慢慢喜欢上了{obj} | 从不喜欢到离不开
        {past}不喜欢{obj}，现在很喜欢 | 从路人变成了粉丝 | 又给了一次机会，没有失望 | {past}有些失望，现在很满意
        {past}不满意，改了之后很满意 | 熬过开头，后面{own+} | 慢热，越往后越{own+} | {part}从不{bad-}，现在也一样
        刚开始还担心会{own-}，{span}了一点也不{own-} | 告别了{woe} | 苦尽甘来，{now+} | 渐入佳境，{now+}""",
    "time-": """用了{span}就不{own+}了 | 没几天就变得很{own-} | {part}早就没有以前{a+}了 | 再也找不回当年的{gem}
        {part}不像以前那么{a+}了 | {np}已经不是当初的样子了 | 越来越不{own+} | 好景不长，{now-} | {part}不再{a+}了
        {np}不再{own+}了 | 再也没有以前的{gem}了 | {gem}不见了 | {gem}都没了 | 没有了当初的{gem}
        自从{turn}就没有{gem}了 | {part}一落千丈 | {part}每况愈下 | {part}大不如从前 | {part}开始走下坡路
        {part}明显退步了 | {part}今不如昔 | {part}跟以前没法比 | {part}缩水了 | {np}变味了 | {np}早已名不副实
        {past}没有{woe}，现在到处都是 | {past}有{gem}，现在没有了 | {woe}越来越多 | 又开始有{woe}了
        {past}喜欢{obj}，现在不喜欢了 | 从喜欢到讨厌 | 从粉丝变成路人 | 又给了一次机会，还是失望
        {past}很满意，现在很失望 | 等了{span}，还是不{own+} | 到现在还不{own+} | {part}从来没{a+}过，现在也一样
        到现在{part}也没变{a+} | {past}还行，后来就不行了 | 高开低走 | 虎头蛇尾，{now-}
        开头还{own+}，越往后越{own-} | 新鲜感一过，{now-} | 怀念以前的{gem} | 什么时候能像以前那么{own+}
        {now-}，回不去了 | 改了还不如不改 | 越改越{own-} | 越更新越{own-}""",
}
