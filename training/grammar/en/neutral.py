"""English neutral text: facts, daily life, questions, and the forms of the other files without a judgement."""

RULES = {
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
        it takes longer by train than by car | nobody lives there now | nothing new from {place}
        I don't think {name} lives in {place} | I don't believe the shop opens before {hour}
        not yet, maybe on {weekday} | nobody in our group is from {place}
        none of the {num} seats are by the window | not a single train stops there
        I doubt {name} will come on {weekday} | at no point does the road cross the river
        not only {name} but also {name} came | it is not only sold in {place} but also in {place}
        the ticket doesn't include the museum | no more than {n} per person | {name} hardly ever takes the car
        it isn't the {part} that is in the box, it's the manual | {name} no longer works here
        we no longer have size {n} | there are no longer any trains after {hour} | not {weekday} but {weekday}
        it wasn't in {month} but in {month} | without a ticket you can't get in
        you can't park there without a permit | I never go to {place} by car
        this is not my {whole@} but my brother's | {name} refused to say where {it} was
        the {whole@} is closer to the station than {rival} | {rival} is {n} years older than this one
        {rival} was made in {place}, this one in {place} | compared with {rival}, this one is {num} grams heavier
        this one has as many {parts} as {rival} | {place} is twice as large as {place}
        I went with {name} rather than {name} | it is less than {num} metres from here
        there are fewer seats than in {month} | it costs the same as {rival} | unlike {rival}, this one is blue
        {name} earns more than {name} | the {part} is not the same as {rival} had
        in the past it was in {place}, these days it is in {place} | until {month} {name} was a(n) {role} in {place}
        {span} ago I lived in {place}, now I live in {place} | it was once a school and is now a museum
        the office used to be on floor {n} | it has been in {place} since {month} | {name} is no longer a(n) {role}
        before {month} it was called something else | the price went from {price} to {price}
        since {month} it opens at {hour} | {name} started as a(n) {role} and ended up as a(n) {role}
        after {month} they moved to floor {n} | the colour changed from red to blue in {month}
        it took {span}, but now the road is open | even though {name} is from {place}, we met in {place}
        although I had a ticket for {hour}, I came at {hour} | despite the rain we left at {hour}
        granted, it's in {place}, but the train takes only {num} minutes | except for {name} everyone came by train
        apart from {weekday} the shop is open every day | it may be {weekday}, but the office is open
        {name} wanted tea, but there was only coffee | I planned to go on {weekday}, but went on {weekday}
        it looks like wood, but it is steel | even if you come at {hour}, the door is open
        yes, it's in {place}, but on the other side of the river | while {name} took the bus, {name} walked
        the bus was full, so we walked | however, the form is due on {weekday}""",
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
        {setting}. {be} {meh} | half of the {parts} were good, the other half bad | {np} has pros and cons
        could be better, could be worse | {np} is neither better nor worse than {rival}
        {np_be} not bad, but not good either | I don't love {its}, I don't hate {its}
        I wouldn't say {mild+}, I wouldn't say {mild-} | it used to be {meh} and still is
        the {part} was {meh} {before}, and it still is | {np} is as {meh_adj} as {rival}
        neither disappointed nor impressed | not the best, not the worst
        some days {it} is {own+}, some days {own-} | {np} hasn't got better or worse since {turn}""",
    "meh": """okay | ok | average | fine | so-so | alright | nothing special | mediocre at best and okay at worst
        acceptable | just okay | neither good nor bad | as expected | pretty average | standard | middle of the road
        not great, not terrible | ordinary | passable | the usual | run of the mill | kind of average | fair enough
        sort of okay""",
    "meh_adj": "average | ordinary | standard",
    "mehadj": "average | standard | ordinary | typical | regular | usual",
    "lukemore": """it's okay | it does the job | nothing more to say | three stars | 3 out of 5 | 5/10
        could go either way | it is what it is | take it or leave it | I'm indifferent | no strong feelings
        it was alright | not sure what to think | meh, okay I guess | you get what you pay for
        nothing to write home about""",
}
