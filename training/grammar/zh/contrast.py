"""Chinese concession: the main clause decides, wherever it stands."""

RULES = {
    # Concession: the main clause decides, wherever it stands.
    "side=": """{part}很{a=} | {part}{all=} | {np}很{own=} | {np}挺{own=} | {neg_side=} | {part}{deg_a=}
        {np}确实{own=} | {np}{deg_x=} | 很{own=} | {part}确实{a=} | 我{feel=}{obj}""",
    "side+": "{part}还可以 | {part}还不错 | {part}不错 | 有{gem} | 没有{woe}",
    "side-": "{np}有点{own-} | {part}有点{a-} | {part}一般 | 有{woe} | 少了点{gem}",
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
        {part}不算{a=}，但{main=} | {side~}，只不过{main=} | {side~}，{part}却{deg_a=} | {own~}，但{own=}
        {although}{side~}，{but}{main=} | {although}{side~}，{but}{main=} | {although}{side~}，{but}{main=}
        {although}{side~}，{but}{verdict=} | {although}{side~}，{but}{neg=} | {side~}，{however}{main=}
        {side~}，{however}{main=} | {side~}。{however}{main=} | {side~}。{however}{verdict=}
        {side~}，{side~}，{however}{main=} | {even}{side~}，我也{keep=} | {even}{side~}，也{keep=}
        {even}{side~}，我还是{keep=} | {even}{side~}，{verdict=} | {even}再{own~}，我也{keep=}
        再{own~}，我也{keep=} | 不管多{own~}，我还是{keep=} | 任凭别人说多{own~}，{main=}
        {part}固然{a~}，但{main=} | {np}固然{own~}，但{main=} | {own~@}固然{own~@}，但{main=}
        {part}{a~}固然不假，但{main=} | {part}{a~@}归{a~@}，{main=} | {a~@}是{a~@}，可{main=}
        {part}{a~@}是{a~@}，不过{part}{deg_a=} | 说{own~@}也是真{own~@}，但{main=} | {part}{a~}是事实，但{main=}
        不否认{side~}，但{main=} | 我知道{side~}，但{main=} | 没错，{side~}，但{main=} | 的确，{side~}，但{main=}
        诚然，{side~}，但{main=} | 是，{side~}，可{main=} | 确实{own~}，但{main=} | {part}确实{a~}，但{main=}
        {side~}，但不管怎么说，{main=} | 不管{part}怎么{a~}，{main=} | 撇开{part}不说，{main=}
        不考虑{part}的话，{main=} | 先不说{part}，{main=} | {part}先不提，{main=} | 除了{part}{a~}之外，{main=}
        除{part}{all~}外，其余{all=} | 除了{part}{a~}一点，别的都{all=} | 除去{part}，其他{all=}
        唯一的{good~}是{part}{a~}，其他都{all=} | 唯一{a~}的是{part}，别的{all=} | 光看{part}觉得{x~}，其实{main=}
        也就{part}{a~}，其他{all=} | 虽然{own~}，但{own=} | 虽{own~}但{own=} | {own~}但{own=} | {own~}却{own=}
        {part}{a~}，{part}却{a=} | {part}{a~}，但{part}{a=} | {part}{a~}，可{part}{deg_a=} | {np}{own~}，可{own=}
        外表{own~}，其实{own=} | 乍一看{own~}，{do}了才知道{own=} | 听说很{own~}，其实{own=}
        别人都说{own~}，我却觉得{own=} | {who}说{own~}，我倒觉得{own=} | {name}{feel~}{obj}，我不这么认为，{main=}
        评论都说{x~}，可我觉得{x=} | 差点信了{x~}的说法，其实{x=} | 期待的是{own~}，得到的是{own=}
        我以为会{own~}，没想到{main=} | {main=}，哪怕{side~} | {main=}，即使{side~} | {main=}，就算{side~}
        {main=}，虽说{side~} | {main=}，只是{part}{a~}而已 | {setting}，虽然{side~}，但{main=}
        {opener}虽然{side~}，但是{main=} | {opener}{side~}，不过{main=} | {more=}，虽然{side~}""",
    "although": "虽然 | 虽说 | 尽管 | 纵然 | 虽 | 诚然 | 即便 | 虽然说 | 别看",
    "but": "但是 | 但 | 可是 | 可 | 不过 | 然而 | 但我觉得",
    "however": """但是 | 但 | 可是 | 不过 | 然而 | 尽管如此， | 话虽如此， | 即便如此， | 可话说回来，
        但总的来说， | 但总体上 | 但说到底， | 不过整体来看， | 但最后 | 但对我来说 | 虽说如此，""",
    "even": "就算 | 即使 | 哪怕 | 即便 | 纵使 | 纵然",
    "keep+": "喜欢 | 推荐 | 很满意 | 愿意再{do} | 给好评 | 觉得值 | 会再{do}",
    "keep-": "不喜欢 | 不推荐 | 很失望 | 不会再{do} | 给差评 | 觉得不值 | 不满意 | 不想再{do}",
    "good+": "优点 | 亮点 | 好处",
    "good-": "缺点 | 不足 | 遗憾 | 毛病",
    "contrast+": """{side-}，好在{main+} | {side-}，幸好{main+} | {own-@}是{own-@}了点，但{main+}
        {side-}，瑕不掩瑜 | 原本没抱希望，{main+} | {side-}，但不影响我喜欢{obj} | 差点错过，还好{did}，{claim+}
        {side-}，所幸{main+} | {side-}，还好{main+} | {side-}，万幸{main+} | {main+}，美中不足的是{part}{a-}
        {main+}，唯一的缺点是{part}{a-} | {main+}，就是{part}{a-}了一点 | {side-}，但可以接受，{main+}
        {side-}，但这点小毛病不算什么，{main+} | {part}{a-}也挡不住{np}{own+} | {part}{a-}也不影响我喜欢{np}
        {part}弥补了{part}的不足 | 不{own+}，但很{own+} | 不算{own+}，但值得{do} | 不{own+}，不过{verdict+}
        没有{gem}，但{main+} | 虽有{woe}，但{main+} | 有{woe}也无所谓，{main+} | {side-}，但我还是愿意再{do}
        没抱太大期望，没想到{main+} | 差评不少，但{main+} | 犹豫了很久，结果{main+} | {side-}，我依然推荐
        {np}不完美，但{main+} | 谁还没点缺点，{main+} | 人无完人，{name}还是很{human+}
        {side-}，但瑕不掩瑜，{main+}""",
    "contrast-": """{side+}，可惜{main-} | {side+}，就是{claim-} | {own+@}是{own+@}，就是{own-}
        {own+@}是{own+@}，可惜{claim-} | 本来很期待，{main-} | {side+}，奈何{claim-} | 抱着很大希望，结果{main-}
        图片上{own+}，实物{deg_x-} | 宣传得{deg_x+}，实际{deg_x-} | {side+}，遗憾的是{main-} | {side+}，无奈{main-}
        {side+}，只可惜{main-} | {side+}，偏偏{claim-} | {part}再{a+}也掩盖不了{np}{own-}的事实
        {part}再{a+}也弥补不了{part}的不足 | {part}再{a+}，我也不会再{do} | {part}再{a+}也没用，{claim-}
        {np}{own+}又怎样，{main-} | {np}{own+}有什么用，{claim-} | 光{part}{a+}有什么用，{part}{deg_a-}
        不{own-}，但{own-} | 不{own-}，可惜{claim-} | 没有{woe}，但{main-} | 有{gem}，但{main-}
        {side+}，但我不会再{do}了 | 好评不少，但{main-} | 等了很久，结果{main-} | 本想给好评的，可是{claim-}
        本来想推荐的，可惜{claim-} | 我也想喜欢{obj}，可是{claim-} | 期望很高，结果{main-}
        {side+}，然并卵，{claim-} | {side+}，但不值{price} | {side+}，但就是不{own+}""",
}
