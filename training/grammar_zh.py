"""Chinese for grammar.py: lexicons and patterns of short sentences. How to read a rule is told there."""

import re
from random import Random

PLAN = {
    "plain+": 1500,
    "plain-": 1000,
    "negated+": 1400,
    "negated-": 1600,
    "contrast+": 1200,
    "contrast-": 1250,
    "degree+": 450,
    "degree-": 400,
    "compared+": 600,
    "compared-": 700,
    "time+": 450,
    "time-": 450,
    "person+": 350,
    "person-": 350,
    "framed+": 450,
    "framed-": 500,
    "emoji+": 300,
    "emoji-": 300,
    "told0": 2100,
    "daily0": 1950,
    "asked0": 1000,
    "shaped0": 800,
    "lukewarm0": 900,
}

COMMON = {
    # Words of judgement: `a` after a degree or 不, `s` strong predicates that stand alone, `bad` those 不 can turn.
    "a+": """好 | 棒 | 出色 | 优秀 | 理想 | 到位 | 给力 | 靠谱 | 用心 | 讲究 | 让人满意 | 令人满意 | 好 | 好
        让人放心 | 让人惊喜""",
    "s+": """无可挑剔 | 堪称完美 | 一流 | 顶级 | 没得说 | 超出预期 | 绝了 | 好到没朋友 | 可圈可点 | 不错 | 很不错
        真心不错 | 非常赞 | 满分 | 杠杠的 | 让人眼前一亮 | 值得点赞 | 无敌了 | 好得没话说 | 深得我心 | 太赞了
        令人惊艳 | 都在线 | 挺让人惊喜""",
    "a-": """差 | 差 | 烂 | 糟糕 | 差劲 | 敷衍 | 离谱 | 坑 | 让人失望 | 令人失望 | 糟心 | 粗糙 | 拉胯 | 让人生气
        让人无语 | 垃圾 | 气人""",
    "s-": """一塌糊涂 | 惨不忍睹 | 糟透了 | 烂透了 | 不堪入目 | 差到极点 | 一言难尽 | 令人发指 | 没法忍 | 简直是灾难
        不行 | 真不行 | 稀烂 | 劝退 | 辣眼睛 | 让人崩溃 | 漏洞百出 | 烂到家了 | 糊弄人 | 名不副实 | 差评 | 让人火大
        不敢恭维""",
    "bad-": "差 | 糟糕 | 敷衍 | 差劲 | 让人失望 | 粗糙",
    "x=": "{a=} | {own=} | {own=} | {own=}",
    "deg_a=": """很{a=} | 非常{a=} | 特别{a=} | 真的很{a=} | 超级{a=} | 太{a=}了 | 实在太{a=}了 | {a=}极了
        相当{a=} | {s=} | {s=} | {s=} | 真的{s=}""",
    "deg_a+": "挺{a+}的 | 蛮{a+}的 | 还挺{a+} | 十分{a+} | 都很{a+}",
    "deg_a-": "有点{a-} | 有些{a-} | 太{a-} | 也太{a-}了吧 | 这么{a-}",
    "deg_x=": """很{x=} | 非常{x=} | 特别{x=} | 真的很{x=} | 超级{x=} | 太{x=}了 | {x=}得不得了 | {x=}极了
        相当{x=} | {s=} | 又{own=}又{own=} | 十分{x=}""",
    "deg_x+": "挺{x+}的 | 蛮{x+}的 | 还挺{x+} | 确实{x+}",
    "deg_x-": "有点{x-} | 有些{x-} | 太{x-} | 也太{x-}了吧 | 实在太{x-}",
    # What is judged.
    "np": "这{cl}{whole@} | 这{cl}{whole@} | {named} | {named} | 他家的{whole@} | 那{cl}{whole@}",
    "obj": "这{cl}{whole@} | 这{cl}{whole@} | {named} | {np}的{part} | 这{cl}{whole@}的{part}",
    # Simple claims: clauses that can be joined with others.
    "claim=": """{part}{deg_a=} | {part}{deg_a=} | {np}{deg_x=} | {np}{deg_x=} | {fact=} | {fact=} | {fact=}
        {part}和{part}都{all=} | {np}的{part}{deg_a=} | {feel=}{obj} | {who}{feel=}{obj}
        {part}{deg_a=}，{part}也{all=}""",
    "claim+": "{gem}满满 | 有{gem}，有{gem} | {part}没的说 | {part}值得表扬",
    "claim-": "到处都是{woe} | 全是{woe} | {woe}一堆 | {part}太让人失望了",
    "all+": "很{a+} | 不错 | 非常{a+} | 没得说 | 挺{a+}",
    "all-": "很{a-} | 不行 | 非常{a-} | 太{a-}了 | 一塌糊涂",
    "feel+": "很喜欢 | 非常喜欢 | 特别喜欢 | 超爱 | 爱死 | 真心喜欢 | 很满意 | 特别满意 | 好喜欢 | 太喜欢",
    "feel-": """很讨厌 | 真受不了 | 特别反感 | 实在忍不了 | 很失望，尤其是 | 受够了 | 很烦 | 特别讨厌 | 后悔选了
        太讨厌""",
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
    "feeling+": "开心 | 高兴 | 幸福 | 激动 | 感动 | 欣慰 | 满足 | 自豪",
    "feeling-": "难过 | 伤心 | 郁闷 | 委屈 | 生气 | 绝望 | 烦躁 | 失落 | 心累",
    "mind+": "好 | 愉快 | 舒畅 | 不错",
    "mind-": "差 | 糟 | 低落 | 沉重",
    "most+": "最好 | 最棒 | 最满意 | 最喜欢 | 最值得推荐",
    "most-": "最差 | 最烂 | 最失望 | 最后悔 | 最坑人",
    "opener": """说实话， | 不得不说， | 真心觉得 | 个人感觉 | 讲真， | 说真的， | 我觉得 | 总的来说， | 老实说，
        怎么说呢， | 刚{did}， | 客观地说， | 跟大家说一下， | 作为老顾客，""",
    "setting": """和{name}一起去的 | {month}去的 | 第二次来{place} | {name}推荐的 | 在{place}{did} | {weekday}{did}
        送给{name}的 | 一家{n}口去的 | 趁活动{did} | 帮{who}选的 | {span}前{did} | 第一次来{place}
        之前没听说过{brand} | 我不常写评价 | 不是本地人 | 我没什么经验 | 路过{place} | 没做攻略
        {weekday}{hour}去的 | {month}{weekday}{did} | 排到{num}号 | 花了{price} | {n}个人一起 | 等了{num}分钟""",
    "who": "我妈 | 我爸 | 老婆 | 老公 | 孩子 | 朋友 | 同事 | 室友 | 闺蜜 | 家里老人 | {name} | 全家人 | 我弟 | 女儿",
    "name": """小王 | 小李 | 张伟 | 王芳 | 刘洋 | 陈静 | 李娜 | 赵磊 | 老周 | 阿明 | 小雨 | 孙悦 | 马超 | 朱琳
        胡军 | 郭敏 | 林晓 | 何叶 | 高翔 | 罗丹 | 梁宇 | 宋佳 | 谢婷 | 唐宁 | 韩冰 | 冯涛 | 董雪 | 萧然 | 程浩
        阿珍 | 艾力 | 卓玛 | 欧阳倩 | 老吴 | 安娜 | 小彤""",
    "place": """北京 | 上海 | 广州 | 深圳 | 成都 | 杭州 | 武汉 | 西安 | 南京 | 重庆 | 天津 | 苏州 | 长沙 | 郑州
        青岛 | 厦门 | 昆明 | 大连 | 沈阳 | 哈尔滨 | 济南 | 合肥 | 福州 | 南宁 | 贵阳 | 兰州 | 拉萨 | 乌鲁木齐 | 三亚
        桂林 | 香港 | 澳门 | 台北 | 东京 | 首尔 | 曼谷""",
    "brand": """华为 | 小米 | 苹果 | 三星 | 联想 | 海尔 | 格力 | OPPO | vivo | 索尼 | 戴尔 | 荣耀 | 飞利浦 | 松下
        佳能 | 海信 | TCL | 九阳 | 苏泊尔 | 小天鹅 | 安克 | 科沃斯 | 大疆 | 蓝岸 | 云栖 | 禾木 | 青橙""",
    "month": """一月份 | 二月份 | 三月份 | 四月份 | 五月份 | 六月份 | 七月份 | 八月份 | 九月份 | 十月份 | 十一月份
        年底 | 上个月""",
    "weekday": "周一 | 周二 | 周三 | 周四 | 周五 | 周六 | 周日 | 星期一 | 星期三 | 星期五",
    "n": "两 | 三 | 四 | 五 | 六 | 七 | 八 | 十",
    "ord": "一 | 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九 | 十",
    "d": "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9",
    "temp": "3 | 8 | 10 | 12 | 15 | 18 | 21 | 24 | 27 | 30 | 33 | 36",
    "num": "12 | 15 | 18 | 20 | 24 | 30 | 32 | 45 | 60 | 75 | 80 | 100 | 128 | 150 | 200 | 256 | 300 | 500",
    "hour": """七点 | 八点 | 八点半 | 九点 | 九点半 | 十点 | 十一点 | 12点 | 下午两点 | 下午三点半 | 下午五点
        晚上七点 | 18:30 | 上午10:20""",
    "price": "19块9 | 39元 | 59元 | 88元 | 99元 | 128元 | 一百多 | 299元 | 三百块 | 599元 | 一千出头 | 1999元",
    "span": "两天 | 三天 | 一个星期 | 半个月 | 一个月 | 三个月 | 半年 | 一年 | 两年 | 几天",
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
    "feel_one+": "喜欢 | 推荐 | 夸",
    "part_word": "地方 | 细节 | 方面 | 环节",
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
    # Concession: the main clause decides, wherever it stands.
    "side=": """{part}很{a=} | {part}{all=} | {np}很{own=} | {np}挺{own=} | {neg_side=} | {part}{deg_a=}
        {np}确实{own=} | {np}{deg_x=}""",
    "side+": "{part}还可以 | {part}还不错 | {part}不错",
    "side-": "{np}有点{own-} | {part}有点{a-} | {part}一般",
    "neg_side+": "{np}一点也不{own-} | {part}不{bad-} | 没有{woe}",
    "neg_side-": "{np}不{own+} | {part}不太{a+} | {part}不够{a+} | {part}不怎么{a+} | 没什么{gem}",
    "main=": "{claim=} | {claim=} | {verdict=} | {verdict=} | {neg=} | {part}{deg_a=} | {np}{deg_x=}",
    "contrast=": """虽然{side~}，但是{main=} | 虽然{side~}，但{main=} | 虽然{side~}，不过{main=}
        虽说{side~}，可{main=} | {side~}，但是{main=} | {side~}，但{main=} | {side~}，不过{main=}
        {side~}，可是{main=} | {side~}。但是{main=} | {side~}，然而{main=} | {side~}，还是{stay=}
        {side~}但是{main=} | {side~}不过{main=} | 尽管{side~}，但{main=} | 尽管{side~}，还是{stay=}
        尽管{side~}，我还是觉得{np}{deg_x=} | 即使{side~}，我还是{stay=} | 就算{side~}，{verdict=}
        {main=}，虽然{side~} | {main=}，尽管{side~} | 除了{part}{all~}，其他都{all=}
        除了{part}有待商榷，其余都{all=} | 除了{part}，其他都{all=} | 只有{part}{all~}，别的都{all=}
        {own~@}是{own~@}，但是{main=} | {own~@}是{own~@}，不过{main=} | {own~@}归{own~@}，{claim=}
        说是{own~}，其实{deg_x=} | 都说{np}{x~}，其实{deg_x=} | {name}说{np}{x~}，结果{main=}
        网上都说{part}{a~}，我倒觉得{deg_a=} | 本以为{np}会很{x~}，结果{main=} | 本来以为{x~}，没想到{main=}
        看着{own~}，实际上{deg_x=} | 看起来{own~}，用起来{deg_x=} | {side~}，但总体来说{main=}
        {side~}，但整体{all=} | 我承认{side~}，但{main=} | {side~}，话虽如此，{main=} | 抛开{part}不谈，{main=}
        {part}不算{a=}，但{main=} | {side~}，只不过{main=} | {side~}，{part}却{deg_a=} | {own~}，但{own=}""",
    "contrast+": """{side-}，好在{main+} | {side-}，幸好{main+} | {own-@}是{own-@}了点，但{main+}
        {side-}，瑕不掩瑜 | 原本没抱希望，{main+} | {side-}，但不影响我喜欢{obj} | 差点错过，还好{did}，{claim+}""",
    "contrast-": """{side+}，可惜{main-} | {side+}，就是{claim-} | {own+@}是{own+@}，就是{own-}
        {own+@}是{own+@}，可惜{claim-} | 本来很期待，{main-} | {side+}，奈何{claim-} | 抱着很大希望，结果{main-}
        图片上{own+}，实物{deg_x-} | 宣传得{deg_x+}，实际{deg_x-}""",
    "stay+": "很喜欢 | 让人满意 | 值得推荐 | 很满意 | 让人舒服 | 值得{do}",
    "stay-": "很失望 | 让人不满意 | 不推荐 | 很生气 | 让人难受 | 不值得{do}",
    # Degrees, and wishes that things were otherwise.
    "degree=": """{np}{very}{own=} | {part}{very}{a=} | {part}{deg_a=} | {np}{deg_x=} | {np}{own=}得不行
        {np}{own=}到爆 | 真的{own=} | 真的是太{own=}了 | 要多{own=@}有多{own=@} | 真的真的很{own=} | {np}比较{own=}
        {np}可以说是相当{own=}了 | 越{do}越觉得{own=}""",
    "very": "很 | 非常 | 特别 | 超级 | 极其 | 相当 | 十分 | 格外 | 超 | 真的很 | 巨",
    "degree+": """{part}好到让人惊讶 | {part}还算{a+} | {np}还算{own+} | {np}挺{own+}的 | {part}蛮{a+}
        {part}还是很{a+}的 | {np}真{own+} | 好{own+}呀""",
    "degree-": """{part}差到让人惊讶 | {np}有点{own-} | {part}有点{a-} | {np}稍微有点{own-} | {np}有些{own-}
        {np}未免太{own-}了 | {part}有待提高 | {part}需要改进 | {part}有待加强 | 对{who}来说太{own-}了
        要是{part}{a+}一点就好了 | 要是{np}再{own+}一点就好了 | 希望{part}能{a+}一点 | 如果{part}{a+}的话我就不退了
        {part}本来可以更{a+}的 | 什么时候能把{part}做{a+} | {price}就这？ | 花了{price}，就给我看这个？
        {part}对不起这个价格 | {part}还差得远 | {np}过于{own-} | {part}配不上{price} | 期待越高失望越大
        {woe}太多了 | {woe}实在太多""",
    # Comparison.
    "compared=": """{np}比{rival}{own=}多了 | {np}比{rival}{a=}多了 | {part}比{rival}{a=}多了
        {np}比{rival}还{own=} | {np}比{rival}更{own=} | {part}比以前更{a=}了 | {part}比{rival}{a=}
        比我想象的还要{x=} | 比预期{a=} | {np}是最{own=}的一{cl} | {np}是我见过最{x=}的{whole@}
        {place}最{x=}的{whole@} | 最{x=}的一次 | 今年最{x=}的{whole@} | 跟{rival}相比，{np}{own=}太多
        {rival}很{own~}，这{cl}很{own=} | {rival}{x~}，这{cl}{x=} | 不像{rival}那么{own~}，{np}很{own=}
        {part}一次比一次{a=} | 和{rival}一比，{np}显得更{own=} | {np}和{rival}一样{own=} | {rival}没有这{cl}{own=}
        {rival}比这{cl}{own~}多了""",
    "compared+": """{np}比{rival}强多了 | 比{rival}好太多 | {np}甩{rival}几条街 | {np}完胜{rival}
        {np}不比{rival}差 | {np}不输{rival} | {rival}不如这{cl} | {rival}没有这{cl}好 | 没有比这更好的了
        {np}没有{rival}那么{own-} | {part}没有{rival}那么{a-} | 还是{np}好 | 同价位里没有对手 | 没有哪家比得上
        {part}比{rival}好得多 | 性价比完爆{rival} | {part}有很大进步 | 终于有一{cl}{own+}的{whole@}了
        {np}丝毫不亚于{rival} | 换了这{cl}之后再也不想用{rival}了""",
    "compared-": """{np}不如{rival} | {np}不如{rival}{own+} | {part}不如{rival}{a+} | {np}没有{rival}{own+}
        {np}没有{rival}那么{own+} | {part}没有{rival}那么{a+} | {np}远不如{rival} | {np}比不上{rival}
        跟{rival}比差远了 | {np}被{rival}甩几条街 | {rival}都比这个强 | {rival}比这{cl}好多了
        {rival}比这个{own+}多了 | {part}大不如前 | {part}比以前差远了 | 没有比这更差的了 | 同价位里最不{own+}的
        随便哪家都比这{cl}强 | 还是{rival}好 | 早知道还不如用{rival} | 一代不如一代 | 一次不如一次
        {price}能{do}到更好的 | 别家的{part}比这里{a+}多了 | 还没有{rival}一半{a+} | 比最差的{whole@}还差
        {np}越来越不如{rival} | 我宁愿要{rival}""",
    "seller": "你们 | 他们 | 商家 | 官方 | 老板 | {name} | 负责人",
    "rival": "上一{cl} | 之前那{cl} | 以前那{cl} | {name}那{cl} | 去年那{cl} | 隔壁那{cl} | 别家的 | {place}那{cl}",
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
    "role": """老师 | 邻居 | 医生 | 老板 | 司机 | 服务员 | 教练 | 房东 | 护士 | 导游 | 经理 | 同事 | 客服 | 前台
        师傅 | 同学""",
    # Praise and blame in other clothes: questions that are none, mockery, advice.
    "framed+": """还有谁不喜欢{np}？ | 这么{x+}的{whole@}谁不爱？ | 怎么会有这么{x+}的{whole@}！ | 闭眼{do}就对了
        {who}催我再{do}一次 | 早点{do}就好了 | 相见恨晚 | 恨不得天天{do} | 谁说{np}{own-}？明明很{own+}
        {own-@}吗？一点也不{own-@} | 想要{own+}的{whole@}，就选这{cl} | 把{np}推荐给了所有人
        幸亏听了{name}的，{claim+} | 还犹豫什么，赶紧{do} | 谢谢{name}的推荐，{claim+} | 给{seller}点个赞，{claim+}
        {price}能有这样的{part}，值了 | 希望{seller}一直保持下去，{claim+} | 看了差评还担心，结果{claim+}
        {whole@}界的天花板 | {part}感动到我了 | 五颗星不够，想给十颗""",
    "framed-": """谁会喜欢{np}啊？ | 这么{x-}的{whole@}谁会{do}？ | 怎么会有这么{x-}的{whole@}！ | 这也叫{own+}？
        说好的{own+}呢？ | {own+}？呵呵 | 真是服了，{fact-} | 又是这样，{fact-} | 好一个“{own+}”，{fact-}
        {own+@}吗？一点也不{own+@} | 谁说{np}{own+}？明明很{own-} | 求求你们别{do}了 | 早知道就不{do}了
        谁{do}谁后悔 | 真后悔没听{name}的，{claim-} | 谢谢{seller}，{fact-} | 把{part}做好就这么难吗？
        {price}买了个教训 | 倒贴钱我都不{do} | 零分行不行 | 能打负分吗？ | 良心不会痛吗？ | 商家是把我们当傻子吗？
        好评都是刷的吧，{claim-} | 想要{own+}的{whole@}就别{do}了 | 建议{seller}好好反省，{claim-} | 厉害了，{fact-}
        如果可以，我想一颗星都不给 | 信了{name}的邪，{claim-} | 别被好评骗了，{claim-} | 我真是谢谢你，{fact-}""",
    # Emoji and emoticons, alone or the only sign.
    "emoji=": """{face=} | {face=}{face=} | {event}{face=} | {event}{face=} | {event}{face=}{face=}
        {claim=}{face=} | {neg=}{face=} | {face=}{event} | {face=}{face=}{face=} | {name}{face=} | {place}{face=}
        {part}{face=}""",
    "face+": """😀 | 😍 | ❤️ | 👍 | 😊 | 🥰 | 🎉 | 💯 | 🤩 | 😋 | 👏 | 😁 | 😄 | 🥳 | 😘 | [赞] | [鼓掌] | [心]
        [爱你] | [哈哈] | [太开心] | [鲜花] | [给力] | [亲亲] | ^_^ | (*^▽^*) | (≧▽≦) | :) | 哈哈哈""",
    "face-": """😡 | 😠 | 👎 | 😞 | 😢 | 🤮 | 😤 | 💔 | 🙄 | 😒 | 😩 | 🤬 | 😣 | 🤢 | 😫 | [怒] | [泪] | [衰]
        [失望] | [吐] | [悲伤] | [弱] | [怒骂] | [伤心] | T_T | (╯‵□′)╯ | >_< | :( | 呜呜呜""",
    "event": """刚从{place}回来 | 今天的{part} | 这就是{brand}的新{whole@} | {weekday}早上 | 又回到{place}了
        {name}来了 | 我们的{whole@} | 今天{did} | {n}个小时了 | {name}打来电话 | 到{place}了 | {hour}了还在这里
        看看这{part} | {price}的{whole@} | {place}的{part} | 等了{span} | 收到{name}的消息 | 新的一周 | 下班路上
        结果出来了 | 今晚的{place} | 在{place}的最后一天""",
    # Neutral: facts, daily life, questions, and the forms of above without a judgement.
    "told0": """{fact0} | {fact0} | {fact0} | {fact0} | {opener0}{fact0} | {fact0}，{daily0} | {fact0}，{fact0}
        {setting0}，{fact0}""",
    "opener0": """顺便说一下， | 补充一点， | 据说 | 备注： | 提醒： | 你好， | 另外， | 通知： | 看了一下，
        问了客服，""",
    "setting0": """{month}{did} | {weekday}和{name}一起 | 第二次来{place} | 我们{n}个人 | {span}前{did}
        {name}帮我{did} | 在{place}{did}""",
    "daily0": """{name}在{place}工作，是一名{role} | 会议改到{weekday}{hour} | 去{place}的车{hour}出发
        {name}是{place}人 | 我们{month}搬到了{place} | {weekday}给你打电话 | {name}和{name}{weekday}之前都在{place}
        门票{price}一张 | 请在{weekday}之前提交表格 | {name}有{n}个兄弟姐妹 | 商店{weekday}{hour}开门
        需要{n}个鸡蛋和{num}克面粉 | 过桥左转，再直走{num}米 | 长按{n}秒可以重启 | 输入验证码，然后点下一步
        这趟车经停{place}和{place} | {place}地铁{ord}号线将于{month}开通 | {brand}在{place}设立了分公司
        {name}出生在{place} | {brand}将在{weekday}公布财报 | {place}明天多云，最高气温{temp}度 | {place}今天有小雨
        {weekday}飞{place} | 我在去{place}的路上 | 刚到{place} | {name}{hour}把文件发给我了 | 预约的是{hour}
        一共买了{n}个，花了{price} | {hour}和{name}吃午饭 | {brand}新款手机有{n}种颜色
        {place}到{place}的高铁要{n}个小时 | {weekday}开家长会 | 这条路要封到{weekday} | 课程一共{num}节
        大厅里有{num}把椅子 | {name}每{weekday}弹钢琴 | 我要上课到{hour} | 这个小区住了{num}户人家
        第{ord}季{month}上线 | {place}队{weekday}{hour}对阵{place}队 | 比赛{num}分钟时比分是{d}比{d} | 地址发我一下
        {hour}见 | 我在{place}站 | 保修期{n}年 | 加盐，小火煮{num}分钟 | 从{num}号出口出去 | 文件一共{num}页
        第{ord}章讲的是{place}的历史 | {name}你好 | 早上好，{place} | 收到，谢谢通知，我{weekday}过去
        此致敬礼，{name} | {num}号房在{ord}楼 | 座位是{num}号，靠窗 | 发票{weekday}寄出 | 保质期到{month}
        我穿{num}码 | {name}今年{temp}岁 | 航班{hour}从{place}起飞 | 包裹重{num}克 | 今天和{name}聊了{place}的事
        {name}要一份合同的复印件 | {brand}宣布{month}发布新品 | 据{name}介绍，工程需要{span} | 版本号更新到{d}.{d}
        您的快递已到{place}，请凭取件码{num}领取 | 您的订单已发货，预计{weekday}送达 | 快件已到达{place}转运中心
        您尾号{num}的卡支出{price} | 退款将在{n}个工作日内到账 | 客服工作时间是{hour}到{hour} | 本店{weekday}休息
        满{price}包邮 | 请{name}到{ord}号窗口办理 | {place}常住人口比上年增加{num}人
        {place}市政府{weekday}召开新闻发布会 | 今日股市收于{num}点 | {brand}在{place}招聘{num}人
        {name}当选学生会主席 | 水在一百度沸腾 | 一年有四个季节 | 《好声音》{weekday}{hour}播出
        电影《坏孩子》改编自小说 | 喜剧是一种戏剧类型 | 书店在{place}路{num}号 | 字典在第{ord}个书架上
        {month}开始报名，名额{num}个 | 作业{weekday}交 | 我在{brand}上班 | {name}养了{n}只猫 | 晚饭吃面条
        中午吃的米饭 | 出门记得带伞 | 明天要早起 | 开会，晚点回你 | 在图书馆看书 | 坐{num}路公交 | {name}下楼取快递
        今天走了{num}步 | 家里来了{n}个客人 | 正在下载，还剩{num}% | 已读 | 在吗 | 到家了
        {name}让你{weekday}回个电话 | 工资{month}发 | 身份证复印件要{n}份 | 考试时间{num}分钟
        请{hour}之前到{place}集合 | 药一天吃{n}次，一次{n}片 | 先放油，再放葱姜 | 充电{n}小时可用{num}小时
        会员每月{price} | 高考{month}举行 | 现在{place}几点？ | {name}在哪？ | 从{place}到{place}怎么走？
        {name}这周在{place}吗？ | {weekday}谁来？ | 洗手间在几楼？ | {place}有多少人口？ | {weekday}能把报告发我吗？
        银行几点开门？ | 要{n}份还是{n}份？ | {name}打电话了吗？ | 你吃饭了吗？""",
    "asked0": """{np}怎么样？ | {np}{x_any}吗？ | 有人知道{part}怎么样吗？ | {np}的{part}{x_any}吗？
        大家觉得{np}怎么样？ | 有人{do}过{np}吗？ | {np}值得{do}吗？ | {np}和{rival}哪个好？ | {np}比{rival}好吗？
        要不要{do}？ | 请问{np}{x_any}不？ | 想问一下{part}好不好？ | 有没有人推荐一{cl}{whole@}？
        想找一{cl}{own+}的{whole@}，求推荐 | {np}多少钱？ | 哪里有这样的{whole@}？ | {part}有{name}说的那么{a+}吗？
        你喜欢{obj}吗？ | {np}会不会{own-}？ | 不知道{np}{own+@}不{own+@} | 还没{do}，不知道{part}怎么样
        还没试，先不评价 | 先{do}了再说，之后来评价 | 等{name}试了再告诉你{part}好不好 | {part}要另外收费吗？
        什么时候有{whole@}？ | 有人已经{do}了吗？ | 要等多久？ | {np}有多{own+}？ | {month}{did}朋友来说说？
        {place}附近有{whole@}吗？ | {name}怎么说{part}的？ | 请给{part}打分，1到10分 | 请评价一下{part}
        好还是不好？ | 你是喜欢还是不喜欢？ | 想了解一下{part}，有懂的吗？ | {np}适合{who}吗？ | {part}是不是换了？
        在{np}和{rival}之间纠结，选哪个？ | 如果不满意可以退吗？ | 坏了怎么办，可以换吗？ | {np}贵不贵？
        {span}能到吗？ | 请问支持货到付款吗？ | 亲，在吗，{np}还有吗？ | 可以开发票吗？ | 什么时候发货？
        有没有优惠？ | 能便宜点吗？ | 可以改地址吗？""",
    "x_any": "{own+} | {own-} | 好 | {own+}",
    "shaped0": """我不住在{place} | {name}今天不在 | 博物馆{weekday}不开放 | 我不吃肉 | 数据线不在盒子里
        {num}房间禁止吸烟 | 我没去过{place} | {name}从没去过{place} | 不是{weekday}，是{weekday} | 今天没下雨
        {name}没有车 | 以前住{place}，现在住{place} | {name}以前是{role}，现在是{role} | 一开始坐公交，后来换了地铁
        会议原定{hour}，现在改到{hour} | 虽然是{weekday}，但是照常上班 | 住在{place}，但是在{place}上班
        {name}比{name}大{n}岁 | {place}比{place}远 | 新款比旧款长{n}厘米 | 这{cl}比{rival}重{num}克
        {name}的书比{name}多 | {place}的人口比{place}少 | {month}以前在{place}，之后在{place}
        本来要去{place}，后来去了{place} | 信不是{name}写的，是{name}写的 | {name}不是{role}，是{role}
        {name}和{name}都不是{place}人 | {hour}来还是{hour}来都行 | 没坐车，走路来的 | {hour}以后没有公交
        我{weekday}来不了，不过{name}可以 | 我说的是{hour}，不是{hour} | {weekday}不用买票
        尽管信上写的是{month}，实际{month}才寄出 | 去年{price}，今年{price} | 这个不是新的，{name}{span}前买的
        {part}和以前一样，没有变 | {name}晚上不喝咖啡 | {weekday}没有去{place}的车 | 蓝色的比红色的大一号
        很早就出发去{place}了，{hour}就走了 | 还没看 | 具体日期还没定 | 不含运费 | 价格不含税
        坐火车比开车多{n}个小时 | 没人住那儿 | {place}那边没有消息 | 不是{name}打的电话 | 一楼没有洗手间，二楼有
        不要放微波炉，常温保存 | 请勿拍照 | 今天不上班，明天上 | 除了{name}，大家都到了
        除了{weekday}，每天{hour}营业 | 不需要预约，直接来就行 | 我没接到{name}的电话
        不管{weekday}还是{weekday}，都是{hour}开门 | 刚开始有200人，后来剩{num}人 | 既可以坐地铁，也可以坐公交
        越往北走，温度越低 | 不是我的{whole@}，是{name}的 | 没有{num}码，只有{num}码
        虽然姓李，但{name}不是{place}人 | 无糖可乐和普通可乐各{n}瓶""",
    "lukewarm0": """{np}{meh} | {part}{meh} | {np}{meh} | {part}{meh}，{meh} | {part}不好也不坏
        {np}{meh}，{lukemore} | {part}说不上好，也说不上差 | {np}既不{own+}也不{own-} | {lukemore}
        {part}{meh}，{part}也{meh} | {opener}{np}{meh} | {np}和描述的一样 | {part}跟{price}的价格相符
        有的{part_word@}好，有的{part_word@}不好 | {part}不算{a+}，也不算{bad-} | 对{obj}没什么特别的感觉
        我对{obj}无所谓 | {obj}嘛，{meh} | 谈不上喜欢，也谈不上讨厌{obj} | {part}跟以前差不多 | {np}和{rival}差不多
        就是普通的{whole@} | 有好有坏 | 一半一半吧 | {np}有优点也有缺点 | 不是最好的，也不是最差的
        {setting}，{part}{meh} | {part}中等水平 | {np}算是平均水平 | {part}没有惊喜，也没有失望
        没有很{own+}，也没有很{own-} | {meh}的{whole@}，{meh}的{part} | {who}觉得{part}{meh}，我也没意见""",
    "meh": """一般 | 一般般 | 还行 | 还可以 | 凑合 | 马马虎虎 | 中规中矩 | 普普通通 | 不好不坏 | 过得去 | 中等
        还行吧 | 一般吧 | 就那样 | 正常 | 无功无过 | 凑合能用 | 勉强及格 | 平平 | 普通 | 也就一般 | 差不多""",
    "lukemore": """一分钱一分货 | 没什么特别的 | 三星吧 | 中评 | 打六分 | 先这样吧 | 仁者见仁 | 看个人喜好 | 无感
        随便吧 | 没啥好说的 | 不评价 | 默认中评 | 还需要再观察 | 看情况吧 | 用用看 | 再看看 | 对得起价格，没别的""",
}

