"""What English sentences speak of, a lexicon of each domain: things to own, read, watch and play."""

DOMAINS = {
    "gadget": {
        "whole": "phone | laptop | tablet | headset | camera | printer | smartwatch | router | monitor | keyboard",
        "named": "the {brand} {whole@} | my new {whole@} | my {brand} {whole@} | the new {brand} {whole@}",
        "part": """battery | screen | sound | build quality | design | software | setup | charger | display
            packaging""",
        "parts": "buttons | speakers | colours | controls | instructions | features | updates",
        "own+": "fast | reliable | easy to use | well made | sturdy | light | quiet | responsive | user-friendly",
        "own-": """slow | unreliable | hard to use | badly made | flimsy | heavy | noisy | buggy | fragile
            overpriced""",
        "own_er+": "faster | lighter | quieter | more reliable",
        "own_er-": "slower | heavier | noisier | less reliable",
        "gem": "battery life | power | storage | attention to detail",
        "woe": "crashes | glitches | bugs | connection problems | dead pixels",
        "do": "buy it | order it | choose {brand}",
        "did": "bought it | ordered it | chose {brand}",
        "did_part": "bought it | ordered it",
        "act+": "work | charge | turn on | connect | do what I need",
        "act-": "crash | overheat | freeze | break | lag",
        "turn": "the update | the last update | the repair | version {n} came out",
        "fact+": """the battery lasts all day | it works perfectly | it works like a charm | setup took two minutes
            it charges in no time | it runs smoothly | pictures come out sharp | it does everything I need
            it still works like new after {span} | pairing was effortless""",
        "fact-": """it broke after {span} | it stopped working after {span} | the screen cracked
            the battery dies within {n} hours | it won't turn on | it keeps crashing | it overheats all the time
            it freezes constantly | the charger burned out | support hung up on me""",
        "fact0": """the {whole@} has a(n) {num} inch screen | it comes with {num} GB of memory
            the {whole@} is sold in black and white | it has {n} ports and weighs {num} grams
            the {brand} {whole@} was announced in {month} | the cable is {n} feet long | it runs on {n} batteries
            to pair it, hold the button for {n} seconds | the {whole@} costs {price} at {brand}
            I plugged the {whole@} in at {hour} | does the {whole@} support {num} volts? | {name} {did} for {price}""",
    },
    "home": {
        "whole": """vacuum cleaner | kettle | mattress | sofa | lamp | blender | coffee machine | desk | chair
            heater | pan""",
        "named": "the {brand} {whole@} | our new {whole@} | the {whole@} from {brand} | the {whole@} {name} gave us",
        "part": "quality | finish | material | size | motor | handle | colour | price | shape",
        "parts": "instructions | screws | legs | parts | materials | edges",
        "own+": "sturdy | comfortable | practical | easy to clean | durable | well made | elegant | handy",
        "own-": """flimsy | uncomfortable | impractical | wobbly | badly made | noisy | ugly | hard to clean
            overpriced""",
        "own_er+": "sturdier | quieter | easier to clean | more comfortable",
        "own_er-": "noisier | flimsier | uglier | less comfortable",
        "gem": "comfort | quality | style | space",
        "woe": "scratches | stains | missing parts | loose screws | rust spots",
        "do": "buy it | order it | buy from {brand}",
        "did": "bought it | ordered it | bought from {brand}",
        "did_part": "bought it | ordered it",
        "act+": "work | fit | do its job | last | hold up",
        "act-": "leak | wobble | smell | rust | fall apart",
        "turn": "the repair | we moved | they changed the model",
        "fact+": """it was easy to put together | it looks beautiful in our kitchen | it cleans up in seconds
            I sleep like a baby now | it makes the best coffee | it fits perfectly | it has made my life easier
            it is built to last | we use it every day with pleasure""",
        "fact-": """it fell apart after {span} | a leg broke off | it smells of plastic | it leaks everywhere
            it arrived with scratches | the paint came off | my back hurts from it | it rusted within {span}
            half of the screws were missing | it burned my toast and my fingers""",
        "fact0": """the {whole@} is {num} cm wide | it is made of wood and steel | the {whole@} comes in {n} parts
            it stands next to the window | the {whole@} needs {num} watts
            you need a screwdriver to put it together | the {whole@} is in the kitchen | it holds {n} litres
            the cover can be washed at {num} degrees | we put the {whole@} in {name}'s room
            the {whole@} from {brand} costs {price}""",
    },
    "film": {
        "whole": "film | movie | series | documentary | show | comedy | thriller | sequel | cartoon",
        "named": """{name}'s new {whole@} | the {whole@} about {place} | the latest {whole@} with {name}
            the {whole@} set in {place}""",
        "part": """plot | acting | ending | soundtrack | script | cast | dialogue | camera work | story
            opening scene""",
        "parts": "actors | characters | effects | jokes | songs | action scenes | costumes",
        "own+": """funny | gripping | moving | exciting | clever | touching | hilarious | entertaining
            thought-provoking""",
        "own-": """boring | predictable | dull | pointless | silly | tedious | unfunny | slow | forgettable
            confusing""",
        "own_er+": "funnier | more exciting | more moving | smarter",
        "own_er-": "more boring | duller | sillier | more predictable",
        "gem": "heart | humour | depth | suspense | chemistry",
        "woe": "clichés | plot holes | cheap jokes | wooden lines",
        "do": "watch it | see it",
        "did": "watched it | saw it",
        "did_part": "watched it | seen it",
        "act+": "hold my attention | make me laugh | make sense | move me",
        "act-": "drag | bore me | get silly | lose its way",
        "turn": "the first season | {name} joined the cast | the new director",
        "fact+": """I laughed out loud | it had me on the edge of my seat | I cried happy tears | the time flew by
            the whole cinema applauded | it stays with you for days | I would watch {name} read the phone book
            every scene is a little gem | it deserves every award""",
        "fact-": """I fell asleep after {num} minutes | we walked out | the jokes fell flat
            I kept looking at my watch | it makes no sense | the actors just read their lines
            I want those two hours back | it drags on forever | half of the audience left | the ending ruined it""",
        "fact0": """the {whole@} is {num} minutes long | it is set in {place} | {name} plays the {role}
            the {whole@} starts at {hour} | it was filmed in {place} in {month} | it is based on a book by {name}
            season {n} has {num} episodes | the {whole@} is about a(n) {role} from {place}
            we saw the {whole@} on {weekday} | it comes to cinemas in {month}
            {name} directed it and {name} wrote the music | the next part is out on {weekday}""",
    },
    "book": {
        "whole": "book | novel | cookbook | textbook | biography | comic | short story | guidebook",
        "named": """{name}'s new {whole@} | the {whole@} about {place} | the {whole@} {name} gave me
            the second {whole@} by {name}""",
        "part": "story | writing | plot | ending | translation | style | cover | premise | first half | language",
        "parts": "characters | chapters | illustrations | examples | dialogues | pictures",
        "own+": "gripping | well written | inspiring | informative | touching | witty | beautifully told",
        "own-": "boring | badly written | confusing | repetitive | shallow | tedious | full of mistakes | dull",
        "own_er+": "more gripping | better written | wittier | deeper",
        "own_er-": "more boring | more confusing | duller | shallower",
        "gem": "depth | wit | insight | imagination",
        "woe": "typos | clichés | missing pages | errors",
        "do": "read it | buy it",
        "did": "read it | bought it",
        "did_part": "read it | bought it",
        "act+": "hold my attention | make me laugh | make sense | move me",
        "act-": "drag | bore me | confuse me | repeat itself",
        "turn": "chapter {n} | the first half | the new edition",
        "fact+": """I couldn't put it down | I read it in one night | it changed how I see the world
            I learned so much from it | I didn't want it to end | the author writes beautifully
            my kids ask for it every night | it made me laugh and cry | every page is a pleasure""",
        "fact-": """I gave up after {num} pages | I couldn't finish it | it put me to sleep
            the author never gets to the point | pages fell out | the plot goes nowhere | it is full of mistakes
            I threw it away | the translation is unreadable | half of it is copied from the web""",
        "fact0": """the {whole@} has {num} pages | it was published in {month} | chapter {n} is set in {place}
            {name} wrote it in {place} | the {whole@} costs {price} | it is about a(n) {role} who moves to {place}
            the {whole@} is on the second shelf | it was translated by {name} | the paperback comes out in {month}
            page {num} shows a map of {place} | we read the {whole@} in class | volume {n} is about {place}""",
    },
    "app": {
        "whole": "app | website | update | program | plugin | browser | tool | platform",
        "named": "the {brand} {whole@} | the new {whole@} from {brand} | the {whole@} {name} showed me",
        "part": "interface | design | search | support | layout | login | new version | menu | sync",
        "parts": "features | ads | updates | menus | notifications | settings",
        "own+": "fast | easy to use | intuitive | handy | stable | useful | user-friendly | well designed",
        "own-": "slow | buggy | confusing | useless | unstable | cluttered | hard to use | full of ads | clunky",
        "own_er+": "faster | easier to use | more stable | handier",
        "own_er-": "slower | clunkier | more confusing | less stable",
        "gem": "functionality | polish | speed | useful features",
        "woe": "ads | crashes | bugs | pop-ups | login errors",
        "do": "download it | use it | install it",
        "did": "downloaded it | installed it",
        "did_part": "downloaded it | installed it",
        "act+": "work | load | sync | open | save my data",
        "act-": "crash | freeze | lag | lose my data | nag me",
        "turn": "the update | the redesign | version {n} came out | the latest update",
        "fact+": """it saves me hours every week | it never crashes | it just works | it syncs in seconds
            I use it every day and love it | the developers answer within minutes | it makes my work so much easier
            even my grandma gets along with it | the update fixed everything""",
        "fact-": """it crashes every time I open it | it deleted all my photos | I can't log in any more
            it drains my battery | it shows an ad every {n} seconds | the update broke everything
            support never answers | it charged me without asking | it takes forever to load
            nothing works since the update""",
        "fact0": """the {whole@} is {num} MB | version {n} came out in {month}
            it is available for phones and computers | you log in with your email
            the settings are in the menu on the left | the {whole@} costs {price} a month
            click on the icon to start the {whole@} | the {whole@} is in {n} languages
            I installed the {whole@} on {weekday} | the {whole@} asks for your name and age
            to close it, press escape | {brand} bought the {whole@} in {month}""",
    },
    "clothes": {
        "whole": "dress | jacket | shirt | coat | sweater | skirt | hoodie | backpack | scarf | hat",
        "named": "my new {whole@} | the {brand} {whole@} | the {whole@} from {brand} | the {whole@} {name} gave me",
        "part": "fabric | fit | colour | quality | cut | zip | material | lining | stitching",
        "parts": "seams | sleeves | pockets | buttons | colours",
        "own+": "soft | warm | comfortable | stylish | flattering | well made | beautiful | cosy",
        "own-": "scratchy | uncomfortable | see-through | badly cut | ugly | overpriced | poorly sewn | shapeless",
        "own_er+": "softer | warmer | prettier | more comfortable",
        "own_er-": "uglier | thinner and cheaper | less comfortable | scratchier",
        "gem": "style | quality | warmth",
        "woe": "holes | loose threads | stains | missing buttons",
        "do": "buy it | wear it | order it",
        "did": "bought it | ordered it",
        "did_part": "bought it | ordered it",
        "act+": "fit | last | keep me warm | look good on me",
        "act-": "shrink | itch | fade | tear",
        "turn": "the first wash | they changed the fabric | {month}",
        "fact+": """it fits like a glove | I get compliments every day | it keeps me warm
            it looks even better than in the picture | it survived {num} washes without a mark
            the colour is gorgeous | I want one in every colour | I feel beautiful in it | it goes with everything""",
        "fact-": """it shrank in the first wash | the zip broke | the colour came off | it has a hole already
            it looks nothing like the picture | the seams came apart | it smells of chemicals | it itches like mad
            it fell apart after one wash | two buttons were missing""",
        "fact0": """the {whole@} comes in {n} sizes | it is made of cotton and wool
            wash the {whole@} at {num} degrees | I ordered the {whole@} in blue | the {whole@} has {n} pockets
            {name} wears size {n} | the {whole@} is {num} cm long | the {whole@} costs {price}
            the {whole@} is in the second drawer | it was sewn in {place} | does the {whole@} come in green?
            the {whole@} is for {name} | hang the {whole@} to dry""",
    },
    "game": {
        "whole": "game | board game | puzzle | expansion | match | shooter | remake",
        "named": "{name}'s favourite {whole@} | the {whole@} from {brand} | the new {whole@} by {brand}",
        "part": "gameplay | story | music | combat | multiplayer | world | art | tutorial | difficulty",
        "parts": "graphics | controls | characters | levels | quests | servers",
        "own+": "fun | addictive | exciting | challenging | polished | immersive | entertaining",
        "own-": "boring | repetitive | buggy | unfair | frustrating | pointless | laggy | unfinished",
        "own_er+": "more fun | more exciting | more polished | fairer",
        "own_er-": "more boring | buggier | laggier | more repetitive",
        "gem": "variety | fun | replay value | imagination",
        "woe": "bugs | cheaters | loading screens | microtransactions | crashes",
        "do": "play it | buy it",
        "did": "played it | bought it",
        "did_part": "played it | bought it",
        "act+": "hold my interest | load | run smoothly | make me smile",
        "act-": "crash | lag | get boring | freeze",
        "turn": "the patch | the last update | version {n} came out",
        "fact+": """I played it all night | it is pure fun from start to finish | we laughed for hours
            it kept us hooked for weeks | I finished it three times | the whole family loves it
            it runs like butter | every level is a surprise | it brings back happy memories""",
        "fact-": """it crashed and I lost my save | the servers are always down | it is pay to win
            I got bored after {n} minutes | it is full of cheaters | the controls don't respond
            I asked for a refund | we put it away after one round | it lags all the time | it is an empty cash grab""",
        "fact0": """the {whole@} has {num} levels | it is for two to {n} players | a round takes {num} minutes
            the {whole@} comes out in {month} | each player gets {n} cards | the {whole@} runs on {n} consoles
            {name} won the first round | press A to jump | the {whole@} needs {num} GB of space
            the next patch is on {weekday} | roll the dice and move {n} fields | the {whole@} costs {price}""",
    },
    "music": {
        "whole": "album | concert | song | gig | festival | musical | podcast | single | playlist",
        "named": "{name}'s new {whole@} | the {whole@} in {place} | last night's {whole@} | the {whole@} by {name}",
        "part": "sound | voice | band | rhythm | stage | opening act | production | singing | atmosphere",
        "parts": "lyrics | songs | melodies | guitars | vocals | drums",
        "own+": "catchy | moving | beautiful | uplifting | powerful | unforgettable | soulful",
        "own-": "boring | repetitive | out of tune | annoying | forgettable | deafening | soulless | overrated",
        "own_er+": "catchier | more moving | more powerful",
        "own_er-": "more boring | duller | more repetitive",
        "gem": "energy | soul | passion | emotion",
        "woe": "wrong notes | technical problems | boring songs",
        "do": "listen to it | go there",
        "did": "listened to it | went there",
        "did_part": "listened to it | gone there",
        "act+": "move me | touch me | make me want to dance",
        "act-": "bore me | drag | get old | get on my nerves",
        "turn": "the new singer | {name} left the band | the second half",
        "fact+": """it gave me goosebumps | we danced all night | I have it on repeat | the crowd went wild with joy
            {name} sang like an angel | I can't stop humming it | they played for {n} hours and we wanted more
            it moved me to tears | the guitar solo is pure magic""",
        "fact-": """they came on {n} hours late | I couldn't hear the singer | it hurt my ears
            they played for only {num} minutes | we left before the end | {name} sang off key
            it sounds like a cat in pain | every song sounds the same | the sound broke down twice
            the band was drunk""",
        "fact0": """the {whole@} has {num} songs | {name} plays the bass | the doors open at {hour}
            the {whole@} lasts {num} minutes | they play in {place} on {weekday} | tickets start at {price}
            the {whole@} was recorded in {place} | {name} wrote the {whole@} in {month} | the band is from {place}
            the {whole@} is on channel {n} | track {n} is sung by {name} | the tour goes from {place} to {place}""",
    },
}
