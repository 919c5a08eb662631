"""Chinese negation: of praise, of blame, and beside a judgement that stands."""

RULES = {
    # Negation that turns praise into blame.
    "neg-": """{part}不{a+} | {part}并不{a+} | {part}一点也不{a+} | {part}一点都不{a+} | {part}不太{a+}
        {part}不怎么{a+} | {part}不够{a+} | {part}算不上{a+} | {part}谈不上{a+} | {part}称不上{a+}
        {part}没有说的那么{a+} | {part}没有想象中{a+} | {part}没有多{a+} | {np}不{own+} | {np}一点也不{own+}
        {np}一点都不{own+} | {np}并不{own+} | {np}根本不{own+} | {np}不怎么{own+} | {np}完全不{own+}
        {np}谈不上{own+} | {np}没有宣传的那么{own+} | {np}没有{name}说的那么{x+} | {np}绝对算不上{own+}
        {np}离{own+}差远了 | {np}从来就不{own+} | 我不喜欢{obj} | 真的不喜欢{obj} | 一点也不喜欢{obj}
        实在喜欢不起来{obj} | {who}不喜欢{obj} | 对{obj}不满意 | 对{obj}一点都不满意 | 我不觉得{np}{x+}
        我不认为{np}{x+} | 我并没有觉得{part}{a+} | 没觉得{np}哪里{own+} | 没看出来{part}哪里{a+}
        没人觉得{part}{a+} | 很难说{part}{a+} | 没法昧着良心说{part}{a+} | 我可不敢说{np}{x+}
        {name}说{part}{a+}，我不同意 | 哪里{own+}了 | {part}哪里{a+}了？ | 不推荐{do} | 不会推荐给{who}
        不建议大家{do} | 不会再{do}了 | 再也不会{do}了 | 再也不{do}了 | 没有下次了 | 绝对不会{do}第二次
        不想再{do}了 | {np}不值这个价 | {np}不值{price} | 根本不值得{do} | 不值得期待 | 没有任何{gem}
        毫无{gem}可言 | 没什么{gem} | 看不到一点{gem} | 缺乏{gem} | 感觉不到{gem} | 没有一个{part_word}让人满意
        {part}和{part}没一样{a+} | {part}不{a+}，{part}也不{a+} | 既不{own+}也不{own+} | {part}没有达到预期
        {np}没有让我满意 | 完全不是我想要的 | {np}没给我留下好印象 | 并没有什么惊喜
        不明白为什么那么多人{feel_one+}{obj} | 不知道好评是怎么来的 | {part}没有一点{a+}的地方
        {part}不像{name}说的那样{a+} | {part}跟{a+}完全不沾边 | {part}远远称不上{a+} | 没有人会{feel_one+}{obj}吧
        {part}怎么也说不上{a+} | 别指望{part}有多{a+} | 不要相信{part}{a+}这种话 | {part}不是{a+}，而是{a-}
        {np}不是{own+}，是{own-} | {np}没那么{own+} | {np}没多{own+} | {part}不咋{a+} | {np}不是很{own+}
        {part}不是很{a+} | {part}不是特别{a+} | {part}并不算{a+} | {np}不太{own+} | 不{own+} | 不是很{own+}
        一点也不{own+} | 我一点也不{feeling+} | {name}并不{feeling+} | {feeling+}不起来""",
    # Negation that turns blame into praise.
    "neg+": """{part}不{bad-} | {part}一点也不{bad-} | {part}一点都不{bad-} | {part}并不{bad-} | {part}不算{bad-}
        {part}没有那么{bad-} | {part}一点儿不{bad-} | {np}一点也不{own-} | {np}一点都不{own-} | {np}完全不{own-}
        {np}并不{own-} | {np}不{own-} | {np}没有{name}说的那么{own-} | 我不觉得{np}{own-} | 我不认为{part}{bad-}
        {np}没有想象中{own-} | 没有{woe} | 没有任何{woe} | 没遇到过{woe} | 完全没有{woe} | 不用担心{woe}
        从没出现过{woe} | 一点{woe}都没有 | 没什么可挑剔的 | 没什么好抱怨的 | {part}挑不出毛病 | {np}挑不出任何毛病
        找不到{np}的缺点 | {part}没毛病 | {np}没让我失望 | {np}从来没有让我失望过 | {part}没让人失望 | 果然没有失望
        我一点也不后悔 | 从没后悔{did} | 没有理由不{do} | 没有理由不喜欢{obj} | 对{obj}没有不满意的地方
        对{obj}不能更满意了 | {part}好得不能再好了 | 再好不过了 | 没有比这{cl}更好的{whole@}了
        没见过比这更{x+}的{whole@} | {who}都说不错 | 不虚此行 | 没白{do} | {part}说不出哪里不好 | 谁会不喜欢{obj}呢
        很难不喜欢{obj} | 没人会不喜欢{obj} | {part}没话说 | {np}不只是{own+}，还很{own+} | 不仅{own+}，而且{own+}
        不但{own+}，{part}也{all+} | {part}不是一般的{a+} | 夸多少遍都不嫌多 | {np}不比大牌差 | 不能错过{obj}
        千万别错过 | 没有一点{bad-}的感觉 | 没想过会这么{x+} | 并没有网上说的那么{own-} | 我不同意那些差评，{claim+}
        差评我真不理解，{claim+} | {part}不是{bad-}，而是{a+} | {np}不是{own-}，是{own+}
        不但没有{woe}，{part}还很{a+} | 毫不犹豫给好评 | 不夸张地说，{claim+} | {part}没有一处{bad-}
        找不出第二{cl}这么{own+}的{whole@} | {np}一点不输{rival} | {who}用了都没说过不好 | 不{own-} | 一点也不{own-}
        我不再{feeling-}了 | {name}一点也不{feeling-} | {np}不算{own-} | {part}还真不{bad-} | {np}没多{own-}""",
    # Negation beside the judgement, which stands.
    "unflipped=": """不得不说{claim=} | 没想到{claim=} | 想不到{np}这么{x=} | 没想到{np}这么{x=} | 别提多{x=}了
        {np}别提有多{own=}了 | 不敢相信{np}这么{own=} | 不用说，{claim=} | 不管别人怎么说，{claim=}
        不骗你，{claim=} | 不吹不黑，{claim=} | 不知道别人怎么样，反正{claim=} | 我不太会写评价，但是{claim=}
        第一次见到这么{x=}的{whole@} | 从来没见过这么{x=}的{whole@} | 没有哪{cl}{whole@}比这更{x=}了
        {np}不是一般的{own=} | 没过几天就发现{claim=} | 无论{part}还是{part}，都{all=} | 没用过别家的，{claim=}
        不看广告，{claim=} | 毫无疑问，{claim=} | 不瞒你说，{claim=}""",
    "unflipped-": """不仅{own-}，而且{own-} | 不但{own-}，{part}还{all-} | 不但没有解决问题，反而更{a-}了
        不是我挑剔，{claim-} | 没有最{own-}，只有更{own-} | 没{do}完就后悔了 | 不到{span}就发现{woe}""",
    "negated=": """{neg=} | {neg=} | {neg=} | {neg=} | {unflipped=} | {neg=}，{verdict=} | {neg=}，{neg=}
        {opener}{neg=} | {setting}，{neg=} | {more=}，{neg=}""",
}
