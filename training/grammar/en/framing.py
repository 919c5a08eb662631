"""English praise and blame in other clothes: questions that are none, mockery, advice, wishes, emoji."""

RULES = {
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
}