_FACES = {sign: re.split(r"\s*[|\n]\s*", COMMON[f"face{sign}"]) for sign in "+-"}
_FACES["0"] = ["📅", "📍", "🤔", "📦", "✈️", "☕", "📷"]
_POLAR_ENDS = ["。", "。", "。", "。", "", "", "", "！", "！", "！！", "~", "..."]
_ENDS = {"+": _POLAR_ENDS, "-": _POLAR_ENDS, "0": ["。", "。", "。", "。", "。", "", "", "", "", "~", "！", "..."]}
_CLOSED = (*"。！？…~", *_FACES["+"], *_FACES["-"])


def finish(text: str, sign: str, rng: Random) -> str:
    """Punctuate a bare sentence; sometimes as people do in haste."""
    text = text.replace("，，", "，").replace("：，", "：")
    if not text.endswith(_CLOSED):
        text += rng.choice(_ENDS[sign])
    if text.endswith("。") and rng.random() < 0.08:
        text = text.removesuffix("。") + rng.choice(_FACES[sign])
    return _hurry(text, rng)


def _hurry(text: str, rng: Random) -> str:
    """At times with spaces or western marks for commas, 得 written 的, or a question without its mark."""
    draw = rng.random()
    if draw < 0.05:
        text = text.replace("，", " ")
    elif draw < 0.09:
        text = text.replace("，", ",")
    if rng.random() < 0.03:
        text = text.replace("得", "的")
    if text.endswith("吗？") and rng.random() < 0.3:
        text = text.removesuffix("？")
    return text
