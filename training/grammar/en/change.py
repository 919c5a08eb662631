"""English change over time: now decides."""

RULES = {
    # Then and now: now decides.
    "then=": """the {part} was {gen=} | the {parts} were {gen=} | {np} was {own=} | {it} was {adj=}
        I {felt_then=} {its}""",
    "now=": """the {part} is {gen=} | the {parts} are {gen=} | {np} is {own=} | {it} is {adj=} | {it} is {own_deg=}
        I {feel_one=} {its} | {it} has become {own=}""",
    "now+": """all problems are gone | I wouldn't miss {its} | {it} has won me over
        I can't imagine life without {its}""",
    "now-": "it has gone downhill | I can't stand {its} | it's not what it was | I have had enough | it fell apart",
    "time=": """the {part} used to be {adj~}, now it is {adj=}
        the {parts} used to be {adj~}, but now they are {adj=} | {np} used to be {own~}, now {it} is {own=}
        {it} used to be {adj~}. Now {it} is {adj=} | I used to {feel_one~} {its}, now {now=}
        at first {then~}, but after {span} {now=} | at first I {felt_then~} {its}, but now {now=}
        in the beginning {then~}, but now {now=} | {span} ago {then~}, today {now=}
        {then~} until {month}, now {now=} | last year {then~}. This year {now=}
        I used to think {it} was {adj~}, but these days {now=} | initially {then~}, later it turned out to be {adj=}
        {then~} for {span}, then it became {adj=} | the first {n} days {then~}; since then {now=}
        not {adj~} any more, {now=} | no longer {own~}, {now=} | gone from {adj~} to {adj=} in {span}
        {then~} the first time, {adj=} the second""",
    "time+": """{span} in and I still {feel_one+} {its} | after {span} the {part} is still {adj+}
        still {own+} after {span}""",
    "time-": """{it} was {adj+} once, those days are over | the {part} is no longer {adj+}
        the {parts} are not {adj+} any more""",
}
