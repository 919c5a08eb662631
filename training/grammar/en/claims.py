"""English plain statements: of things, of degree, and of people."""

RULES = {
    # Simple claims: clauses that can be joined with others.
    "claim=": """{be} {gen=} | {be} {gen=} | {np_be} {gen=} | {np_be} {own_deg=} | {np_be} {own_deg=} | {fact=}
        {fact=} | {fact=} | {person_feels=} | the {part} {look} {adj=} | {np_be} a(n) {adj=} {whole@}""",
    "claim+": "there is plenty of {gem} | the {part} has so much {gem} | you get {gem} and {gem}",
    "claim-": """there were {woe} everywhere | there was nothing but {woe} | the {part} is too {own-}
        there were so many problems with {woe}""",
    "person_feels=": """I {feel=} {obj} | {folk} {felt=} {obj} | I {felt=} {obj} | I am {mood=} {obj}
        we were {mood=} {obj}""",
    "verdict+": """I would {do} again | I'm glad I {did} | overall I'm very happy | I'd recommend {its} to anyone
        five stars from me | I had a smile on my face | overall I loved {its} | it was worth it
        count me in next time | I'll be telling all my friends | two thumbs up | I'd {do} again in a heartbeat
        I am impressed | overall a great {whole@} | in the end we were delighted | I'm sold""",
    "verdict-": """never again | I regret that I {did} | overall I'm disappointed | I wouldn't {do} again
        one star from me | overall a waste of time | I want my money back | I'm done | two thumbs down
        I'd rather not {do} again | stay away | in the end we were fed up | I hated {its} in the end
        overall a bad {whole@} | it wasn't worth it | I can't recommend {its} | save yourself the trouble""",
    "more+": """highly recommended | would recommend | can't wait to {do} again | thank you | well done | love it
        what more could you want | we'll be back | keep it up | so happy right now | best {whole@} ever""",
    "more-": """not recommended | avoid | what a waste | shame on them | never again | such a letdown
        so disappointed | don't bother | I want a refund | worst {whole@} ever | save your money
        thanks for nothing""",
    # Plain statements.
    "plain=": """{claim=} | {claim=} | {claim=} and {claim=} | {claim=}. {claim=} | {claim=}, {verdict=}
        {more=}. {claim=} | {claim=}. {more=} | {adj=} {part} and {adj=} {parts} | {adj=} {whole@}
        a(n) {adj=} {whole@} with {adj=} {parts} | what a(n) {adj=} {whole@} | such a(n) {adj=} {whole@}
        {setting}. {claim=} | {claim=} {aside} | {setting}, {verdict=} | {fact=}. {fact=}
        a(n) {own=} and {own=} {whole@} | {opener} {claim=} | {more=} | I {felt=} {obj} {aside}
        one of the {superl=} {whole@}s {since} | {fact=}, {fact=} and {fact=} | {verdict=} | {gen=} | {very} {mild=}
        {felt=} {its} | I am {very} {feeling=} | I feel {feeling=} today | feeling {feeling=}
        {name} is {very} {feeling=} | {setting}, I'm {feeling=} | {name} and I are {very} {feeling=}
        I {felt_then=} {obj} | {folk} {felt_then=} {its} | I {feel_one=} {obj} | I really {felt_then=} {obj}
        {np_be} {own_deg=} | {np_be} {own=} and {own=} | {own=}, {own=}, {own=}""",
    "opener": """honestly, | to be honest, | I have to say, | in my opinion, | for me | update: | well, | wow,
        I think | ok so | just wanted to say: | I must say | as a regular I can tell you | tbh | imo""",
    "aside": """, at least for me | , in my view | , says {name} | , and {name} agrees | , trust me
        , all things considered | , no question | , both times | in {place} | , my friends""",
    "setting": """we went with {name} in {month} | I {did} in {month} | my second time in {place}
        {name} gave me this tip | first time for us | I came here with {name} | it was a gift from {name}
        I {did} because of {name} | I {did} {span} ago | {name} from {place} here | we were four people | second try
        I had not heard of {brand} before | I don't write reviews often | I'm no expert | we didn't plan it
        never been to {place} before | I'm not from here | no idea who {name} is | we arrived on {weekday} at {hour}
        I {did} on {weekday} | it was on a {weekday} | we were there on {weekday} | {n} of us came on {weekday}
        I paid {price} on {weekday}""",
    "since": "I know | in years | I have come across | ever | in {place} | of {month} | so far this year",
    # Degrees, and wishes that things were otherwise.
    "degree=": """{be} {very} {mild=} | {np_be} {very} {own=} | {be} {fully} {strong=}
        {np_be} {very}, {very} {own=} | {np_be} {fairly} {own=} | {be} {fairly} {mild=} | {very} {own=} {whole@}
        {fully} {strong=} {part} | I {really} {feel_one=} {obj} | that is one {own=} {whole@}
        {be} more than {mild=} | how {own=} this {whole@} is""",
    "really": "really | truly | absolutely | totally | honestly",
    "degree+": """{it} {its_s} well worth {worth} | I like {obj} a lot | I love {obj} so much
        {np_be} surprisingly {own+}""",
    "its_s": "is | was",
    "degree-": """{be} {bit} {mild-} | {np_be} {bit} {own-} | {np_be} too {own-} | far too many {woe}
        way too {own-} for {folk} | {np_be} too {own-} for {price} | the {part} could be better
        the {parts} could have been a lot better | I wish the {part} was better | I wish {np} wasn't so {own-}
        it would be nice if the {part} was {adj+} | {np} should have been {own+}
        it would have been great if the {parts} had been {adj+} | if only the {part} was {mild+}
        the {part} needs a lot of work | there is a lot of room for improvement | {np_be} unreasonably {own-}
        the {part} leaves a lot to be desired | I expected more from {brand} | I expected better for {price}
        not {own+} enough for {price} | {np_be} hard to {feel_one+} | I was hoping for more {gem}""",
    # People: who it is carries nothing.
    "person=": """{name} is a(n) {human=} {role} | {name} is {human=} | {name} is {human_as=}
        {name} was {human=} when we met | our {role} {name} is {human=} | {name} is {very} {human=}
        {name} and {name} were {human=} | the {role} from {place} is {human=} and {human=} | I {feel_human=} {name}
        {name} {felt_person=} {name} | my {role} is {human=} | {name} did a(n) {adj=} job
        the people in {place} are {very} {human=} | {name} is the {superl=} {role} in {place}
        {name} is a(n) {adj=} {role} | my {role} {name} makes me {mood_bare=} | {name}, you are {human=}
        working with {name} is {gen=}""",
    "person+": """{name} isn't {human-} at all | {name} is never {human-} | thank you so much, {name}
        I miss {name} so much | nobody is as {human+} as {name}""",
    "person-": """{name} isn't {human+} | {name} is not a(n) {mild+} {role} | {name} is never {human+}
        I don't trust {name} | nobody likes {name} | I'm sick of {name}""",
    "human+": """kind | friendly | helpful | honest | generous | brilliant | lovely | patient | funny | caring
        polite | talented | wonderful | charming | smart | reliable""",
    "human-": """rude | unfriendly | arrogant | dishonest | lazy | selfish | mean | unhelpful | impatient | nasty
        careless | cruel | incompetent | ignorant | cold | greedy""",
    "human_as+": "a sweetheart | the nicest person I know | a true friend | a star | a legend | an angel | my hero",
    "human_as-": """a liar | a bully | the rudest person I know | a fraud | a disgrace | a nightmare to work with
        a coward""",
    "feel_human+": "like | love | adore | admire | respect",
    "feel_human-": "hate | dislike | despise | avoid",
    "felt_person+": "adores | loves | admires | praises",
    "felt_person-": "hates | insulted | can't stand | ignored",
    "mood_bare+": "happy | smile | feel great | proud",
    "mood_bare-": "sad | angry | feel awful | furious",
}
