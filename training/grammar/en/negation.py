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
        {folk} didn't {feel_base+} {obj} | I can't say {claimed+} | I can't say that {claimed+}
        I'm not sure anyone would call {obj} {adj+} | I can't honestly tell {name} that {claimed+}
        you can't really say {claimed+} | I would never say that {claimed+} | I wouldn't recommend {its}
        I would not {do} again | I won't {do} again | I can't recommend {its} to {folk}
        I would not recommend this {whole@} to {folk} | I don't think I'd {do} again | I'll never {do} again
        there is nothing {adj+} about {obj} | nothing about {obj} is {adj+} | nothing about this {whole@} was {own+}
        there is no {gem} | {np} has no {gem} | {np} lacks {gem} | without any {gem} | there was not much {gem}
        I couldn't find any {gem} | neither the {part} nor the {part} was {adj+} | the {part} didn't impress me
        {obj} failed to impress {folk} | I'm not {calm+} {obj} | we were not {calm+} {obj}
        I am not at all {calm+} {obj} | I never liked {obj} | I have never been less impressed
        I see no reason to {do} again | {np_be} not worth {worth} | {it} {isnt} worth {worth} | it couldn't be worse
        {be} not as {adj+} as promised | {it} {doesnt} deserve the praise
        I don't understand why people {feel_base+} {obj} | I don't see what is so {adj+} about {obj}
        it is not hard to find a better {whole@} | {obj} never fails to disappoint {folk} | no one would miss {obj}
        {folk} liked it, I didn't | not {praise+} | I'm not {feeling+} at all | I don't feel {feeling+}
        {name} isn't {feeling+} about {obj} | neither the {parts} nor the {part} impressed me
        neither {name} nor I would {do} again | {np_be} neither {own+} nor {own+} | {no_point} was {np} {own+}
        {no_point} was the {part} {adj+} | {no_point} did I {feel_base+} {obj} | {no_point} did {it} {act+}
        {nobody} found {its} {own+} | {nobody} {felt_then+} {its} | {nobody} {felt_then+} {obj}
        {nobody} would call {its} {adj+} | {nobody} was {calm+} {obj} | {nobody} wants to {do} again
        {none_of} {adj+} | {none_of} {adj+} | hardly any of the {parts} were {adj+} | few of the {parts} were {adj+}
        {it} {doesnt} {act+} | {np} {doesnt} {act+} | {it} just won't {act+} | {it} didn't {act+} once
        {it} can't even {act+} | {np} has yet to {act+} | {np} failed to {act+} | {it} fails to {act+}
        {it} never seems to {act+} | {it} never fails to {act-} | {np} is rarely {own+} | {np} is seldom {own+}
        {be} hardly ever {adj+} | {np_be} the opposite of {own+} | {np} couldn't be further from {own+}
        {np} is not remotely {own+} | I refuse to recommend {obj} | I refuse to {do} again
        I doubt I'll ever {do} again | I doubt anyone will {feel_base+} {its}
        I doubt {name} will {feel_base+} {its} | I have my doubts about {obj}
        I doubt that {it} will ever be {own+} | don't expect {gem} | don't expect {adj+} {parts}
        don't expect {its} to be {own+} | forget about {gem} | {obj} didn't live up to {hype}
        {np} does not live up to {hype} | {obj} fell short of {hype} | {np} is not what {it} is made out to be
        {np} didn't meet my expectations | {np} is devoid of {gem} | {np} is short on {gem} | not an ounce of {gem}
        there isn't a hint of {gem} | {gem} is nowhere to be found | no {gem} to speak of
        there is not enough {gem} | no shortage of {woe} | {np} is not free of {woe} | hardly a day without {woe}
        there was no end to the {woe} | there is little to {feel_base+} about {obj}
        there is nothing to {feel_base+} about {obj} | there is a lot not to like about {obj}
        {obj} is hard to {feel_base+} | it is impossible to {feel_base+} {obj}
        it's hard to find anything {mild+} about {obj} | I found nothing {mild+} about {obj}
        I can't think of anything {mild+} to say about {obj} | {not_np_be} the {superl+} {whole@}, far from it
        {np_be} far from the {superl+} {whole@} {since} | I wouldn't wish {obj} on anyone | I could do without {obj}
        I'd be better off without {its} | no one needs {obj} | {obj} is nothing to be proud of
        {obj} did not make me {feeling+} | {obj} never made me {feeling+} | it's no pleasure to {do}
        it's no use, {it} won't {act+} | I'm not going to {do} again | nobody should have to put up with {obj}
        I can't get used to {obj} | you will not {feel_base+} {its} | no {gem}, just {woe}
        it's not that the {part} is {mild-}, it's just that {claim-} | calling {its} {own+} is a lie
        I can't say I {felt_plain+} {obj} | I wouldn't say I {felt_plain+} {obj}
        I can't claim I {felt_plain+} {obj} | I'd be lying if I said I {felt_plain+} {obj}
        I wish I could say I {felt_plain+} {obj} | {np} is not worthy of being called {own+}
        I'm still not convinced by {obj} | {it} would be {own+} if it weren't for the {adj-} {part}
        {it} could have been so {own+} | without the {adj-} {part} {it} would have been {own+}
        {it} was supposed to be {own+} | I would {feel_one+} {its} if {it} wasn't so {own-}
        if only {np} were {own+} | {it} was meant to be {own+} | supposedly {own+}, {claim-} | {denied-} | {denied-}
        {denied-} | {bare-} | {bare-} | {bare-} | {bare-} | {bare-} | {bare-}""",
    "denied-": "{deny} {claimed+} | {deny_praise} {claimed+} | {deny} {claimed+}",
    "bare-": """not {own+} at all | not {own+} | not {own+} | not so {mild+} | not that {own+} | not very {own+}
        not {mild+} | not really {mild+} | not even {mild+} | not particularly {own+} | not remotely {own+}
        none too {own+} | hardly {own+} | barely {own+} | scarcely {own+} | far from {own+} | far from {adj+}
        anything but {own+} | anything but {adj+} | never {own+} | by no means {own+} | in no way {own+}
        nothing {mild+} about {its} | nowhere near {adj+} | less than {adj+} | {isnt} {own+} | wasn't {own+} at all
        no {gem} | no {gem} at all | zero {gem} | not much {gem} | not enough {gem} | could be better
        couldn't be worse | could not be {er-} | not worth {worth} | no good | no fun at all | not impressed
        not my idea of {own+} | wouldn't {do} again | won't {do} again | didn't {feel_base+} {its}
        {dont} {feel_base+} {its} | neither {own+} nor {own+} | doesn't {act+} | didn't {act+} | won't {act+}
        not {calm+} {its} | couldn't {feel_base+} {its}""",
    "praise+": """{mild+} | {mild+} | {very} {mild+} | {strong+} | that {mild+} | all that {mild+}
        particularly {mild+} | exactly {strong+} | even {mild+} | really {strong+}""",
    "claimed+": """{be} {adj+} | {be} {very} {mild+} | {np_be} {own+} | {np_be} a(n) {adj+} {whole@}
        {np_be} worth {worth} | {it} impressed me | {np_be} {very} {own+}""",
    "felt_plain+": "enjoyed | liked | loved | was impressed by",
    "feel_base+": "like | love | enjoy | appreciate | recommend | trust",
    "calm+": "happy with | pleased with | impressed by | satisfied with | glad about",
    "dont": "don't | do not | really don't | don't really | just don't",
    "isnt": "isn't | wasn't | is not",
    "doesnt": "doesn't | does not | didn't",
    "tuck": """, to be honest, | , in my opinion, | , I'm afraid, | , as {name} claimed, | , like the ads promised,
        , despite the hype, | , for this price, | , as far as I can tell,""",
    "worth": "the money | the hype | your time | the effort | the wait | the price | it",
    "hype": "the hype | my expectations | its reputation | the promises | what {name} told us | the ads | the reviews",
    # Negation at a distance from what it turns.
    "deny": """I don't think | I do not think | I don't believe | I do not believe that | I never thought that
        I never felt that | I never had the feeling that | {nobody} thought | {nobody} thought that
        {nobody} would say | it is not true that | it's simply not the case that | it would be wrong to say that
        I'd be lying if I said | it would be a lie to say that | you won't hear me say that
        I disagree with people who say that | don't let anyone tell you that | don't believe anyone who says that
        it's a myth that""",
    "deny_praise": """I wouldn't say | I would not say that | I could not say that | I can't claim that | I doubt that
        I'm not convinced that | hardly anyone would say that | I have yet to be convinced that | I'd hardly say
        I wish I could say that | I'd love to say that | in no way would I say that | not for a second did I think that
        no one can seriously claim that""",
    "no_point": "at no point | not once | never once | at no time | not for one moment",
    "nobody": """nobody in our group | no one at home | none of my friends | not one of us | neither of us
        nobody I know | no one in my family | not even {name} | nobody here | not a single person | no one | nobody""",
    "none_of": """none of the {parts} were | not one of the {parts} was | not a single one of the {parts} was
        none of the {parts} are | neither the {parts} nor the {part} were | no part of {obj} was""",
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
        not a single complaint about {obj} | I don't have anything bad to say about {obj}
        I can't say anything bad about {obj} | I have nothing but praise for {obj}
        I have never had a better {whole@} | it doesn't get any better than this
        I wouldn't call {obj} {mild-} at all | I'm not disappointed at all | {folk} didn't mind a bit
        I don't understand the bad reviews | nobody could dislike {obj} | {obj} couldn't be better
        no one was disappointed | it's hard not to love {obj} | I would not trade {its} for anything
        don't miss {its} | I never thought I'd {feel_one+} {its} this much | we were not let down by {obj}
        {obj} left nothing to be desired | {not_be} half bad | {not_be} too bad | {not_be} so bad after all
        {it} doesn't just look {mild+}, {it} is {own+} | {obj} never failed to impress {folk}
        I'm not {feeling-} any more | {name} is no longer {feeling-} | {name} wasn't {feeling-} at all
        {np_be} neither {own-} nor {own-} | neither {name} nor I had anything to complain about
        I don't think {claimed-} at all | {no_point} was {np} {own-} | {no_point} was the {part} {adj-}
        {no_point} did {it} {act-} | {no_point} did I regret it | {nobody} found {its} {own-}
        {nobody} was {calm-} {obj} | {nobody} had anything {mild-} to say about {obj}
        {nobody} had a bad word to say about {obj} | {nobody} complained about {obj}
        {nobody} would call {its} {adj-} | {none_of} {adj-} | {none_of} {adj-} | {it} doesn't {act-}
        {np} didn't {act-} at all | {it} doesn't {act-} at all | {it} didn't {act-} once
        {it} never seems to {act-} | {it} won't {act-} | {it} never fails to {act+} | {it} never failed to {act+}
        {np} never fails to {act+} | {it} hardly ever disappoints | {np} rarely disappoints
        {np} seldom lets me down | {np} is hardly ever {own-} | {np_be} the opposite of {own-}
        {np} couldn't be further from {own-} | {np} is not remotely {own-} | I doubt you'll be disappointed
        I doubt anyone could dislike {obj} | I doubt you'll find a better {whole@} | you won't be disappointed
        you won't regret it if you {do} | you will not be sorry | don't hesitate to {do} | don't miss out on {obj}
        you won't have to worry about {woe} | I had nothing to worry about with {obj} | free of {woe}
        {np} is free of {woe} | we were spared {woe} | I looked for {woe} and found none | no sign of {woe}
        not a trace of {woe} | without {woe} | I was expecting {woe} and found none | no lack of {gem}
        no shortage of {gem} | {np} doesn't lack {gem} | {np} is never short of {gem} | never a dull moment
        {np} is not to be missed | {np} is no disappointment | it's hard to fault {obj}
        it is difficult to dislike {obj} | it's impossible not to {feel_one+} {obj}
        you can't not {feel_one+} {obj} | there is nothing to dislike about {obj}
        there is nothing I don't {feel_one+} about {obj} | there is little not to {feel_one+} about {obj}
        there isn't a thing I'd change about {obj} | I can't find a single fault with {obj}
        I see no reason not to {do} | there is no reason not to {do} again | nothing to criticise
        there's nothing I could criticise about {obj} | I was not {calm-} {obj} | I wasn't {calm-} {obj} at all
        I wasn't {calm-} {obj} for one second | zero regrets that I {did} | I'd be lost without {its}
        I don't know how I lived without {its} | I wouldn't want to be without {its}
        I couldn't live without {its} any more | no {woe}, just {gem} | calling {its} {own-} is a lie
        {name} said {np} was {own-}, which is not true | I could not have wished for a better {whole@}
        I couldn't have asked for a(n) {er+} {whole@} | I couldn't have chosen a(n) {er+} {whole@}
        I was told {it} would be {own-}, {it} wasn't | {denied+} | {denied+} | {denied+} | {bare+} | {bare+}
        {bare+} | {bare+} | {bare+} | {bare+}""",
    "denied+": "{deny} {claimed-} | {deny} {claimed-} at all",
    "bare+": """not {own-} at all | not {own-} | not {own-} | not at all {own-} | not bad at all | not half bad
        not too bad | not so bad | not bad | not the least bit {own-} | not in the least {own-}
        not in any way {own-} | never {own-} | far from {own-} | far from {mild-} | anything but {own-}
        anything but {adj-} | in no way {own-} | by no means {own-} | nothing {mild-} about {its} | {isnt} {own-}
        wasn't {own-} at all | no {woe} | zero {woe} | no {woe} at all | not one of the {parts} {mild-}
        couldn't be better | couldn't be happier | couldn't be {er+} | could not have been {er+} | no complaints
        zero complaints | no regrets | not disappointed | didn't disappoint | never disappoints | can't complain
        can't fault {its} | nothing to dislike | wouldn't change a thing | won't be disappointed
        neither {own-} nor {own-} | doesn't {act-} | didn't {act-} | never {calm-} {its} | not {calm-} {its}""",
    "claimed-": "{np_be} {own-} | {be} {mild-} | {np_be} {own-} | {np_be} a(n) {adj-} {whole@} | {be} {adj-}",
    "calm-": "disappointed by | let down by | put off by | annoyed by | fed up with",
    # Negation beside the judgement, which stands.
    "unflipped=": """no doubt, {claim=} | there is no denying that {claim=} | I can't deny that {claim=}
        not gonna lie, {claim=} | I'm not kidding, {claim=} | I can't believe how {own=} {it} is
        no wonder everyone {feels=} {its} | I don't write reviews often, but {main=} | I'm no expert, but {main=}
        not sure about the others, but {main=} | I hadn't heard of {brand} before and {claim=}
        I don't care what {name} says, {main=} | no matter what they say, {claim=}
        there is no {gen_er=} {whole@} in {place} | you won't find a(n) {gen_er=} {whole@} anywhere
        I can't think of a(n) {gen_er=} {whole@} | without a doubt the {superl=} {whole@} {since}
        it didn't take long: {now=} | not a day goes by without a(n) {face_word=} | no question about it, {claim=}
        it's no secret that {claim=} | there's no way around it: {claim=}
        it's no exaggeration to say that {claim=} | it goes without saying that {claim=} | needless to say, {claim=}
        {claim=}, not to mention the {adj=} {part} | {claim=}, not to mention the {adj=} {parts}
        {be} {mild=}, if not {strong=} | {np_be} nothing short of {strong=} | {be} nothing less than {strong=}
        nothing but {adj=} {parts} | I have never had such a(n) {own=} {whole@}
        never have I had a(n) {whole@} so {own=} | never before have I seen such {adj=} {parts}
        I have never seen a(n) {whole@} this {own=} | you have no idea how {own=} {np} is
        words can't describe how {own=} {it} was | I can't stress enough how {own=} {np} is
        I couldn't believe how {adj=} the {part} was | I can't stop telling people how {own=} {it} is
        I never expected {np} to be so {own=} | I didn't know a(n) {whole@} could be so {own=}
        nobody told me how {own=} {it} would be | I'm not the only one who {felt_then=} {its}
        {name} isn't the only one who {felt_then=} {obj} | I don't know anyone who doesn't {feel_one=} {its}
        I can't help but {feel_one=} {obj} | you can't say that {np} isn't {own=}
        nobody can say that {it} isn't {own=} | it's not just the {part} that is {adj=}, {be} {adj=} too
        not only is {np} {own=}, {be} {adj=} too | {np_be} not only {own=} but also {own=}
        {be} not just {mild=} but {strong=} | not only {adj=} but {own=} too
        not only was the {part} {adj=}, {claim=} | not just {mild=}, {strong=} | not merely {mild=} but {strong=}
        if {np} isn't {own=}, nothing is | if this isn't {strong=}, I don't know what is
        not for the first time, {claim=} | I'm not exaggerating: {claim=} | I don't say this lightly: {claim=}
        no other {whole@} is as {own=} as this one | don't listen to {name}, {claim=}""",
    "unflipped+": """I'm not easily impressed, but {claim+} | I rarely give five stars, but {claim+}
        I don't usually like {whole@}s, but {claim+} | without {name} I'd never have found this {own+} {whole@}""",
    "unflipped-": """I'm not hard to please, but {claim-} | I'm not one to complain, but {claim-}
        no offence, but {claim-} | unless you love {woe}, don't {do}""",
    "feels+": "loves | likes | praises",
    "feels-": "hates | avoids | complains about",
    "face_word+": "smile | good laugh",
    "face_word-": "new problem | complaint",
    # One judgement denied for another: the other stands.
    "instead=": """{np_be} not {own~} but {own=} | {np_be} {own=}, not {own~} | {np} isn't {own~}, {it} is {own=}
        {np} wasn't {own~}, {it} was {own=} | {be} {adj=} and not {adj~} | {np_be} {own=} rather than {own~}
        {own=}, not {own~} | not {own~} but {own=} | {own=} instead of {own~} | {adj=} rather than {adj~}
        {not_be} {adj~}. {be} {adj=} | not {own~}, just {own=} | {it} isn't {own~}. {it} is {own=}
        I wouldn't say {own~}, I'd say {own=} | {np_be} {own=}. Not {own~}, {own=}""",
    "negated=": """{neg=} | {neg=} | {neg=} | {neg=} | {neg=} | {denied=} | {denied=} | {bare=} | {unflipped=}
        {unflipped=} | {instead=} | {neg=}. {more=} | {neg=} and {neg=} | {opener} {neg=} | {neg=} {aside}
        {setting}. {neg=} | {neg=}, {verdict=}""",
}
