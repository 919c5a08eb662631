"""English negation: of praise, of blame, and beside a judgement that stands."""

RULES = {
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
}
