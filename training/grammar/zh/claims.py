"""Chinese plain statements: of things, of degree, and of people."""

RULES = {
    # Simple claims: clauses that can be joined with others.
    "claim=": """{part}{deg_a=} | {part}{deg_a=} | {np}{deg_x=} | {np}{deg_x=} | {fact=} | {fact=} | {fact=}
        {part}和{part}都{all=} | {np}的{part}{deg_a=} | {feel=}{obj} | {who}{feel=}{obj}
        {part}{deg_a=}，{part}也{all=}""",
    "claim+": "{gem}满满 | 有{gem}，有{gem} | {part}没的说 | {part}值得表扬",
    "claim-": "到处都是{woe} | 全是{woe} | {woe}一堆 | {part}太让人失望了",
    "verdict+": """下次还{do} | 还会再{do} | 强烈推荐 | 值得推荐 | 必须好评 | 五星好评 | 整体很满意 | 总体来说很满意
        物超所值 | 我还是很喜欢 | 会推荐给朋友 | 给满分 | 已经推荐给{who}了 | 值了 | 很开心 | 还是值得{do}的
        瑕不掩瑜 | 我给好评 | 好评""",
    "verdict-": """不会再{do}了 | 再也不{do}了 | 不推荐 | 不建议{do} | 必须差评 | 一星都嫌多 | 整体很失望
        总体来说很失望 | 不值 | 后悔了 | 避雷 | 拉黑了 | 不值得{do} | 给差评 | 只能给一星 | 太失望了 | 心凉了
        大家慎{do} | 钱白花了 | 果断放弃""",
    "more+": """赞 | 好评 | 太开心了 | 爱了爱了 | 真香 | 点赞 | 良心推荐 | 必须支持 | 继续加油 | 感谢{name}
        下次还来 | 开心一整天 | 超值 | 冲就完了 | 入股不亏 | 已回购""",
    "more-": """差评 | 垃圾 | 无语 | 气死我了 | 避雷 | 失望透顶 | 大家别上当 | 要求退款 | 恶心 | 浪费钱 | 浪费时间
        呵呵 | 心累 | 太坑了 | 智商税 | 踩雷了""",
    "plain=": """{claim=} | {claim=}，{claim=} | {claim=}，{claim=}，{verdict=} | {claim=}，{verdict=}
        {more=}，{claim=} | {claim=}，{more=} | {setting}，{claim=} | {setting}，{claim=}，{verdict=}
        {fact=}，{fact=} | {opener}{claim=} | {verdict=} | {more=}，{more=} | {opener}{np}{deg_x=}
        {part}{deg_a=}。{verdict=} | {setting}，{verdict=} | {name}说{part}{deg_a=}，我也这么觉得
        {fact=}，{part}也{all=} | {most=}的{whole@} | 这是我见过最{x=}的{whole@} | {whole@}{deg_x=}，{part}{deg_a=}
        {deg_x=} | 今天{very}{feeling=} | 我{very}{feeling=} | {feeling=}的一天 | {setting}，{very}{feeling=}
        {name}{very}{feeling=} | {fact=}，{very}{feeling=} | 真{own=} | 心情{very}{mind=} | {part}{a=}
        {np}{deg_x=} | {np}又{own=}又{own=} | {own=}，{own=}，{verdict=} | {part}{deg_a=}""",
    "most+": "最好 | 最棒 | 最满意 | 最喜欢 | 最值得推荐",
    "most-": "最差 | 最烂 | 最失望 | 最后悔 | 最坑人",
    "opener": """说实话， | 不得不说， | 真心觉得 | 个人感觉 | 讲真， | 说真的， | 我觉得 | 总的来说， | 老实说，
        怎么说呢， | 刚{did}， | 客观地说， | 跟大家说一下， | 作为老顾客，""",
    "setting": """和{name}一起去的 | {month}去的 | 第二次来{place} | {name}推荐的 | 在{place}{did} | {weekday}{did}
        送给{name}的 | 一家{n}口去的 | 趁活动{did} | 帮{who}选的 | {span}前{did} | 第一次来{place}
        之前没听说过{brand} | 我不常写评价 | 不是本地人 | 我没什么经验 | 路过{place} | 没做攻略
        {weekday}{hour}去的 | {month}{weekday}{did} | 排到{num}号 | 花了{price} | {n}个人一起 | 等了{num}分钟""",
    # Degrees, and wishes that things were otherwise.
    "degree=": """{np}{very}{own=} | {part}{very}{a=} | {part}{deg_a=} | {np}{deg_x=} | {np}{own=}得不行
        {np}{own=}到爆 | 真的{own=} | 真的是太{own=}了 | 要多{own=@}有多{own=@} | 真的真的很{own=} | {np}比较{own=}
        {np}可以说是相当{own=}了 | 越{do}越觉得{own=}""",
    "degree+": """{part}好到让人惊讶 | {part}还算{a+} | {np}还算{own+} | {np}挺{own+}的 | {part}蛮{a+}
        {part}还是很{a+}的 | {np}真{own+} | 好{own+}呀""",
    "degree-": """{part}差到让人惊讶 | {np}有点{own-} | {part}有点{a-} | {np}稍微有点{own-} | {np}有些{own-}
        {np}未免太{own-}了 | {part}有待提高 | {part}需要改进 | {part}有待加强 | 对{who}来说太{own-}了
        要是{part}{a+}一点就好了 | 要是{np}再{own+}一点就好了 | 希望{part}能{a+}一点 | 如果{part}{a+}的话我就不退了
        {part}本来可以更{a+}的 | 什么时候能把{part}做{a+} | {price}就这？ | 花了{price}，就给我看这个？
        {part}对不起这个价格 | {part}还差得远 | {np}过于{own-} | {part}配不上{price} | 期待越高失望越大
        {woe}太多了 | {woe}实在太多""",
    # People: who it is carries nothing.
    "person=": """{name}{very}{human=} | {name}这个人{very}{human=} | 我们{role}{very}{human=}
        {name}{role}{very}{human=} | {name}和{name}都很{human=} | {place}人很{human=} | 我{feel_human=}{name}
        {name}{feel_human=}{name} | {name}对人很{human=} | {name}是个{human=}的人 | {name}是我见过最{human=}的{role}
        遇到一位{human=}的{role} | {name}让我觉得很{mood=} | 和{name}共事很{mood=} | {name}做事很{human=}""",
    "person+": """{name}一点也不{human-} | {name}从不{human-} | 谢谢{name}，帮了大忙 | 好想{name}啊 | 多亏了{name}
        没有人比{name}更{human+} | {name}不仅{human+}，而且{human+} | 有{name}真好""",
    "person-": """{name}一点也不{human+} | {name}根本不{human+} | 我不信任{name} | 没人喜欢{name} | 受够{name}了
        {name}不仅{human-}，而且{human-} | 再也不想见到{name} | {name}又骗了我""",
    "human+": """热心 | 善良 | 负责 | 友好 | 温柔 | 耐心 | 专业 | 大方 | 幽默 | 真诚 | 认真 | 靠谱 | 有礼貌 | 细心
        体贴""",
    "human-": "自私 | 冷漠 | 傲慢 | 虚伪 | 懒 | 小气 | 粗鲁 | 马虎 | 刻薄 | 敷衍 | 暴躁 | 狡猾 | 无礼 | 势利",
    "feel_human+": "很喜欢 | 很佩服 | 很感激 | 特别欣赏 | 很信任",
    "feel_human-": "很讨厌 | 看不起 | 特别烦 | 恨死 | 受不了",
    "mood+": "开心 | 愉快 | 温暖 | 安心 | 幸福",
    "mood-": "难过 | 生气 | 心寒 | 恶心 | 压抑",
}
