"""English change over time: now decides."""

RULES = {
    # Then and now: now decides.
    "then=": """the {part} was {gen=} | the {parts} were {gen=} | {np} was {own=} | {it} was {adj=}
        I {felt_then=} {its} | I was {mood=} {obj} | {folk} {felt_then=} {its} | {it} was {own=}""",
    "then+": "there was {gem} | {it} wasn't {own-} at all | I had no complaints | there were no {woe}",
    "then-": "there were {woe} | {it} wasn't {own+} | {it} wasn't {own+} at all | there was no {gem}",
    "now=": """the {part} is {gen=} | the {parts} are {gen=} | {np} is {own=} | {it} is {adj=} | {it} is {own_deg=}
        I {feel_one=} {its} | {it} has become {own=} | I am {mood=} {obj}
        {it} has turned into a(n) {adj=} {whole@}""",
    "now+": """all problems are gone | I am glad I {did} | {it} has won me over | I can't imagine life without {its}
        there are no {woe} any more | {it} isn't {own-} at all any more""",
    "now-": """it has gone downhill | I can't stand {its} | it's not what it was | I have had enough
        there are {woe} | {it} isn't {own+} any more | {it} is not {own+} at all | there is no {gem} any more""",
    "time=": """the {part} used to be {adj~}, now it is {adj=}
        the {parts} used to be {adj~}, but now they are {adj=} | {np} used to be {own~}, now {it} is {own=}
        {it} used to be {adj~}. Now {it} is {adj=} | I used to {feel_one~} {its}, now {now=}
        at first {then~}, but after {span} {now=} | at first I {felt_then~} {its}, but now {now=}
        in the beginning {then~}, but now {now=} | {span} ago {then~}, today {now=}
        {then~} until {month}, now {now=} | last year {then~}. This year {now=}
        I used to think {it} was {adj~}, but these days {now=} | initially {then~}, later it turned out to be {adj=}
        {then~} for {span}, then it became {adj=} | the first {n} days {then~}; since then {now=}
        not {adj~} any more, {now=} | no longer {own~}, {now=} | gone from {adj~} to {adj=} in {span}
        {then~} the first time, {adj=} the second | {long_ago} {then~}, {these_days} {now=}
        {long_ago} {then~}, {these_days} {now=} | {long_ago} {then~}, but {these_days} {now=}
        {long_ago} {then~}, but {these_days} {now=} | {long_ago} {then~}. {these_days}, {now=}
        {these_days} {now=}, but {long_ago} {then~} | {these_days} {now=}; {long_ago} {then~}
        {now=} {these_days}, even though {then~} {long_ago} | {now=} now, whereas {then~} before
        once {own~}, {np} is now {own=} | {np} was once {own~}, but {now=}
        what used to be {adj~} has become {adj=} | {np} went from {own~} to {own=} | from {own~} to {own=} in {span}
        {np} has gone from {adj~} to {adj=} | until {turn} {then~}, but now {now=} | until {turn} {then~}
        {then~} until {turn} | {it} was {own~} until {turn}, now {it} is {own=} | since {turn} {now=}
        ever since {turn} {now=} | before {turn} {then~}, since then {now=} | after {turn} {now=}
        {then~}, but after {turn} {now=} | {then~}, but then came the change and {now=}
        {it} started out {own~} and ended up {own=}
        {it} began as a(n) {adj~} {whole@} and ended as a(n) {adj=} one
        the {part} started {mild~} and ended {mild=} | {it} was {own~} at first, but turned out to be {own=}
        {np} turned from {adj~} to {adj=} | {it} wasn't {own=} at first, but {it} is now
        {it} is {own=} now, which {it} wasn't before | {np} wasn't always {own=}, but {it} is now
        {it} used to be {own~}, but not any more | {np} was {own~} at first, but not any more
        {np} was {own~} {long_ago}. Not any more | I never used to {feel_one=} {its}, but now I do
        I used to {feel_one~} {its}, but not any more | I used to be {mood~} {obj}, now I am {mood=} {its}
        I no longer {feel_one~} {its}, {now=} | I have come to {feel_one=} {its}
        over time I grew to {feel_one=} {its} | the longer I know {its}, the {er=} {it} gets
        the {part} keeps getting {gen_er=} | {np} is getting {gen_er=} every month
        it gets {gen_er=} with every {step} | {np} has become {er=} | {np} has become {much} {er=}
        {it} has become {er=} over the last {step} | {it} has always been {own=} and still is | {it} remains {own=}
        {span} later {it} is still {own=} | even after {span} {it} is as {own=} as on the first day
        still {own=} after {span} | the {part} is {mild=} again
        {it} was {own=}, then {own~} for {span}, and is {own=} again | first {own~}, then {own=}
        {own~} before, {own=} now | {own=} now, {own~} before | {own~} then, {own=} now
        {setting}. {long_ago} {then~}, {these_days} {now=} | {opener} {then~} {long_ago}, but {these_days} {now=}
        no longer {own~} but {own=} | I thought {it} was {adj~}, until I {did}: {now=}
        you may remember that {then~}; {these_days} {now=}
        {name} {felt_then~} {its} {long_ago}, but {these_days} {now=}
        {it} had been {own~} for {span} before {it} became {own=}""",
    "time+": """{span} in and I still {feel_one+} {its} | after {span} the {part} is still {adj+}
        the {part} has improved a lot | the {part} has improved since {turn} | {np} has come a long way
        the {parts} have improved so much | finally {own+} | at last {it} is {own+} | they finally fixed the {part}
        the {part} is back to its old self | {np} is back to being {own+} | {it} got off to a bad start, but {now+}
        it took a while, but {now+} | after a slow start {now+} | it took {span}, but in the end {now+}
        no more {woe} | no more {woe} since {turn} | the days of {woe} are over | gone are the days of {woe}
        {np} is no longer {own-} | the {part} is no longer {adj-} | the {parts} are not {mild-} any more
        it grew on me | {it} has grown on me over the {step}s | my first impression was wrong, {now+}
        I fell in love with {its} all over again | {np} has stood the test of time
        they listened and fixed the {part} | {it} was never {own-} and still isn't
        {then-}, but {name} sorted it out | {it} gets more {mild+} each time | the {part} never got {own-} in {span}
        I had doubts at first, but {now+} | problems at the start, all solved by now
        {then-}, but they put it right | things are looking up, {now+} | I was sceptical at first, now I'm a fan
        I gave {its} a second chance and {now+}""",
    "time-": """{it} was {adj+} once, those days are over | the {part} is no longer {adj+}
        the {parts} are not {adj+} any more | the {part} has gone downhill
        the {part} has gone downhill since {turn} | the {part} has gone from bad to worse
        {np} is a shadow of its former self | {np} has lost its charm | the {part} has got so much worse
        the {part} deteriorated after {turn} | {it} hasn't been {own+} since {turn}
        the {parts} have declined since {turn} | no more {gem} | no {gem} since {turn} | the days of {gem} are over
        where has the {gem} gone? | {np} is no longer {own+} | {it} was never {own+} and still isn't
        still not {own+} | after {span} {it} is still not {own+} | still no {gem} after {span}
        I am still waiting for {gem} | it got old fast | the novelty wore off, {now-} | the magic is gone
        it started well and ended in {woe} | a good start, but {now-} | a promising start, but {now-}
        {it} began well, but by now {now-} | it was fun while it lasted | I had high hopes at first, but {now-}
        my first impression was too kind, {now-} | {then+}, but they ruined it
        the {part} was {mild+} before they changed it | I miss the days when {then+}
        I remember when {then+}, sadly no more | I used to be a fan, now I'm not | they never fixed the {part}
        {it} was {own+} for exactly {span} | I gave {its} a second chance and {now-}""",
    "long_ago": """in the past | back then | in the beginning | at first | initially | originally | a year ago
        years ago | {span} ago | last year | in {month} | for a while | in the early days | once upon a time""",
    "these_days": "now | now | these days | nowadays | today | lately | by now | at present",
    "step": "week | month | year",
    "turn": "{month} | last summer | {name} took over",
}
