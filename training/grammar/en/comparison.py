"""English comparison: what is said of the one is meant of the other."""

RULES = {
    # Comparison. `top=` is the better one of two: what is judged in praise, its rival in blame.
    "compared=": """{than=} | {than=} | {than=} | {than=} | {than=} | {two=} | {two=} | {two=} | {best=}
        {opener} {two=} | {two=}. {more=} | {two=}, {verdict=} | {setting}. {two=}""",
    "than=": """{np_be} {much} {er=} than {rival} | {it} is {much} {er=} than {rival}
        the {part} is {much} {gen_er=} than {before} | {np_be} {er=} than {rival}
        {it} was {gen_er=} than I expected | {gen_er=} than {rival} | {much} {er=} than {rival}
        the {superl=} {whole@} {since} | the {superl=} {whole@} so far | {np_be} the {superl=} {since}
        {np_be} by far the {superl=} {whole@} {since} | {np_be} one of the {superl=} {whole@}s {since}
        {np} is even {er=} than {rival} | {rival} was {er~}, this one is {adj=}
        {rival} was {much} {er~} than this one | the {parts} are {much} {gen_er=} than {before}
        {np} gets {gen_er=} every time | the {part} gets {gen_er=} and {gen_er=}
        unlike {rival}, this one is {own=} | compared to {rival} this is {adj=}
        I have never seen a(n) {er=} {whole@} | never had a(n) {gen_er=} {whole@} | {it} couldn't have been {er=}""",
    "two=": """{top=} {beats} {top~} | {top=} {beats} {top~} | {top~} {lags} {top=} | {top~} {lags} {top=}
        {top=} {its_s} {much} {er+} than {top~} | {top=} {its_s} {much} {er+} than {top~}
        {top~} {its_s} {much} {er-} than {top=} | {top~} {its_s} {much} {er-} than {top=}
        {top=} {its_s} {er+} than {top~} | {top~} {its_s} {er-} than {top=} | {top~} {its_s} even {er-} than {top=}
        {top~} {its_s} {not_as} {own+} as {top=} | {top~} {its_s} {not_as} {adj+} as {top=}
        {top=} {its_s} {not_as} {own-} as {top~} | {top=} {its_s} {not_as} {mild-} as {top~}
        {top~} {its_s} {less} {own+} than {top=} | {top~} {its_s} {less} {mild+} than {top=}
        {top=} {its_s} {less} {own-} than {top~} | {top=} {its_s} {less} {own-} than {top~}
        {next_to} {top=}, {top~} is {own-} | {next_to} {top=}, {top~} looks {adj-}
        {next_to} {top~}, {top=} is {own+} | {next_to} {top~}, {top=} looks {adj+} | {prefer} {top=} to {top~}
        {would} {top=} than {top~} | {choose} {top=} over {top~} | {choose} {top=}, not {top~}
        if you ask me, {top=} is {er+} than {top~} | {folk} liked {top=} more than {top~}
        I {felt_then+} {top=} a lot more than {top~} | {folk} liked {top~} less than {top=}
        {top=} makes {top~} look {adj-} | {top~} makes {top=} look {adj+} | {top=} is {own+}, unlike {top~}
        {top~} is {own-}, unlike {top=} | unlike {top=}, {top~} is not {own+} | {top=} is {own+}, {top~} isn't
        {top~} is {own-}, {top=} isn't | {top~} isn't {own+}, {top=} is | where {top~} is {own-}, {top=} is {own+}
        while {top=} is {own+}, {top~} is {own-} | if you want {gem}, take {top=}, not {top~}
        {top=} has more {gem} than {top~} | {top=} has the {gem} that {top~} lacks
        {top~} lacks the {gem} of {top=} | {top~} has all the {woe} that {top=} was free of
        {top=} had none of the {woe} of {top~} | the {part} of {top=} is {gen_er+} than that of {top~}
        the {part} of {top~} is {gen_er-} than that of {top=} | there is no comparison, {top=} is {er+} than {top~}
        {top=@} or {top~}? {top=@} is {er+} | between {top~} and {top=@}, I'd take {top=@}
        {top=} wins hands down against {top~} | {top~} loses in every way against {top=}
        {top~} could learn a lot from {top=} | {top=} is worth {worth}, {top~} is not
        I was happy with {top=}, but not with {top~}""",
    "top+": "{np} | {np} | this one | this {whole@}",
    "top-": "{rival}",
    "beats": """beats | outclasses | outshines | outperforms | surpasses | easily beats | is superior to
        is better than | is far ahead of | is miles ahead of | is head and shoulders above
        is in a higher league than | is way above | runs rings around | knocks spots off | was a step up from""",
    "lags": """lags behind | falls short of | is inferior to | is no match for | pales beside | pales in comparison to
        has nothing on | can't hold a candle to | can't compete with | doesn't come close to | is nowhere near
        isn't a patch on | can't keep up with | is a poor copy of | is a far cry from | doesn't measure up to
        is miles behind | cannot match | is worse than | is no substitute for""",
    "not_as": "not as | not nearly as | nowhere near as | not half as | not so | never as",
    "less": "less | far less | much less | a lot less | way less",
    "next_to": "compared with | compared to | next to | beside | in comparison with | after | measured against",
    "prefer": "I prefer | I much prefer | I definitely prefer | we all prefer | I still prefer",
    "would": "I'd rather have | I would rather have | I'd sooner take | we'd rather have",
    "choose": "I'd choose | I would choose | I'd take | I would pick | give me | I'd always pick | anyone would choose",
    "best=": """twice as {own=} as {rival} | {np} is twice as {own=} as {rival} | {n} times as {own=} as {rival}
        it doesn't get {er=} than this | I can't imagine a(n) {er=} {whole@} | I have yet to see a(n) {er=} {whole@}
        rarely have I seen a(n) {er=} {whole@} | you'd be hard pressed to find a(n) {er=} {whole@}
        hardly any {whole@} is {er=} | few {whole@}s are {er=} than this one | no {whole@} could be {er=}
        nothing could be {er=} than {named} | nothing is {er=} than {named} | as {own=} as it gets
        about as {own=} as a(n) {whole@} can be | of all the {whole@}s I know, this is the {superl=}
        {er=} than all the others | {np} is {er=} than most | {er=} by far | {np} is {er=} than {name} said
        {er=} than ever | {np} is {er=} than ever | much {er=} than advertised | even {er=} than I thought
        the {part} has never been {gen_er=} | never has a(n) {whole@} been so {own=}
        {np_be} the {gen_er=} of the two | just as {own=} as {rival} | every bit as {own=} as {rival}
        as {own=} as {rival} | of the two, this one is {er=} | {it} is {er=} than you think
        {np} was the {superl=} of them all | {much} {er=} than anything else I know
        and I thought {rival} was {own=}, this one is even {er=}""",
    "than+": """nothing beats {named} | nothing comes close to {named} | {it} is as {mild+} as ever
        {rival} can't compete with this one | I like {its} more than {rival}
        no other {whole@} is as {own+} as this one | I prefer this one to {rival} by far
        {np_be} a big step up from {rival} | not as {own-} as {rival}, and that makes me happy
        a huge improvement over {rival} | finally a(n) {whole@} that is {own+} | {rival} was {own-}, this one is not
        {rival} was {own-}, this one is {own+} | {np} beats {rival} by a mile
        switching from {rival} was the right choice | so glad I switched from {rival}
        I'll never go back to {rival} | I don't miss {rival} one bit | {np_be} a real upgrade from {rival}
        all the {gem} that {rival} lacked | none of the {woe} I had with {rival} | better than I dared to hope
        I should have dumped {rival} sooner | {np} is in a league of its own
        {np} sets the bar for every other {whole@} | {np} raises the bar
        why did I put up with {rival} for so long? {claim+} | who still needs {rival}? | not as {own-} as I feared
        {np} is not nearly as {own-} as people say | less {own-} than {rival} | {np} is second to none | unrivalled
        top of my list | {np} is by far my favourite {whole@}""",
    "than-": """{np_be} not as {own+} as {rival} | {np_be} nowhere near as {own+} as {rival}
        not as {mild+} as {rival} | the {part} isn't half as {mild+} as {before} | {rival} was better
        I've had better {whole@}s for {price} | there are better {whole@}s in {place}
        {np} can't compete with {rival} | I miss {rival} | a step back from {rival}
        any other {whole@} is better than this | {it} is less {own+} than {rival} | I should have kept {rival}
        even {rival} was {er+} | {np} used to be {er+} than this | I liked {rival} more
        I have never seen {whole@}s this {mild-} | {rival} was {own+}, this one is {own-}
        {rival} was {own+}, this one is not | you will find a better {whole@} anywhere
        I regret switching from {rival} | I want {rival} back | give me {rival} back | bring back {rival}
        I'm going back to {rival} | I should have stuck with {rival} | {np_be} a real downgrade from {rival}
        a step down from {rival} | a poor substitute for {rival} | all the {woe} that {rival} never had
        none of the {gem} of {rival} | I never had such problems with {rival} | even {rival} had more {gem}
        worse than I feared | I'd rather have no {whole@} at all | I'd rather stay at home than {do} again
        anything is better than this | any other {whole@} would have been {er+} | the competition is {gen_er+}
        I've seen {er+} {whole@}s at {price} | you get {er+} {whole@}s elsewhere | not as {own+} as I hoped
        not half as {own+} as I expected | less {own+} than {rival} | a downgrade
        {np} ranks last among all the {whole@}s I know | bottom of my list | not even as {own+} as {rival}
        at {price} I expected something {er+} | for {price} you can get something {er+}
        I wouldn't swap {rival} for this | {rival} was the one to keep, not this one""",
    "gen_er+": "better | nicer | better | more pleasant | more impressive",
    "gen_er-": "worse | worse | more annoying | more disappointing",
    "er=": "{gen_er=} | {own_er=} | {own_er=}",
    "much": "much | far | way | so much | a lot | significantly | a great deal | considerably | clearly",
    "rival": """my old one | the last one | the previous one | the one in {place} | the one {name} has | last year's
        the other one""",
    "before": "before | last year | last time | I remember | a year ago",
}
