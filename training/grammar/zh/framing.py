"""Chinese praise and blame in other clothes: questions that are none, mockery, advice, emoji."""

RULES = {
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
}
