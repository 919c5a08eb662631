"""English comparison: what is said of the one is meant of the other."""

RULES = {
    # Comparison.
    "compared=": """{np_be} {much} {er=} than {rival} | {it} is {much} {er=} than {rival}
        the {part} is {much} {gen_er=} than {before} | {np_be} {er=} than {rival}
        {it} was {gen_er=} than I expected | {gen_er=} than {rival} | {much} {er=} than {rival}
        the {superl=} {whole@} {since} | the {superl=} {whole@} so far | {np_be} the {superl=} {since}
        {np_be} by far the {superl=} {whole@} {since} | {np_be} one of the {superl=} {whole@}s {since}
        {np} is even {er=} than {rival} | {rival} was {er~}, this one is {adj=}
        {rival} was {much} {er~} than this one | the {parts} are {much} {gen_er=} than {before}
        {np} gets {gen_er=} every time | the {part} gets {gen_er=} and {gen_er=}
        unlike {rival}, this one is {own=} | compared to {rival} this is {adj=}
        I have never seen a(n) {er=} {whole@} | never had a(n) {gen_er=} {whole@} | {it} couldn't have been {er=}""",
    "compared+": """nothing beats {named} | nothing comes close to {named} | {it} is as {mild+} as ever
        just as {own+} as {rival} | every bit as {own+} as {rival} | {rival} can't compete with this one
        I like {its} more than {rival} | no other {whole@} is as {own+} as this one
        I prefer this one to {rival} by far | {np_be} a big step up from {rival}
        not as {own-} as {rival}, and that makes me happy | a huge improvement over {rival}
        finally a(n) {whole@} that is {own+} | {rival} was {own-}, this one is not
        {rival} was {own-}, this one is {own+} | {np} beats {rival} by a mile""",
    "compared-": """{np_be} not as {own+} as {rival} | {np_be} nowhere near as {own+} as {rival}
        not as {mild+} as {rival} | the {part} isn't half as {mild+} as {before} | {rival} was better
        I've had better {whole@}s for {price} | there are better {whole@}s in {place}
        {np} can't compete with {rival} | I miss {rival} | a step back from {rival}
        any other {whole@} is better than this | {it} is less {own+} than {rival} | I should have kept {rival}
        even {rival} was {er+} | {np} used to be {er+} than this | {np_be} as {own-} as {rival}
        {np_be} just as {own-} as {rival} | I liked {rival} more | I have never seen {whole@}s this {mild-}
        {rival} was {own+}, this one is {own-} | {rival} was {own+}, this one is not
        you will find a better {whole@} anywhere""",
    "gen_er+": "better | nicer | better | more pleasant | more impressive",
    "gen_er-": "worse | worse | more annoying | more disappointing",
    "er=": "{gen_er=} | {own_er=} | {own_er=}",
    "much": "much | far | way | so much | a lot | significantly",
    "rival": """my old one | the last one | the previous one | the one in {place} | the one {name} has | last year's
        the other one""",
    "before": "before | last year | last time | I remember | a year ago",
}
