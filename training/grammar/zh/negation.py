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
        一点也不{own+} | 我一点也不{feeling+} | {name}并不{feeling+} | {feeling+}不起来 | {part}{no}{a+}
        {part}{no}{a+} | {np}{no}{own+} | {np}{no}{own+} | {part}{hardly}{a+} | {part}{hardly}{a+}
        {np}{hardly}{own+} | {np}{hardly}{own+} | {np}{idiom-} | {part}{idiom-} | {np}真是{idiom-}
        {part}简直{idiom-} | 没有一处{a+} | {np}没有一处{a+}的地方 | 没有一个人说{part}{a+} | 没有谁会觉得{np}{own+}
        {part}没有哪点{a+} | 没人喜欢{obj} | 谁也不喜欢{obj} | {nobody}夸过{obj} | 没人对{obj}满意 | 没人愿意再{do}
        连{name}都不喜欢{obj} | 连{part}都不{a+} | 除了{part}，没一样{a+} | 从{part}到{part}，没有一样{a+}
        {part}和{part}都不{a+} | 从来没喜欢过{obj} | 从没觉得{np}{own+} | 我没有一次觉得{part}{a+}
        自始至终没觉得{part}{a+} | 有什么{own+}可言 | 何来{gem}可言 | 哪有什么{gem} | 哪有{gem}？
        {gem}在哪里？ | {part}哪点{a+}了？ | {np}{own+}在哪儿？ | 这也能叫{a+}？ | 这还叫{own+}？
        {np}怎么可能{own+} | 怎么好意思说{own+} | 谁敢说{part}{a+}？ | {np}能{own+}才怪 | 信{np}{own+}才怪
        {part}能{a+}才怪 | {part}跟{a+}不沾边 | {np}与{own+}无缘 | {part}离{a+}还差十万八千里
        {np}离{own+}还有很大距离 | 不要对{part}抱任何希望 | 别对{obj}抱期待 | 别指望{np}{own+} | 不用期待{gem}
        {do}了会后悔 | 白{do}了 | 打死也不{do}了 | 说什么也不{do}了 | 谁也别想让我再{do} | 没有理由再{do}
        没有再{do}一次的想法 | 没有勇气再{do} | 不打算再{do} | 我拒绝推荐{obj} | 不敢再{do}了
        {who}说什么也不肯再{do} | 没少让我{feeling-} | {np}没少出问题 | 少不了{woe} | 避免不了{woe} | 免不了{woe}
        {woe}没完没了 | {woe}就没断过 | {np}没一点{gem} | 半点{gem}都没有 | 一点{gem}都没有 | 丝毫没有{gem}
        谈何{gem} | 找不到一丝{gem} | 完全不见{gem} | 没有{gem}，只有{woe} | {np}并没有让人觉得{own+}
        {part}没能让我满意 | {part}没达到我的要求 | {part}不达标 | {part}不过关 | {part}不尽如人意
        {part}满足不了我的要求 | {part}配不上这个价 | {np}对不起这个价格 | {np}没法让人喜欢 | {np}让人喜欢不起来
        {part}让人{feeling+}不起来 | 谁也喜欢不起来{obj} | 不是说{part}不{a+}，只是{claim-} | 谁说{part}{a+}的？
        {part}没{name}吹得那么{a+} | 没有我想的那么{x+} | 没有传说中那么{x+} | {np}没有图片上那么{own+}
        {np}没有评论说的那么{own+} | {np}不像宣传的那么{own+} | 本可以很{own+}的，可惜没做到
        {np}该{own+@}的时候不{own+@} | {denied-} | {denied-} | {denied-} | {bare-} | {bare-} | {bare-} | {bare-}
        {bare-} | {bare-}""",
    "no": """不 | 并不 | 一点也不 | 一点都不 | 一点儿也不 | 丝毫不 | 根本不 | 压根不 | 完全不 | 绝对不 | 从来就不
        真的不 | 确实不 | 实在不 | 可不 | 绝不算 | 绝对不算 | 半点也不 | 压根就不 | 真不""",
    "hardly": """不太 | 不怎么 | 不够 | 不咋 | 不那么 | 不是很 | 不是特别 | 算不上 | 谈不上 | 称不上 | 说不上
        算不得 | 不能算 | 不见得 | 远远不够 | 远称不上 | 实在算不上 | 实在谈不上 | 没那么 | 没多""",
    "deny": """我不觉得 | 我不认为 | 我从不觉得 | 我从没觉得 | 没有人觉得 | 没人觉得 | 没人会觉得 | 谁也不觉得
        我们家没人觉得 | 我身边没人觉得 | 同行的人没一个觉得 | {name}也不觉得 | 我并不觉得 | 我一点也不觉得 | 我可没觉得
        怎么能说 | 谁会觉得 | 我不同意别人说 | 我不赞成别人说 | 别听人说""",
    "deny_praise": """不能说 | 很难说 | 不敢说 | 没法说 | 怎么也不能说 | 实在不能说 | 我没看出来
        恐怕没人会说 | 恕我看不出 | 真没觉得""",
    "claimed+": "{part}{a+} | {part}很{a+} | {np}{x+} | {np}很{own+} | {np}有多{own+} | {part}有多{a+} | {np}值得{do}",
    "claimed-": "{part}{bad-} | {np}{own-} | {np}很{own-} | {np}有多{own-} | {part}很{bad-} | {part}有什么问题",
    "nobody": "没人 | 没有人 | 没一个人 | 谁都没 | 家里没人",
    "idiom+": """无可挑剔 | 无与伦比 | 无懈可击 | 不负众望 | 名不虚传 | 不同凡响 | 无微不至 | 没的挑 | 没得挑 | 无出其右
        挑不出一点毛病 | 不负期待 | 好得没边了 | 没有短板 | 不可多得 | 没毛病 | 没挑的 | 没有槽点""",
    "idiom-": """一无是处 | 毫无可取之处 | 不尽人意 | 不敢恭维 | 名不副实 | 让人不忍直视 | 不值一提 | 无药可救
        不堪一提 | 没有一点可取之处 | 不像话 | 说不过去 | 没法看 | 不入流 | 不上心 | 不走心 | 无语至极 | 没救了
        毫无诚意""",
    "denied-": "{deny}{claimed+} | {deny_praise}{claimed+} | {deny}{claimed+}",
    "bare-": """不{own+} | 不太{own+} | 不怎么{own+} | 不够{own+} | 并不{own+} | 根本不{own+} | 完全不{own+}
        谈不上{own+} | 算不上{own+} | 称不上{own+} | 说不上{own+} | 没多{own+} | 没那么{own+} | 不算{own+}
        绝不{own+} | 没有{gem} | 毫无{gem} | 没什么{gem} | 缺{gem} | 不值 | 不行 | 不咋样 | 不咋地 | 不满意
        不太满意 | 不喜欢 | 不想再{do} | 不会再{do} | {idiom-} | {idiom-} | 哪里{own+}了？ | {own+}个啥 | 不好
        不太好 | 不怎么好 | 没意思 | 没劲 | 一点都不满意""",
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
        我不再{feeling-}了 | {name}一点也不{feeling-} | {np}不算{own-} | {part}还真不{bad-} | {np}没多{own-}
        {part}{no}{bad-} | {part}{no}{bad-} | {np}{no}{own-} | {np}{no}{own-} | {np}{idiom+} | {part}{idiom+}
        {np}真是{idiom+} | {part}可以说{idiom+} | {np}从不让人失望 | {np}从来没让人失望 | {part}没有一次让人失望
        {np}没让我失望过一次 | 没有一处不{a+} | {part}没有哪里不{a+} | {part}和{part}没有不{a+}的
        {part}、{part}无一不{a+} | 没有一个人说{part}{bad-} | 没有谁觉得{np}{own-} | 没人不喜欢{obj}
        没有人不夸{obj} | 我们没有一个人不满意 | {nobody}抱怨{obj} | {who}没少夸{obj} | 连{name}都挑不出毛病
        没有一点不满意 | 没有哪里不满意 | 没有任何可抱怨的 | 找不到差评的理由 | 很难挑出{part}的毛病
        很难不{feel_one+}{obj} | 不得不夸{obj} | 不能不夸{obj} | 不可能不喜欢{obj} | 没法不{feel_one+}{obj}
        想不{feel_one+}{obj}都难 | 怎么可能不喜欢{obj} | {np}怎么可能{own-} | 谁说{np}{own-}的？
        谁说{part}{bad-}的？ | 哪里{own-}了？明明很{own+} | 哪有什么{woe} | 哪来的{woe}，根本没有 | {woe}？没有的事
        {woe}？不存在的 | 不必担心{woe} | 不用怕{woe} | 再也不用担心{woe} | 不存在{woe} | 杜绝了{woe}
        {woe}一个都没有 | {woe}？一次都没有 | 没有半点{woe} | 丝毫没有{woe} | 看不到任何{woe} | 从来没有过{woe}
        零{woe} | 没有{woe}，只有{gem} | 没有{woe}，没有{woe} | 不缺{gem} | 从不缺少{gem} | {do}了不后悔
        {do}了绝对不后悔 | {do}了之后从没后悔过 | 不{do}你会后悔的 | 不{do}是你的损失 | 钱没白花 | 这钱花得不冤
        一点都不亏 | 没有白跑一趟 | 没有白等 | 不愧是{brand}，{claim+} | {np}没有辜负我的期待 | {part}没有辜负期待
        没有踩雷 | 没失望 | 果然没让我失望 | 离不开{np}了 | 少了{np}还真不行 | 没有{np}我可怎么办
        {np}哪里不{own+}了？ | {np}不能再{own+}了 | {part}不能更{a+}了 | 没有更{own+}的了 | {part}简直不要太{a+}
        {np}简直不要太{own+} | 不推荐都对不起{seller} | 不给好评都说不过去 | 不夸不行 | 夸都夸不过来
        {part}没我想的那么{bad-} | {np}没有评论说的那么{own-} | {np}没有网上说的那么{own-} | 没有我想的那么{own-}
        {np}不像{name}说的那么{own-} | 担心会{own-@}，结果一点也不{own-@} | 说{np}{own-}的人肯定没{do}过
        {np}跟{own-}完全不沾边 | {np}与{own-}无缘 | {denied+} | {denied+} | {denied+} | {bare+} | {bare+} | {bare+}
        {bare+} | {bare+} | {bare+}""",
    "denied+": "{deny}{claimed-}",
    "bare+": """不{own-} | 一点也不{own-} | 一点都不{own-} | 并不{own-} | 根本不{own-} | 完全不{own-} | 丝毫不{own-}
        不算{own-} | 压根不{own-} | 没有{woe} | 没有任何{woe} | 毫无{woe} | 一点{woe}都没有 | 零{woe} | 从没{woe}
        {idiom+} | {idiom+} | 不错 | 真不错 | 很不错 | 不赖 | 真不赖 | 一点都不差 | 不差 | 真的不差 | 并不差
        没话说 | 没失望 | 不后悔 | 不亏 | 没毛病 | 挑不出毛病 | 不能更满意 | 没什么可抱怨的 | 没有不满意的
        从不失望 | 没有槽点 | 好得不能再好""",
    # Negation beside the judgement, which stands.
    "unflipped=": """不得不说{claim=} | 没想到{claim=} | 想不到{np}这么{x=} | 没想到{np}这么{x=} | 别提多{x=}了
        {np}别提有多{own=}了 | 不敢相信{np}这么{own=} | 不用说，{claim=} | 不管别人怎么说，{claim=}
        不骗你，{claim=} | 不吹不黑，{claim=} | 不知道别人怎么样，反正{claim=} | 我不太会写评价，但是{claim=}
        第一次见到这么{x=}的{whole@} | 从来没见过这么{x=}的{whole@} | 没有哪{cl}{whole@}比这更{x=}了
        {np}不是一般的{own=} | 没过几天就发现{claim=} | 无论{part}还是{part}，都{all=} | 没用过别家的，{claim=}
        不看广告，{claim=} | 毫无疑问，{claim=} | 不瞒你说，{claim=} | 不得不承认，{claim=} | 不能不说{claim=}
        不得不说，{claim=} | 不可否认，{claim=} | 无可否认，{claim=} | 毫不夸张，{claim=} | 不是吹的，{claim=}
        不带偏见地说，{claim=} | 没人能否认{claim=} | 难道{np}不{own=}吗？ | 难道{part}不{a=}吗？
        难道这还不够{own=}吗？ | {np}能不{own=}吗？ | {np}怎么可能不{own=} | 谁说{np}不{own=}？
        谁敢说{np}不{own=}？ | 谁说{own~}了，明明很{own=} | 没有一个人不说{part}{a=} | 没有人不觉得{np}{own=}
        没有哪次不{own=} | {part}没有一次不{a=} | {part}和{part}无不让人觉得{a=} | 何止{own=@}，简直太{own=@}了
        不止{own=}，还{own=} | 不光{own=}，{part}也{all=} | 不单{own=}，而且{own=} | 不但{own=}，而且{own=}
        {np}不但{own=}，而且{own=} | {part}不但{a=}，而且{np}{deg_x=} | 不只是{part}{a=}，{part}也{all=}
        {part}{deg_a=}，更不用说{part}了 | 你不知道{np}有多{own=} | 没想到{np}会{own=}到这个地步
        不敢想象会这么{own=} | 没有什么比{np}更{own=} | 再也找不到这么{own=}的{whole@}了
        从没{do}过这么{own=}的{whole@} | 不说别的，{claim=} | 不信你{do}一次就知道，{claim=} | 不用多说，{claim=}
        没什么好说的，{claim=} | 不是我一个人觉得{x=} | 无非就是{own=}二字 | 不管什么时候{do}，都很{own=}
        不论{do}几次，都很{own=} | 无论如何，{claim=} | 我无法形容有多{own=} | {part}{a=}得没法形容
        没有之一，最{x=}的{whole@} | 别不信，{claim=}""",
    "instead=": """{np}不是{own~}，而是{own=} | 不是{own~}，是{own=} | {part}{a=}，而不是{a~} | {own=}，不是{own~}
        哪里是{own~}，分明是{own=} | 与其说{own~}，不如说{own=} | {np}非但不{own~}，还很{own=}
        不仅不{own~}，还很{own=} | 不但不{own~}，反而很{own=} | {part}不但不{a~}，反而很{a=}
        {np}并不{own~}，{own=}得很 | {np}一点也不{own~}，很{own=} | 说它{own~}是假的，其实很{own=}
        {part}绝非{a~}，而是{a=}""",
    "unflipped-": """不仅{own-}，而且{own-} | 不但{own-}，{part}还{all-} | 不但没有解决问题，反而更{a-}了
        不是我挑剔，{claim-} | 没有最{own-}，只有更{own-} | 没{do}完就后悔了 | 不到{span}就发现{woe}""",
    "negated=": """{neg=} | {neg=} | {neg=} | {neg=} | {neg=} | {denied=} | {denied=} | {bare=} | {unflipped=}
        {unflipped=} | {instead=} | {neg=}，{verdict=} | {neg=}，{neg=} | {opener}{neg=} | {setting}，{neg=}
        {more=}，{neg=}""",
}
