"""English for grammar.py: lexicons and patterns of short sentences. How to read a rule is told there."""

import re
from random import Random

PLAN = {
    "plain+": 2000,
    "plain-": 1100,
    "negated+": 1600,
    "negated-": 2200,
    "contrast+": 1500,
    "contrast-": 1600,
    "degree+": 700,
    "degree-": 500,
    "compared+": 800,
    "compared-": 800,
    "time+": 600,
    "time-": 700,
    "person+": 500,
    "person-": 500,
    "framed+": 700,
    "framed-": 700,
    "emoji+": 300,
    "emoji-": 300,
    "told0": 2200,
    "daily0": 1800,
    "asked0": 1000,
    "shaped0": 900,
    "lukewarm0": 1000,
}

COMMON = {
    # Words of judgement: strong and mild ones that can stand before a noun, and phrases that stand after "is".
    "strong+": """amazing | excellent | fantastic | wonderful | brilliant | superb | outstanding | perfect | awesome
        incredible | terrific | magnificent | exceptional | phenomenal | marvellous | fabulous | stunning
        first-class | top-notch | flawless | spectacular | sensational | delightful | great | remarkable | splendid
        world-class""",
    "mild+": """good | nice | pleasant | lovely | solid | impressive | satisfying | likeable | good | enjoyable
        cool | great | charming | appealing | pleasing | convincing""",
    "after+": """a joy | a delight | second to none | out of this world | a pleasant surprise | just what I wanted
        spot on | better than expected | worth every penny | worth it | a big hit with {folk} | top class
        exactly what I was hoping for | beyond my expectations | five stars | the best part | my favourite""",
    "strong-": """terrible | awful | horrible | dreadful | atrocious | abysmal | appalling | pathetic | horrendous
        useless | worthless | unacceptable | disastrous | ghastly | miserable | lousy | disgraceful | shameful
        woeful | hopeless | hideous | inexcusable | laughable | diabolical | dire | rotten""",
    "mild-": """bad | poor | disappointing | underwhelming | weak | unpleasant | subpar | annoying | frustrating
        bad | unimpressive | unsatisfying | second-rate | irritating | substandard | unconvincing | poor""",
    "after-": """a disaster | a nightmare | a joke | a disgrace | a mess | a letdown | a waste of money
        a big mistake | not up to scratch | worse than expected | below par | beyond bad | not worth it
        the worst part | a rip-off | a total failure | rubbish | garbage | trash | a shambles
        a constant source of trouble""",
    "adj=": "{strong=} | {mild=} | {mild=}",
    "very": "very | really | so | extremely | incredibly | truly | super | very | really | unbelievably | seriously",
    "fully": "absolutely | simply | just | truly | really | completely",
    "fairly": "pretty | quite | rather | pretty | quite",
    "bit": "a bit | a little | somewhat | kind of | sort of | slightly | a tad | a little bit",
    "gen=": "{strong=} | {fully} {strong=} | {mild=} | {very} {mild=} | {fairly} {mild=} | {after=} | {strong=}",
    "gen-": "{bit} {mild-}",
    "own_deg=": "{own=} | {very} {own=} | {own=} and {own=} | {fairly} {own=}",
    "own_deg-": "{bit} {own-} | too {own-} | far too {own-} | way too {own-}",
    # What is judged. A domain's `np` is the thing as a whole; `be` and `not_be` end where the judgement begins.
    "np": "this {whole@} | the {whole@} | this {whole@} | that {whole@} | {named} | {named} | our {whole@}",
    "it": "it",
    "its": "it",
    "obj": "the {part} | the {parts} | this {whole@} | this {whole@} | {named}",
    "be": "the {part} is | the {part} was | the {parts} are | the {parts} were",
    "np_be": "{np} is | {np} was | {it} is | {it} was | {np} is",
    "not_be": """the {part} is not | the {part} isn't | the {part} was not | the {part} wasn't | the {parts} are not
        the {parts} aren't | the {parts} were not | the {parts} weren't""",
    "not_np_be": "{np} is not | {np} isn't | {np} was not | {np} wasn't | {it} isn't | {it} wasn't | {it} is not",
    "look": "looks | seems | feels | appears",
    # Simple claims: clauses that can be joined with others.
    "claim=": """{be} {gen=} | {be} {gen=} | {np_be} {gen=} | {np_be} {own_deg=} | {np_be} {own_deg=} | {fact=}
        {fact=} | {fact=} | {person_feels=} | the {part} {look} {adj=} | {np_be} a(n) {adj=} {whole@}""",
    "claim+": "there is plenty of {gem} | the {part} has so much {gem} | you get {gem} and {gem}",
    "claim-": """there were {woe} everywhere | nothing but {woe} | the {part} is too {own-}
        so many problems with {woe}""",
    "person_feels=": """I {feel=} {obj} | {folk} {felt=} {obj} | I {felt=} {obj} | I am {mood=} {obj}
        we were {mood=} {obj}""",
    "feel+": "love | adore | really like | absolutely love | enjoy | like | appreciate | admire",
    "felt+": """loved | enjoyed | really liked | adored | fell in love with | was blown away by | liked
        was charmed by""",
    "feel-": "hate | dislike | can't stand | despise | really dislike | detest | regret choosing",
    "felt-": """hated | disliked | couldn't stand | was let down by | was put off by | got fed up with | despised
        loathed | disliked | really disliked""",
    "mood+": """happy with | very pleased with | delighted with | thrilled with | impressed by | so glad about
        very satisfied with | grateful for | over the moon about""",
    "mood-": """unhappy with | very disappointed by | upset about | fed up with | annoyed by | so angry about
        sick of | dissatisfied with | furious about | let down by""",
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
    "feeling+": "happy | glad | excited | relieved | hopeful | proud | grateful | cheerful | thrilled",
    "feeling-": "sad | angry | depressed | lonely | heartbroken | scared | frustrated | hopeless | miserable",
    "superl+": "best | finest | nicest | greatest",
    "superl-": "worst | lousiest | most annoying | most disappointing",
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
    "folk": """my wife | my husband | my mum | {name} | {name} | the kids | my brother | my daughter | everyone
        my dad""",
    "name": """Anna | Marco | Priya | Ahmed | Chen | Olga | Tom | Keisha | Juan | Fatima | Lars | Yuki | Grace
        Pierre | Mohammed | Ingrid | Sanjay | Emily | Jamal | Sofia | Dmitri | Aisha | Peter | Ming | Rosa | Kwame
        Hannah | Luca | Noor | Patrick | Ivan | Leila | Oscar | Mei | Tyler | Zainab | Carlos | Elena | Jack | Amara""",
    "place": """Lisbon | Nairobi | Osaka | Chicago | Berlin | Mumbai | Leeds | Cairo | Toronto | Lima | Seoul
        Madrid | Texas | Dublin | Lagos | Vienna | Sydney | Jakarta | Boston | Hanoi | Ohio | Tehran | Glasgow
        Athens | Quito | Shanghai | Denver | Moscow | Dubai | Accra""",
    "brand": """Samsung | Sony | Nokia | Dell | Philips | Bosch | Lenovo | Canon | Asus | Xiaomi | Logitech | Apple
        LG | Panasonic | HP | Huawei | Zenko | Velta | Ardo | Kestrel | Miro | Braun | Acer | Toshiba""",
    "month": "January | February | March | April | May | June | July | August | September | October | November",
    "weekday": "Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday",
    "n": "two | three | four | five | six | seven | eight | ten | twelve",
    "num": "11 | 12 | 15 | 18 | 20 | 24 | 30 | 32 | 40 | 45 | 64 | 75 | 90 | 120 | 128 | 150 | 200 | 256 | 350 | 500",
    "hour": "7 | 8 | 9 | 10 | 11 | 6:30 | 7:15 | 8:45 | 9:30 | 10:20 | 12:05 | 3:40 | 5:50",
    "price": "$9 | $12 | $19.99 | £25 | 30 euros | $49 | $75 | €99 | $120 | £180 | 249 dollars | $399",
    "span": "two days | three weeks | a week | a month | six months | a year | ten days | four hours | a few weeks",
    # Negation that turns praise into blame.
    "neg-": """{not_be} {praise+} | {not_be} {praise+} | {not_np_be} {praise+} | {not_np_be} a(n) {adj+} {whole@}
        {not_np_be} {own+} | {not_np_be} {very} {own+} | {not_np_be} {own+} enough | {not_be} {adj+} at all
        {be} hardly {adj+} | {be} far from {adj+} | {be} anything but {adj+} | {be} never {adj+}
        {np_be} never {own+} | {be} nowhere near {adj+} | {be} by no means {adj+} | {be} less than {adj+}
        {np_be} barely {own+} | {np_be} anything but {own+} | {np_be} far from {own+} | {np_be} not exactly {own+}
        {not_be} {tuck} {adj+} | {not_np_be} {tuck} {own+} | {not_np_be} {tuck} a(n) {adj+} {whole@}
        {not_be} what I'd call {adj+} | I {dont} {feel_base+} {obj} | I {dont} {feel_base+} {obj} at all
        {folk} didn't {feel_base+} {obj} | I {dont} think {claimed+} | I can't say {claimed+}
        I can't say that {claimed+} | I {dont} believe that {claimed+} | I'm not sure anyone would call {obj} {adj+}
        nobody I know would say {claimed+} | no one thought {claimed+}
        I can't honestly tell {name} that {claimed+} | you can't really say {claimed+}
        I would never say that {claimed+} | I wouldn't recommend {its} | I would not {do} again | I won't {do} again
        I can't recommend {its} to {folk} | I would not recommend this {whole@} to {folk}
        I don't think I'd {do} again | I'll never {do} again | there is nothing {adj+} about {obj}
        nothing about {obj} is {adj+} | nothing about this {whole@} was {own+} | there is no {gem}
        {np} has no {gem} | {np} lacks {gem} | without any {gem} | there was not much {gem}
        I couldn't find any {gem} | neither the {part} nor the {part} was {adj+} | none of the {parts} were {adj+}
        not one of the {parts} was {adj+} | the {part} didn't impress me | {obj} failed to impress {folk}
        I'm not {calm+} {obj} | we were not {calm+} {obj} | I am not at all {calm+} {obj} | I never liked {obj}
        I have never been less impressed | I see no reason to {do} again | {np_be} not worth {worth}
        {it} {isnt} worth {worth} | it couldn't be worse | {be} not as {adj+} as promised
        {it} {doesnt} deserve the praise | I don't understand why people {feel_base+} {obj}
        I don't see what is so {adj+} about {obj} | it is not hard to find a better {whole@}
        {obj} never fails to disappoint {folk} | no one would miss {obj} | {folk} liked it, I didn't | not {praise+}
        I'm not {feeling+} at all | I don't feel {feeling+} | {name} isn't {feeling+} about {obj}
        not {own+} at all | neither the {parts} nor the {part} impressed me | neither {name} nor I would {do} again
        {np_be} neither {own+} nor {own+} | neither {own+} nor {own+}""",
    "praise+": """{mild+} | {mild+} | {very} {mild+} | {strong+} | that {mild+} | all that {mild+}
        particularly {mild+} | exactly {strong+} | even {mild+} | really {strong+}""",
    "claimed+": """{be} {adj+} | {be} {very} {mild+} | {np_be} {own+} | {np_be} a(n) {adj+} {whole@}
        {np_be} worth {worth} | I {felt_plain+} {obj} | {it} impressed me""",
    "felt_plain+": "enjoyed | liked | loved | was impressed by",
    "feel_base+": "like | love | enjoy | really like | recommend | trust",
    "calm+": "happy with | pleased with | impressed by | satisfied with | glad about",
    "dont": "don't | do not | really don't | don't really | just don't",
    "isnt": "isn't | wasn't | is not",
    "doesnt": "doesn't | does not | didn't",
    "tuck": """, to be honest, | , in my opinion, | , I'm afraid, | , as {name} claimed, | , like the ads promised,
        , despite the hype, | , for this price, | , as far as I can tell,""",
    "worth": "the money | the hype | your time | the effort | the wait | the price | it",
    # Negation that turns blame into praise.
    "neg+": """{not_be} bad at all | {not_np_be} bad at all | {not_np_be} {own-} at all
        {not_np_be} the least bit {own-} | {np_be} never {own-} | {np_be} anything but {own-}
        {np_be} far from {own-} | {be} anything but {mild-} | {not_np_be} {own-} in the slightest
        {not_np_be} {own-} | {np_be} not too {own-} | {not_be} {mild-} in any way
        there is nothing {adj-} about {obj} | nothing about {obj} is {adj-} | I found nothing {mild-} about {obj}
        there were no {woe} | no {woe} whatsoever | no {woe} at all | there were no {woe} and no {woe}
        there are zero {woe} | no problems with {obj} at all | I had no trouble with {obj} | without any problems
        I never had any {woe} | {obj} never disappointed me | {obj} never let us down | {np} didn't disappoint
        {np} does not disappoint | I couldn't be happier with {obj} | I couldn't be more pleased with {obj}
        we couldn't have asked for more | you can't go wrong with {obj} | I can't fault {obj}
        I can't complain about {obj} | nothing to complain about | I have no complaints about {obj}
        no complaints here | I can't find anything wrong with {obj} | I don't regret that I {did}
        I have no regrets that I {did} | I never regretted it | I can't recommend {its} enough
        I can't say enough good things about {obj} | I can't praise {obj} enough | I can't get enough of {obj}
        I can't wait to {do} again | I wouldn't change a thing | I wouldn't hesitate to {do} again
        not a single complaint about {obj} | I don't think {claimed-} at all
        I don't have anything bad to say about {obj} | I can't say anything bad about {obj}
        I have nothing but praise for {obj} | I have never had a better {whole@}
        {np_be} not only {own+} but also {own+} | {be} not just {mild+} but {strong+}
        not only {adj+} but {own+} too | it doesn't get any better than this | I wouldn't call {obj} {mild-} at all
        I'm not disappointed at all | {folk} didn't mind a bit | I don't understand the bad reviews
        nobody could dislike {obj} | {obj} couldn't be better | no one was disappointed
        it's hard not to love {obj} | I would not trade {its} for anything | don't miss {its}
        I never thought I'd {feel_one+} {its} this much | we were not let down by {obj}
        {obj} left nothing to be desired | {not_be} half bad | {not_be} too bad | {not_be} so bad after all
        {it} doesn't just look {mild+}, {it} is {own+} | {obj} never failed to impress {folk} | not bad at all
        I'm not {feeling-} any more | {name} is no longer {feeling-} | {name} wasn't {feeling-} at all
        not {own-} at all | neither {own-} nor {own-} | {np_be} neither {own-} nor {own-}
        neither {name} nor I had anything to complain about""",
    "claimed-": "{np_be} {own-} | {be} {mild-}",
    # Negation beside the judgement, which stands.
    "unflipped=": """no doubt, {claim=} | there is no denying that {claim=} | I can't deny that {claim=}
        not gonna lie, {claim=} | I'm not kidding, {claim=} | I can't believe how {own=} {it} is
        no wonder everyone {feels=} {its} | I don't write reviews often, but {main=} | I'm no expert, but {main=}
        not sure about the others, but {main=} | I hadn't heard of {brand} before and {claim=}
        I don't care what {name} says, {main=} | no matter what they say, {claim=}
        there is no {gen_er=} {whole@} in {place} | you won't find a(n) {gen_er=} {whole@} anywhere
        I can't think of a(n) {gen_er=} {whole@} | without a doubt the {superl=} {whole@} {since}
        it didn't take long: {now=} | not a day goes by without a(n) {face_word=}""",
    "feels+": "loves | likes | praises",
    "feels-": "hates | avoids | complains about",
    "face_word+": "smile | good laugh",
    "face_word-": "new problem | complaint",
    "negated=": """{neg=} | {neg=} | {neg=} | {neg=} | {neg=} | {unflipped=} | {unflipped=} | {neg=}. {more=}
        {neg=} and {neg=} | {opener} {neg=} | {neg=} {aside} | {setting}. {neg=} | {neg=}, {verdict=}""",
    "negated-": """{np_be} not only {own-} but also {own-} | {be} not just {mild-} but {strong-}
        not only {adj-} but {own-} too""",
    # Concession: the main clause decides, wherever it stands.
    "side=": """{be} {fairly} {mild=} | {np_be} {own_deg=} | {be} {mild=} | {np_be} {own=} | {neg_side=}
        I {felt_then=} {obj}""",
    "neg_side+": "{not_np_be} {own-} at all | {not_be} bad at all | no problems with {obj} | there were no {woe}",
    "neg_side-": """{not_be} {praise+} | {not_np_be} {own+} | {be} hardly {adj+} | there was no {gem}
        I {dont} {feel_base+} {obj}""",
    "main=": "{claim=} | {claim=} | {verdict=} | {verdict=} | {neg=} | {neg=} | {be} {gen=}",
    "contrast=": """{side~}, but {main=} | {side~} but {main=} | {side~}, but {main=} | {side~}. But {main=}
        {side~}, however {main=} | {side~}. However, {main=} | although {side~}, {main=}
        even though {side~}, {main=} | though {side~}, {main=} | {main=}, although {side~}
        {main=} even though {side~} | while {side~}, {main=} | despite the {mild~} {part}, {main=}
        {main=} despite the {mild~} {parts} | in spite of the {adj~} {part}, {main=} | {side~}, yet {main=}
        {side~}; still, {main=} | {side~}. Still, {main=} | {side~}. Nevertheless, {main=}
        apart from the {part}, everything was {adj=} | except for the {part} everything is {adj=}
        the only {good~} thing is the {part}, everything else is {adj=} | I wanted to {hate~} {its}, but {main=}
        people say {heard~}, but {main=} | {name} told me that {heard~}. {name} was wrong, {main=}
        I expected {adj~} {parts}, but {main=} | I thought {it} would be {adj~}, but {main=}
        yes, {side~}, but {main=} | {side~}, but who cares, {main=} | {be} {mild~} but {be} {adj=}
        {np_be} {own~}, but {own_deg=} | {side~}. {main=} though | I know {side~}, but {main=}
        not everything was {adj=}, but {main=} | {side~}, but {verdict=}
        regardless of the {mild~} {part}, {verdict=} | {np_be} {own~} but still {adj=}""",
    "good+": "good | decent | positive",
    "good-": "bad | negative | annoying",
    "hate+": "love | like | enjoy",
    "hate-": "hate | dislike",
    "heard=": "{np} is {adj=} | the {part} is {adj=} | {np} is {own=}",
    # Degrees, and wishes that things were otherwise.
    "degree=": """{be} {very} {mild=} | {np_be} {very} {own=} | {be} {fully} {strong=}
        {np_be} {very}, {very} {own=} | {np_be} {fairly} {own=} | {be} {fairly} {mild=} | {very} {own=} {whole@}
        {fully} {strong=} {part} | I {really} {feel_one=} {obj} | that is one {own=} {whole@}
        {be} more than {mild=} | how {own=} this {whole@} is""",
    "really": "really | truly | absolutely | totally | honestly",
    "feel_one+": "love | like | enjoy | adore",
    "feel_one-": "hate | dislike | despise",
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
    # Then and now: now decides.
    "then=": """the {part} was {gen=} | the {parts} were {gen=} | {np} was {own=} | {it} was {adj=}
        I {felt_then=} {its}""",
    "felt_then+": "loved | liked | enjoyed | adored | appreciated",
    "felt_then-": "hated | disliked | despised | couldn't stand | detested",
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
    "role": """teacher | neighbour | doctor | boss | driver | waiter | coach | dentist | landlord | nurse | guide
        manager | mechanic | hairdresser | colleague | receptionist | professor | plumber | roommate""",
    # Praise and blame in other clothes: questions that are none, mockery, advice, wishes.
    "framed+": """what's not to love about {obj}? | who wouldn't {feel_one+} {obj}?
        how could anyone not {feel_one+} {obj}? | if you want a(n) {adj+} {whole@}, look no further
        do yourself a favour and {do} | treat yourself, {do} | you won't regret it
        I'd give {its} {num} stars if I could | I wish I had found this {whole@} sooner
        I was afraid {it} would be {own-}. Not at all, {claim+} | {did} on a whim and {claim+}
        everybody should {do} | is it {own-}? No, {it} is {own+} | they said {heard-}. They were wrong
        if only every {whole@} was like this | I could {do} every day | congratulations to {name}, {claim+}
        best {price} I ever spent | {name} was right, {claim+} | why did nobody tell me about {named} before?
        so {adj+} that I {did} twice | I laughed, I cried, {adj+} {whole@}
        I would have paid double for a(n) {whole@} this {mild+} | don't listen to the haters, {claim+}
        how {adj+} is that!""",
    "framed-": """what's to like about {obj}? | who would {do}? | how could anyone {feel_one+} {obj}?
        why would anyone {do}? | if you want a(n) {adj+} {whole@}, look elsewhere
        do yourself a favour and don't {do} | oh great, {fact-} | great, {fact-} again
        thanks a lot, {brand}, {fact-} | you will regret it | I'd give {its} zero stars if I could
        I wish I had never {did_part} | I was hoping for a(n) {adj+} {whole@}. Not even close, {claim-}
        so much for {adj+} {parts} | is it {own+}? No, {it} is {own-} | they said {heard+}. They were wrong
        they call this {adj+}? {claim-} | don't {do} | how hard can it be to get the {part} right?
        worst {price} I ever spent | {name} warned me, {claim-} | so {adj-} that {folk} left
        the ad says "{adj+}". {fact-} | what were they thinking? {claim-} | nobody should {do}
        I would not {do} if you paid me | don't believe the {adj+} reviews, {claim-}
        whoever made this should be ashamed | I have seen {er+} {whole@}s for half of {price}
        yeah right, "{adj+} {parts}". {fact-} | I should have listened to {name}""",
    # Emoji and emoticons, alone or the only sign.
    "emoji=": """{face=} | {face=}{face=} | {event} {face=} | {event} {face=} | {event} {face=}{face=}
        {claim=} {face=} | {neg=} {face=} | {face=} {event} | {face=}{face=}{face=} | {name} {face=}
        {month} {face=}""",
    "face+": """😀 | 😍 | ❤️ | 👍 | 😊 | 🥰 | 🎉 | 🙌 | 💯 | 🤩 | 😋 | 👏 | 🔥 | 😁 | 😄 | 💖 | 🥳 | 😘 | :) | :-)
        :D | <3 | ^_^ | (: | =) | :-D | xD""",
    "face-": """😡 | 😠 | 👎 | 😞 | 😢 | 🤮 | 😤 | 💔 | 🙄 | 😒 | 😩 | 🤬 | ☹️ | 😣 | 🤢 | 😖 | 😫 | :( | :-( | D:
        >:( | :'( | ;_; | =( | :/""",
    "event": """just got home from {place} | the {part} today | so this is the new {whole@} | {weekday} morning
        back in {place} | {name} is here | our {whole@} | I {did} today | {n} hours of this | {name} called me
        and then {name} said this | guess who {did} | that {whole@} | the {part} in {place}
        {hour} o'clock and still here | me after {span} | when the {part} arrives | {month} already
        {name} and the {whole@} | the new {parts} | this is what I got for {price} | last day in {place}
        look at the {part} | round {n} with {name}""",
    # Neutral: facts, daily life, questions, and the forms of above without a judgement.
    "daily0": """{name} lives in {place} and works as a(n) {role} | the meeting is on {weekday} at {hour}
        {name} is a(n) {role} from {place} | the bus to {place} leaves at {hour} | we moved to {place} in {month}
        my {role} is called {name} | I'll call you on {weekday} | {name} and {name} are in {place} until {weekday}
        the office is open from {hour} to {n} | it costs {price} at the door | please bring the form on {weekday}
        {name} has {n} brothers and a sister | the shop opens at {hour} on {weekday}
        we need {n} eggs and {num} grams of flour | turn left after the bridge, then go straight on for {num} metres
        press the button for {n} seconds to reset it | enter the code and click next
        the train stops in {place} and {place} | the population of {place} grew by {n} percent
        {brand} opened an office in {place} | {name} was born in {place} in {month}
        {brand} will publish its figures on {weekday} | {name} was elected mayor of {place} in {month}
        tickets are {price} | the museum in {place} has {num} rooms | it will be cloudy in {place} with {n} degrees
        on {weekday} we fly to {place} | I am on my way to {place} | just landed in {place}
        {name} sent me the file at {hour} | reading the news at {hour}
        my appointment is at {hour}, {name} will drive me | I ordered {n} of them for {price}
        lunch with {name} at {hour} | the new {brand} phone comes in {n} colours
        {brand} moves its plant from {place} to {place} | the vote is on {weekday}
        the road to {place} is closed until {weekday} | the course has {num} lessons
        there are {num} chairs in the hall | {name} plays the piano on {weekday} | the letter arrived in {month}
        I have class until {hour} | {num} people live here | season {n} starts in {month}
        {place} and {place} play on {weekday} at {hour} | the score was {n} to {n} after {num} minutes
        {name} scored in minute {num} | send me the address, please | see you at {hour}
        I'm at the station in {place} | the warranty is valid for {n} years | add salt and cook it for {num} minutes
        wash at {num} degrees | take exit {num} and follow the signs to {place} | the file has {num} pages
        chapter {n} is about {place} | good morning {name} | good evening from {place}
        dear {name}, thank you for your message of {weekday} | kind regards, {name} | room {num} is on floor {n}
        seat {num}, window | invoice {num} is due on {weekday} | best before {month} | I wear size {n}
        {name} is {num} years old | my flight is at {hour} from {place} | the parcel weighs {num} grams
        today I talked to {name} about {place} | {name} asked for a copy of the contract
        we have a Zoom call at {hour} | {brand} announced a new model for {month}
        according to {name}, the work takes {span} | version {n}.{n} is out | happy birthday is a song
        the film is called Bad Boys | The Great Gatsby was published in 1925 | problem {n} is for {weekday}
        {name} started as a(n) {role} at {brand} in {month} | {brand} has {num} employees in {place}
        there is a pharmacy next to the bank | remind me on {weekday} | does {weekday} at {hour} work for you?
        what time is it in {place}? | where is {name}? | how do I get from {place} to {place}?
        is {name} in {place} this week? | who is coming on {weekday}? | which floor is it?
        how many people live in {place}? | can you send me the report by {weekday}? | when does the bank open?
        do you need {n} or {n} copies? | what is the capital of Peru? | how old is {name}? | has {name} called yet?""",
    "told0": """{fact0} | {fact0} | {fact0} | {fact0} | {opener0} {fact0} | {fact0}. {daily0} | {fact0}. {fact0}
        {setting0}. {fact0}""",
    "opener0": """fyi: | by the way, | for those who asked: | as far as I know, | hi, | reminder: | info: | note:
        so, | today I read that""",
    "setting0": """I {did} in {month} | {name} and I {did} | second time in {place} | we were {n} people
        I {did} {span} ago""",
    "asked0": """is {np} any good? | is {np} {any_own}? | does anyone know if the {part} is {anyadj}?
        how is the {part} of {np}? | is it {any_own}? | are the {parts} {anyadj}? | what do you think of {np}?
        has anyone tried {np}? | is it worth {worth}? | is {np} better than {rival}?
        which one is better, {np} or {rival}? | should I {do} or not? | would you {do} again?
        I'm wondering whether {np} is {any_own} | let me know if you like the {part}
        can someone recommend a(n) {whole@} in {place}? | looking for a(n) {mild+} {whole@} in {place}, any tips?
        how much is {np}? | where can I find a(n) {whole@} like this? | is the {part} as {anyadj} as {name} says?
        do you {any_feel} the {part}? | can I {do} without {name}?
        I want to know if the {part} is {anyadj} before I decide | what's the difference between {np} and {rival}?
        did {name} like the {part}? | do the {parts} cost extra? | I don't know yet if {it} is {anyadj}
        I haven't tried {its} yet, so I can't say if {it} is {anyadj}
        tell me on {weekday} if the {part} is {anyadj} | when will the {whole@} be ready? | who {did} already?
        how long does it take? | how {any_own} is {np}? | anybody here who {did} in {month}?
        is there a(n) {whole@} near {place}? | what did {name} say about the {part}? | rate the {part} from 1 to 10
        please tell us how {any_own} the {part} was | did you like it or not? | good or bad?""",
    "anyadj": "good | bad | okay | {own+} | {own-} | better | {mild+}",
    "any_own": "{own+} | {own-} | {own+} | {own-} | expensive | suitable for kids",
    "any_feel": "like | hate | use | know | recommend",
    "shaped0": """{name} doesn't live in {place} | {name} isn't here today | the museum is not open on {weekday}
        I don't eat meat | the cable is not in the box | no smoking in room {num} | I haven't been to {place}
        {name} has never been to {place} | it's not {weekday}, it's {weekday} | no parking between {hour} and {n}
        the {part} isn't from {brand}, it's from {brand} | I used to live in {place}, now I live in {place}
        {name} used to be a(n) {role}, now a(n) {role} | at first we took the bus, then the train
        the meeting was at {hour}, but now it's at {hour} | although it's {weekday}, the shop is open
        I live in {place} but work in {place} | {name} is older than {name} | {place} is further north than {place}
        the new one is {n} cm longer than {rival} | version {n} is {num} MB larger than version {n}
        {name} has more books than {name} | {place} has fewer people than {place}
        before {month} we were in {place}, since then in {place}
        we wanted to go to {place}, but went to {place} instead | not {name} but {name} wrote the letter
        neither {name} nor {name} is from {place} | {name} isn't a(n) {role} but a(n) {role}
        it doesn't matter whether you come at {hour} or at {hour} | I didn't take the bus, I walked
        there is no bus after {hour} | I can't come on {weekday}, but {name} can | no, I said {hour}, not {hour}
        it wasn't {name} who called, it was {name} | you don't need a ticket on {weekday}
        despite the date on the letter, it came in {month} | the {whole@} isn't mine, it's {name}'s
        last year the price was {price}, this year it is {price} | it's not new, {name} {did} {span} ago
        the {part} is the same as before | {name} never drinks coffee after {hour}
        there are no trains to {place} on {weekday} | the {part} hasn't changed since {month}
        however, the office moved to {place} in {month} | the blue one is larger than the red one
        very early, at {hour}, we left for {place} | it isn't raining in {place} | I have not read it yet
        {name} does not have a car | we don't know the date yet | this one weighs more than {rival}
        it takes longer by train than by car | nobody lives there now | nothing new from {place}""",
    "lukewarm0": """{np_be} {meh} | {be} {meh} | {np_be} {meh} | {be} {meh}, {meh}
        {be} neither {mild+} nor {mild-} | {np_be} {meh}. {lukemore} | {be} not {strong+}, not {strong-}
        {np_be} neither {own+} nor {own-} | {lukemore} | {lukemore}. {be} {meh} | the {part} was as described
        {np} is what you would expect for {price} | some {parts} are good, others are not
        {be} not {mild+}, but not {mild-} either | {it} does what it says | it has its ups and downs | {np}: {meh}
        I neither like nor dislike {obj} | I have no strong opinion on {obj}
        {be} {meh}, nothing more, nothing less | {obj}? {meh} | a(n) {mehadj} {whole@} with {mehadj} {parts}
        an average {whole@} | mixed feelings about {obj} | {be} about the same as {before}
        {np_be} no better and no worse than {rival} | {it} is a(n) {whole@} like any other
        not the best {whole@}, not the worst | I've seen better and I've seen worse | {opener} {np_be} {meh}
        {setting}. {be} {meh} | half of the {parts} were good, the other half bad | {np} has pros and cons""",
    "meh": """okay | ok | average | fine | so-so | alright | nothing special | mediocre at best and okay at worst
        acceptable | just okay | neither good nor bad | as expected | pretty average | standard | middle of the road
        not great, not terrible | ordinary | passable | the usual | run of the mill | kind of average | fair enough
        sort of okay""",
    "mehadj": "average | standard | ordinary | typical | regular | usual",
    "lukemore": """it's okay | it does the job | nothing more to say | three stars | 3 out of 5 | 5/10
        could go either way | it is what it is | take it or leave it | I'm indifferent | no strong feelings
        it was alright | not sure what to think | meh, okay I guess | you get what you pay for
        nothing to write home about""",
}

