"""Chinese concession: the main clause decides, wherever it stands."""

RULES = {
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
}
