"""Chinese comparison: what is said of the one is meant of the other."""

RULES = {
    # Comparison. `top=` is the better one of two: what is judged in praise, its rival in blame.
    "compared=": """{than=} | {than=} | {than=} | {than=} | {than=} | {two=} | {two=} | {two=} | {best=}
        {opener}{two=} | {two=}，{more=} | {two=}，{verdict=} | {setting}，{two=}""",
    "than=": """{np}比{rival}{own=}多了 | {np}比{rival}{a=}多了 | {part}比{rival}{a=}多了 | {np}比{rival}还{own=}
        {np}比{rival}更{own=} | {part}比以前更{a=}了 | {part}比{rival}{a=} | 比我想象的还要{x=} | 比预期{a=}
        {np}是最{own=}的一{cl} | {np}是我见过最{x=}的{whole@} | {place}最{x=}的{whole@} | 最{x=}的一次
        今年最{x=}的{whole@} | 跟{rival}相比，{np}{own=}太多 | {rival}很{own~}，这{cl}很{own=}
        {rival}{x~}，这{cl}{x=} | 不像{rival}那么{own~}，{np}很{own=} | {part}一次比一次{a=}
        和{rival}一比，{np}显得更{own=} | {np}和{rival}一样{own=} | {rival}没有这{cl}{own=}
        {rival}比这{cl}{own~}多了""",
    "two=": """{top=}{beats}{top~} | {top=}{beats}{top~} | {top=}{beats}{top~} | {top~}{lags}{top=}
        {top~}{lags}{top=} | {top~}{lags}{top=} | {top=}比{top~}{own+} | {top=}比{top~}{own+}{far}
        {top=}比{top~}{own+}{far} | {top~}比{top=}{own-} | {top~}比{top=}{own-}{far} | {top~}比{top=}{own-}{far}
        {top=}比{top~}更{own+} | {top=}比{top~}强{far} | {top=}比{top~}好{far} | {top~}比{top=}差{far}
        {top~}不如{top=}{own+} | {top~}不如{top=}{own+} | {top~}没有{top=}{own+} | {top~}没有{top=}那么{own+}
        {top~}没{top=}{own+} | {top~}远没有{top=}{own+} | {top~}还不如{top=}{own+} | {top=}没有{top~}那么{own-}
        {top=}不像{top~}那么{own-} | {top~}不像{top=}那么{own+} | {top=}不比{top~}差，还{own+}{far}
        {top~}不及{top=}一半{own+} | {top~}跟{top=}没法比 | {top~}和{top=}没法比 | {top~}没法和{top=}相提并论
        {top~}给{top=}提鞋都不配 | {top=}甩{top~}几条街 | {top=}比{top~}高出一个档次 | {top~}比{top=}低了一个档次
        {top~}跟{top=}差了一大截 | {versus}{top~}，{top=}更{own+} | {versus}{top~}，{top=}{own+}{far}
        {versus}{top=}，{top~}太{own-}了 | {versus}{top=}，{top~}{own-}{far} | {versus}{top=}，{top~}差远了
        {versus}{top~}，{top=}强多了 | {top=}更胜一筹，{top~}差点意思 | {top~}略逊一筹，{top=}更{own+}
        与其选{top~}，不如选{top=} | 宁可选{top=}，也不选{top~} | 宁愿要{top=}也不要{top~}
        我更喜欢{top=}，不喜欢{top~} | 比起{top~}我更喜欢{top=} | {who}更喜欢{top=}，而不是{top~}
        {top=@}和{top~}，我选{top=@} | {top~}和{top=@}之间，我选{top=@} | 论{part}，{top=}比{top~}强
        {top=}的{part}比{top~}{a+} | {top=}的{part}比{top~}{a+}{far} | {top~}的{part}比{top=}{a-}
        {top~}的{part}不如{top=} | {top~}的{part}没有{top=}{a+} | {part}还是{top=}{a+}，{top~}不行
        {top=}{own+}，{top~}{own-} | {top~}{own-}，{top=}{own+} | {top=}很{own+}，{top~}就不行了
        {top~}很{own-}，{top=}就不会 | {top=}有{gem}，{top~}没有 | {top~}有{woe}，{top=}没有
        {top~}缺的{gem}，{top=}都有 | 同样的价钱，{top=}比{top~}{own+}{far}
        一样的{price}，{top=}{own+}，{top~}{own-} | 有{top=}在，谁还要{top~} | {top=}才叫{own+}，{top~}不算
        要说{own+}，还得是{top=}，不是{top~} | {top~}要向{top=}学习 | {top=}值这个价，{top~}不值
        {top~}怎么能和{top=}比 | {top~}哪有{top=}{own+} | {top~}哪能跟{top=}比
        同样是{whole@}，{top=}{own+}{far}，{top~}{own-} | {top=}让人满意，{top~}让人失望""",
    "top+": "{np} | {np} | 这{cl} | 新的这{cl} | 现在这{cl}",
    "top-": "{rival}",
    "beats": "胜过 | 完胜 | 吊打 | 秒杀 | 碾压 | 强过 | 好过 | 远胜 | 远超 | 优于 | 超过 | 完爆 | 赢过 | 轻松超越",
    "lags": """不如 | 远不如 | 不及 | 远不及 | 比不上 | 远远比不上 | 还不如 | 逊色于 | 输给 | 比不过 | 赶不上
        远逊于""",
    "far": "多了 | 太多 | 得多 | 不少 | 很多 | 一大截 | 好几倍",
    "versus": "比起 | 对比 | 相比 | 相较于 | 相比于",
    "best=": """比{rival}{own=}一倍 | {np}比{rival}{own=}十倍 | 没有更{x=}的{whole@}了
        再也找不到更{x=}的{whole@}了 | 我还没见过更{x=}的{whole@} | 比{np}更{own=}的，我还没见过
        很难找到比这更{x=}的{whole@} | 最{x=}，没有之一 | 在我{do}过的{whole@}里最{own=}
        {place}找不出更{own=}的{whole@} | 想找比这更{own=}的{whole@}，难 | {own=}程度无人能及
        {np}比{name}说的还要{own=} | 比图片看着还{own=} | 比想象中{own=}多了 | 比以往任何一次都{own=}
        {part}从没这么{a=}过 | {part}比预想的还要{a=} | 没有哪{cl}像它这么{own=} | {np}比大多数{whole@}都{own=}
        {np}比谁都{own=} | {rival}已经很{own=}了，这{cl}更{own=} | 跟{rival}一样{own=} | {np}跟{rival}同样{own=}
        比{rival}还要{own=} | 一{cl}比一{cl}{own=} | {own=}得没有对手 | {np}在同类里算最{own=}的
        {price}的里面就数它最{own=}""",
    "than+": """{np}比{rival}强多了 | 比{rival}好太多 | {np}甩{rival}几条街 | {np}完胜{rival} | {np}不比{rival}差
        {np}不输{rival} | {rival}不如这{cl} | {rival}没有这{cl}好 | 没有比这更好的了 | {np}没有{rival}那么{own-}
        {part}没有{rival}那么{a-} | 还是{np}好 | 同价位里没有对手 | 没有哪家比得上 | {part}比{rival}好得多
        性价比完爆{rival} | {part}有很大进步 | 终于有一{cl}{own+}的{whole@}了 | {np}丝毫不亚于{rival}
        换了这{cl}之后再也不想用{rival}了 | 幸亏换掉了{rival} | 早该把{rival}换掉了 | 换了{rival}真是换对了
        再也不想回去用{rival} | {np}更上一层楼 | 比{rival}上了一个档次 | {np}首屈一指 | {np}在同类里数一数二
        {np}独一档 | {np}一点也不比{rival}差 | {np}不比别家的差 | 比我担心的好多了 | 没有我担心的那么{own-}
        {np}没有别人说的那么{own-} | 本以为{rival}更{own+}，结果反而这{cl}更{own+} | 不比不知道，{np}真{own+}
        {rival}早该扔了，{np}{own+}多了 | {np}后来居上 | 没有{rival}那么多{woe} | {np}赢了{rival}
        终于有比{rival}更{own+}的了 | {rival}？没有这{cl}一半好 | 对比了好几家，还是{np}最{own+}""",
    "than-": """{np}不如{rival} | {np}不如{rival}{own+} | {part}不如{rival}{a+} | {np}没有{rival}{own+}
        {np}没有{rival}那么{own+} | {part}没有{rival}那么{a+} | {np}远不如{rival} | {np}比不上{rival}
        跟{rival}比差远了 | {np}被{rival}甩几条街 | {rival}都比这个强 | {rival}比这{cl}好多了
        {rival}比这个{own+}多了 | {part}大不如前 | {part}比以前差远了 | 没有比这更差的了 | 同价位里最不{own+}的
        随便哪家都比这{cl}强 | 还是{rival}好 | 早知道还不如用{rival} | 一代不如一代 | 一次不如一次
        {price}能{do}到更好的 | 别家的{part}比这里{a+}多了 | 还没有{rival}一半{a+} | 比最差的{whole@}还差
        {np}越来越不如{rival} | 我宁愿要{rival} | 后悔换掉{rival} | 好想念{rival} | 把{rival}还给我
        早知道就不换{rival}了 | 还是{rival}{own+} | 还是以前的好 | 还是{rival}更合我意 | 我要换回{rival} | 不如不换
        比{rival}降了一个档次 | {np}在同类里垫底 | {np}在我{do}过的{whole@}里倒数第一 | {np}也没比{rival}好到哪去
        {np}比{rival}好不到哪去 | 连{rival}都不如 | 连{rival}的一半都比不上 | {np}没有我期待的那么{own+}
        没有{rival}的{gem} | 宁可不{do}，也别选这{cl} | 与其{do@}这个，不如不{do@} | 换了新的反而更{own-}了
        贵的反而更{own-} | {np}不升反降 | 本以为{np}更{own+}，结果反而不如{rival} | 还不如不换
        {np}比我担心的还{own-} | 随便选一{cl}都比它{own+} | 同样的钱，别家的{own+}多了
        对比了好几家，就这{cl}最{own-} | {np}输给了{rival} | 有了{rival}谁还要这{cl}
        别家的{whole@}哪{cl}不比这{own+}？ | 花{price}能{do}到更{own+}的 | {np}退步了，不如{rival}""",
    "rival": "上一{cl} | 之前那{cl} | 以前那{cl} | {name}那{cl} | 去年那{cl} | 隔壁那{cl} | 别家那{cl} | {place}那{cl}",
}