_FACES = {sign: re.split(r"\s*[|\n]\s*", COMMON[f"face{sign}"]) for sign in "+-"}
_FACES["0"] = ["📅", "📍", "🤔", "📦", "✈️", "☕", "📷"]
_POLAR_ENDS = [".", ".", ".", ".", "", "", "!", "!", "!!", "..."]
_ENDS = {"+": _POLAR_ENDS, "-": _POLAR_ENDS, "0": [".", ".", ".", ".", ".", ".", "", "", "", "!", "..."]}
_CLOSED = (*".!?…", *_FACES["+"], *_FACES["-"])
_STRETCHED = {"so": "sooo", "love": "loooove", "good": "goooood", "bad": "baaaad", "nice": "niiiice", "no": "nooo"}


def finish(text: str, sign: str, rng: Random) -> str:
    """Spell, capitalise and punctuate a bare sentence; sometimes as people do in haste."""
    text = _spell(text)
    if not text.endswith(_CLOSED):
        text += rng.choice(_ENDS[sign])
    if text[-1] in "." and rng.random() < 0.06:
        text = f"{text.rstrip('.')} {rng.choice(_FACES[sign])}"
    return _hurry(text, rng)


def _spell(text: str) -> str:
    """Articles, plurals, spaces and capitals."""
    # "an honest", but "a useful", "a university"; "an unimpressive" all the same.
    text = re.sub(r"a\(n\) (?=[aeio]|hon|u(?!se|ni(?!mp)))", "an ", text).replace("a(n) ", "a ")
    text = re.sub(r"(?<=[^aeiou\W])ys\b", "ies", text)
    text = re.sub(r"(ss|ch|sh|x)s\b", r"\1es", text).replace("seriess", "series")
    text = re.sub(r"\s+", " ", text).replace(" ,", ",")
    text = re.sub(r",+(?=[,.;?!]|$)", "", text.strip())
    return re.sub(r"(^|[.!?] \"?)([a-z])", lambda match: match[1] + match[2].upper(), text)


def _hurry(text: str, rng: Random) -> str:
    """At times all in one case, without apostrophes, with a letter held or two letters swapped."""
    if rng.random() < 0.02:
        text = re.sub(rf"\b({'|'.join(_STRETCHED)})\b", lambda match: _STRETCHED[match[1]], text, count=1)
    if rng.random() < 0.05:
        text = text.replace("'", "")
    if rng.random() < 0.03:
        words = [match.start() for match in re.finditer(r"\b[a-z]{6,}\b", text)]
        if words:
            at = rng.choice(words) + rng.randint(1, 3)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    draw = rng.random()
    if draw < 0.12:
        return text.lower()
    return text.upper() if draw < 0.14 else text
