"""English concession: the main clause decides, wherever it stands."""

RULES = {
    # Concession: the main clause decides, wherever it stands.
    "side=": """{be} {fairly} {mild=} | {np_be} {own_deg=} | {be} {mild=} | {np_be} {own=} | {neg_side=}
        I {felt_then=} {obj} | the {part} {look} {mild=} | {np} {look} {own=} | {be} {very} {mild=} | {be} {gen=}""",
    "side+": "there is {gem} | {np} has {gem}",
    "side-": "there are {woe} | there were {woe}",
    "neg_side+": "{not_np_be} {own-} at all | {not_be} bad at all | I had no problems with {obj} | there were no {woe}",
    "neg_side-": """{not_be} {praise+} | {not_np_be} {own+} | {be} hardly {adj+} | there was no {gem}
        I {dont} {feel_base+} {obj}""",
    "main=": "{claim=} | {claim=} | {verdict=} | {verdict=} | {neg=} | {neg=} | {be} {gen=} | {np_be} {own_deg=}",
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
        regardless of the {mild~} {part}, {verdict=} | {np_be} {own~} but still {adj=}
        {granted}, {side~}, but {main=} | {granted}, {side~}, but {main=} | {granted}, {side~}. Still, {main=}
        admittedly {side~}, but {main=} | it's true that {side~}, but {main=} | I admit that {side~}, but {main=}
        {side~}, {even_so}, {main=} | {side~}. {even_so}, {main=} | {side~}, but {even_so}, {main=}
        {side~}; {even_so}, {main=} | {although} {side~}, {main=} | {although} {side~}, {main=}
        {main=} {although} {side~} | {main=}, {although} {side~} | {although} {side~}, {verdict=}
        {although} {side~}, {neg=} | despite being {own~}, {np} is {own=} | {np} is {own=} despite being {own~}
        despite {having~}, {main=} | {main=} in spite of {having~} | even with {having~}, {main=}
        {having~} aside, {main=} | {having~} or not, {main=} | leaving {having~} aside, {main=}
        never mind {having~}, {main=} | notwithstanding {having~}, {main=} | {main=}, {having~} notwithstanding
        {main=}, despite {having~} | say what you will about the {adj~} {part}, {main=} | say what you like, {main=}
        even if {side~}, {main=} | even if {heard~}, {main=} | as {own~} as {it} is, {main=}
        {own~} as {it} is, {main=} | {own~} or not, {main=} | no matter how {own~} {it} is, {main=}
        however {own~} {it} may be, {main=} | {it} may be {own~}, but {main=}
        {np} might be {own~}, but {it} is {own=} | the {part} may be {mild~}, but {main=}
        much as I {feel_one~} the {part}, {main=} | whereas the {part} is {mild~}, {main=}
        {mild~} {part}, but {main=} | {own~} but {own=} | {adj~} {part}, but {adj=} {parts} | {own~}, yet {own=}
        {own~}, but {own=} | the {part}: {adj~}. But all in all, {adj=} | {side~}, but overall {np_be} {own=}
        {side~}, but on the whole {be} {adj=} | {side~}, but all in all {verdict=} | {side~}, but in the end {main=}
        {side~}, but that changes nothing: {main=} | {side~}, which doesn't change the fact that {claim=}
        {having~} can't hide the fact that {claim=} | {having~} could not change the fact that {claim=}
        don't get me wrong, {side~}, but {main=} | I was ready to {hate~} {its}, but {main=}
        with {adj~} {parts} but {adj=} {part}, {verdict=} | {name} {felt~} {its}, but {main=}
        {folk} {felt~} {its}, I {felt=} {its} | most people {feel_one~} {its}, but {main=}
        {name} is {mood~} {obj}, but {main=} | the ads make {its} look {adj~}, but {main=}
        {it} looks {adj~}, but {it} is {adj=} | {it} sounds {adj~}, but {main=}
        at first glance {own~}, but {main=} | contrary to what {name} says, {main=}
        what {name} says about {its} being {own~} is wrong, {main=} | {opener} {side~}, but {main=}
        {setting}. {side~}, but {main=} | {more=}. {although} {side~}, {main=} | {side~} and {side~}, but {main=}
        {side~}, {side~}, but {verdict=} | {side~}, but {main=} and {main=} | {mild~}? Maybe, but {main=}
        is {it} {own~}? A little, but {main=}""",
    "contrast+": """the {part} makes up for the {adj-} {parts} | the {adj+} {part} makes up for the {adj-} {parts}
        not even the {adj-} {part} could spoil {its} | the {adj-} {part} didn't spoil {its} for us
        {side-}, but that didn't stop me from enjoying {its} | {side-}, luckily {main+}
        {side-}, fortunately {main+} | {own+}, albeit a bit {own-} | {np_be} {own+}, albeit {bit} {own-}
        {main+}, my only complaint is the {part} | {main+}, the only downside is the {part}
        {side-}, but I can live with that, {main+} | {side-}, but I forgive {its} everything: {main+}
        some {woe}, but {main+} | {woe} or not, I {feel_one+} {its} | for all the {woe}, {main+}
        for all the {woe}, {np_be} {own+} | {side-}, a small price to pay: {main+} | not {own+}, but worth {worth}
        not {own+}, but {own+} and {own+} | {not_np_be} {own+}, but worth every penny
        nobody is perfect, but {main+} | {main+}, {woe} and all | I didn't expect much, but {main+}
        I had my doubts, but {main+} | I almost didn't {do}, but {claim+}
        I was warned about the {part}, but {main+} | the reviews are bad, but {main+} | {side-}, but it grew on me""",
    "contrast-": """the {adj+} {part} doesn't make up for the {adj-} {parts} | {side+}. Too bad {main-}
        not even the {adj+} {part} could save {its} | the {adj+} {part} is ruined by the {adj-} {parts}
        for all the {gem}, {main-} | for all the {gem}, {np_be} {own-} | {side+}, but that didn't save {its}
        {side+}, unfortunately {main-} | {side+}, sadly {main-} | {side+}. Unfortunately, {main-}
        {side+}, a shame that {claim-} | {side+}, it's just that {claim-} | {main-}, the only upside is the {part}
        {main-}, the {adj+} {part} is no excuse | {side+}, if only {it} wasn't so {own-}
        I wanted to {feel_one+} {its}, I really did, but {main-} | I tried to {feel_one+} {its}, but {main-}
        not {own-}, but {own-} and {own-} | {side+}, but what good is that when {claim-}?
        so much {gem}, and yet {main-} | I had high hopes, but {main-} | I expected a lot, but {main-}
        I was looking forward to {its}, but {main-} | the reviews are great, but {main-} | {side+}, but never again
        {side+}, but not worth {worth} | {it} could have been {own+}, but {main-}
        {it} was supposed to be {own+}, but {main-} | {it} promises {gem}, but {main-}""",
    "granted": "granted | admittedly | true | sure | of course | okay | fair enough | I'll admit",
    "although": """although | even though | though | while | despite the fact that | in spite of the fact that
        even if | regardless of the fact that""",
    "even_so": """even so | all the same | nonetheless | nevertheless | that said | having said that | still
        despite that | in spite of all that""",
    "having+": "the {gem} | all that {gem} | the {adj+} {part} | the {adj+} {parts}",
    "having-": "all the {woe} | those {woe} | the {adj-} {part} | the {adj-} {parts}",
    "good+": "good | decent | positive",
    "good-": "bad | negative | annoying",
    "hate+": "love | like | enjoy",
    "hate-": "hate | dislike",
    "heard=": "{np} is {adj=} | the {part} is {adj=} | {np} is {own=}",
}
