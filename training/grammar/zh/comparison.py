"""Chinese comparison: what is said of the one is meant of the other."""

RULES = {
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
    "rival": "上一{cl} | 之前那{cl} | 以前那{cl} | {name}那{cl} | 去年那{cl} | 隔壁那{cl} | 别家的 | {place}那{cl}",
}
