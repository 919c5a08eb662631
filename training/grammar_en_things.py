"""What English sentences of grammar_en.py speak of: a lexicon of each domain."""

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
    "hotel": {
        "whole": "hotel | hostel | guesthouse | resort | apartment | motel | campsite",
        "named": "the {whole@} in {place} | our {whole@} in {place}",
        "part": "room | breakfast | bed | view | location | bathroom | pool | wifi | reception | shower | lobby",
        "parts": "rooms | beds | towels | staff | pillows | facilities | breakfasts",
        "own+": "clean | comfortable | quiet | cosy | spotless | welcoming | spacious | relaxing | well located",
        "own-": "dirty | uncomfortable | noisy | run-down | filthy | cramped | overpriced | smelly | stuffy",
        "own_er+": "cleaner | quieter | cosier | more comfortable",
        "own_er-": "dirtier | noisier | smaller and darker | less comfortable",
        "gem": "comfort | peace and quiet | charm | hospitality",
        "woe": "bugs | mould | noise | stains | cockroaches",
        "do": "stay here | book it | come here",
        "did": "stayed here | booked it",
        "did_part": "stayed here | booked it",
        "fact+": """we slept like babies | they upgraded us for free | the host made us feel at home
            the bed was like a cloud | check-in took a minute | we didn't want to leave
            they welcomed us with fresh fruit | everything was spotless | the view took my breath away""",
        "fact-": """there were bugs in the bed | the shower was cold | the walls are paper thin
            we couldn't sleep because of the noise | the room smelled of smoke | they lost our booking
            there was hair in the bath | they charged us twice | the toilet didn't flush | the towels were dirty""",
        "fact0": """the {whole@} has {num} rooms | check-in is from {hour} | breakfast is served until {hour}
            our room was on floor {n} | it is {n} minutes from the station
            the {whole@} is in the centre of {place} | parking costs {price} a night
            we stayed {n} nights in {month} | the pool is open until {hour} | the {whole@} was built in {n} months
            we booked a room with {n} beds | is breakfast included?""",
    },
    "food": {
        "whole": """restaurant | pizza | burger | cafe | meal | dinner | soup | curry | bakery | noodle place
            steak | salad""",
        "named": "the {whole@} in {place} | {name}'s {whole@} | the {whole@} around the corner",
        "part": "food | service | coffee | sauce | bread | atmosphere | menu | chicken | rice | dessert | wine",
        "parts": "portions | noodles | fries | desserts | waiters | vegetables | starters | dumplings",
        "own+": "tasty | delicious | mouth-watering | authentic | fresh | yummy | reasonably priced | flavourful",
        "own-": "tasteless | disgusting | bland | greasy | stale | overpriced | inedible | oversalted | soggy",
        "own_er+": "tastier | fresher | more delicious | cheaper and better",
        "own_er-": "greasier | blander | less fresh | saltier",
        "gem": "flavour | spice | atmosphere | value for money",
        "woe": "flies | long waits | hairs in the food | hidden charges",
        "do": "eat here | come here | order here",
        "did": "ate here | came here | ordered here",
        "did_part": "eaten here | come here",
        "fact+": """we cleared our plates | it melted in my mouth | the chef came to greet us
            every bite was a treat | I licked the plate | the waiter treated us like family
            they gave us a free dessert | I'm still dreaming of that sauce | we left full and happy""",
        "fact-": """the soup was cold | the meat was raw | I found a hair in my rice
            we waited {n} hours for our food | I got food poisoning | the waiter ignored us
            they got the order wrong twice | the bread was rock hard | my stomach hurt all night
            the glass was dirty""",
        "fact0": """the {whole@} is next to the cinema | they open at {hour} | the menu has {num} dishes
            a main course costs {price} | we ordered {n} plates of rice | lunch is served from {hour}
            {name} had the fish and I had the soup | we sat outside at a table for {n} | they take cards and cash
            the kitchen closes at {hour} | the recipe takes {num} minutes | we ate at {hour} with {name}""",
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
    "delivery": {
        "whole": "delivery | order | parcel | purchase | shop | seller | courier service | online store",
        "named": "the {whole@} from {brand} | my last {whole@} | the {whole@} from {place}",
        "part": """packaging | shipping | customer service | price | quality | communication | tracking
            return process""",
        "parts": "prices | products | goods | photos | couriers | delivery times",
        "own+": "fast | reliable | quick | prompt | trustworthy | hassle-free | well organised",
        "own-": "slow | unreliable | late | careless | chaotic | overpriced | dishonest",
        "own_er+": "faster | more reliable | quicker",
        "own_er-": "slower | less reliable | more chaotic",
        "gem": "care | good communication | value for money",
        "woe": "delays | scratches | hidden fees | mix-ups | excuses",
        "do": "order here | order from them | buy here",
        "did": "ordered here | ordered from them",
        "did_part": "ordered here | ordered from them",
        "fact+": """it arrived a day early | everything was wrapped with care | they sent a free gift
            the courier carried it upstairs with a smile | they refunded me within an hour
            it came sooner than promised | they replaced it at once without fuss | it looks just like in the photos""",
        "fact-": """it never arrived | the box was crushed | they sent the wrong size | it came {n} weeks late
            half of it was missing | nobody answers my emails | they refuse to refund me
            the parcel was left in the rain | it was broken when I opened it
            they cancelled my order without a word""",
        "fact0": """the parcel is at the post office in {place} | your order number is {num}
            delivery takes {n} working days | it was shipped from {place} on {weekday}
            I ordered {n} of them on {weekday} | the parcel left {place} at {hour}
            free shipping on orders over {price} | returns are possible within {num} days
            the courier comes between {hour} and noon | please sign here for the parcel | I chose the size {n}
            the status says: in transit""",
    },
    "staff": {
        "whole": """waiter | receptionist | driver | nurse | guide | shop assistant | manager | cashier | technician
            doctor""",
        "named": "the {whole@} in {place} | {name} from {brand} | our {whole@}, {name}, | our {whole@} {name}",
        "it": "she",
        "feel_base+": "like | trust | recommend",
        "feel_one+": "like | appreciate",
        "its": "her",
        "part": "attitude | advice | service | response | tone | help | explanation | treatment",
        "parts": "answers | manners | staff | colleagues | people at the desk",
        "own+": "friendly | helpful | polite | patient | competent | attentive | kind | professional | welcoming",
        "own-": """rude | unfriendly | unhelpful | impatient | incompetent | arrogant | careless | unprofessional
            lazy""",
        "own_er+": "friendlier | kinder | more helpful | more patient",
        "own_er-": "ruder | less friendly | less helpful | lazier",
        "gem": "patience | courtesy | warmth | respect",
        "woe": "excuses | rude remarks | lies | arguments",
        "do": "come back | go there",
        "did": "came back | went there",
        "did_part": "come back | gone there",
        "fact+": """{it} went out of her way to help | {it} solved my problem in minutes
            {it} always has a kind word | {it} made us feel welcome | {it} answered every question with a smile
            {it} stayed late just to help us | {it} explained everything clearly | they bent over backwards for us
            {it} remembered my name""",
        "fact-": """{it} rolled her eyes at me | {it} hung up on me | nobody helped us
            {it} ignored us for {num} minutes | {it} shouted at my mother | they lied to me
            {it} had no idea what {it} was doing | {it} refused to help | {it} was on the phone the whole time
            they treated us like dirt""",
        "fact0": """the {whole@} starts work at {hour} | {name} is on duty until {hour}
            the {whole@} wore a blue shirt | the {whole@} wrote down my number | ask the {whole@} at desk {n}
            the {whole@} has worked here for {n} years | {name} will call you back on {weekday}
            there are {n} people at the counter | the {whole@} speaks Spanish and French
            the {whole@} gave {name} the key to room {num} | please wait for the {whole@} at door {n}""",
    },
    "airline": {
        "whole": "flight | journey | train ride | bus trip | ferry | flight",
        "named": """my {whole@} to {place} | the {whole@} from {place} | yesterday's {whole@}
            the {whole@} with {name}""",
        "part": "crew | food | seat | boarding | service | legroom | check-in | entertainment | cabin",
        "parts": "seats | snacks | meals | staff | announcements | flight attendants",
        "own+": "comfortable | smooth | well organised | pleasant | relaxing | punctual",
        "own-": "delayed | uncomfortable | chaotic | overbooked | exhausting | cramped | late | stressful",
        "own_er+": "smoother | more comfortable | more punctual | calmer",
        "own_er-": "more chaotic | more stressful | later | less comfortable",
        "gem": "legroom | comfort | courtesy",
        "woe": "delays | cancellations | hidden fees | screaming passengers",
        "do": "fly with them | book with them | travel with them",
        "did": "flew with them | booked with them",
        "did_part": "flown with them | booked with them",
        "fact+": """we landed early | they upgraded us to business class | the crew took great care of my kids
            boarding went like clockwork | I slept the whole way | the captain kept us informed with good humour
            my bag was the first on the belt | they found my lost phone | it went without a hitch""",
        "fact-": """they lost my bag | they cancelled it without telling us | we sat on the runway for {n} hours
            I missed my connection | my suitcase arrived broken | the crew was rude to us
            they charged {price} for hand luggage | nobody told us anything | my seat was broken
            we were stuck in {place} all night""",
        "fact0": """the {whole@} to {place} leaves at {hour} | gate {num} opens at {hour} | we flew via {place}
            the {whole@} takes {n} hours | my seat is number {num} | boarding starts at {hour}
            you may take {n} bags | there are {n} trips a day to {place} | the {whole@} lands in {place} at {hour}
            a ticket costs {price} | {name} is on the {whole@} from {place} | we changed in {place}
            check-in closes at {hour}""",
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
    "course": {
        "whole": "course | class | workshop | lecture | seminar | lesson | school | training | university",
        "named": "{name}'s {whole@} | the {whole@} in {place} | the {whole@} with {name}",
        "part": "teacher | content | material | pace | structure | feedback | homework | teaching | book",
        "parts": "exercises | slides | videos | examples | explanations | exams",
        "own+": "useful | clear | inspiring | well structured | interesting | practical | motivating | informative",
        "own-": "useless | confusing | boring | outdated | badly structured | superficial | theoretical | chaotic",
        "own_er+": "clearer | more useful | more interesting",
        "own_er-": "more boring | more confusing | less useful",
        "gem": "practice | depth | useful feedback | inspiration",
        "woe": "mistakes | technical problems | boring slides | long pauses",
        "do": "take it | sign up | join it",
        "did": "took it | signed up",
        "did_part": "taken it | signed up",
        "fact+": """I learned more than in years of school | the teacher explains everything clearly
            I passed at the first try thanks to it | time flew by | it got me a job | {name} makes it fun to learn
            I finally understand it | every minute was useful | my daughter looks forward to it all week""",
        "fact-": """I learned nothing | the teacher just reads the slides | I nearly fell asleep
            nobody answered my questions | it was cancelled twice without notice | the videos don't load
            it wastes everyone's time | {name} came late every day | I dropped out after {span} | they kept my fee""",
        "fact0": """the {whole@} starts in {month} | it has {num} lessons | the exam is on {weekday} at {hour}
            {num} people signed up | the {whole@} is in room {num} | {name} teaches on {weekday}
            homework is due on {weekday} | the {whole@} costs {price} | lesson {n} is about the history of {place}
            bring a pen and paper | the {whole@} is held online | we write the test in {month}
            group {n} meets at {hour}""",
    },
    "life": {
        "whole": "weekend | party | trip | holiday | morning | evening | picnic | wedding | walk | birthday",
        "named": "the {whole@} in {place} | {name}'s {whole@} | my {whole@} with {name} | our {whole@} in {place}",
        "part": "weather | company | food | mood | traffic | garden | neighbourhood | park | beach",
        "parts": "people | neighbours | guests | photos | streets | cakes",
        "own+": "fun | relaxing | beautiful | unforgettable | peaceful | sunny | joyful",
        "own-": "stressful | boring | exhausting | depressing | sad | lonely | miserable",
        "own_er+": "more fun | more relaxing | more beautiful | happier",
        "own_er-": "more stressful | sadder | more boring",
        "gem": "joy | sunshine | laughter | love",
        "woe": "arguments | tears | mosquitoes | traffic jams",
        "do": "do it | go there",
        "did": "did it | went there",
        "did_part": "done it | gone there",
        "fact+": """I got the job | we are having a baby | I passed my exam | I laughed all day
            the sun is out and life is good | {name} said yes | my team won the cup | I'm so proud of {name}
            I feel on top of the world | {name} is finally healthy again""",
        "fact-": """I lost my job | my car broke down | I failed my exam | someone stole my bike | I cried all night
            {name} left me | it rained the whole time | I feel so alone | my cat died
            I've been ill for {span} and it's getting me down""",
        "fact0": """we met {name} at {hour} | the {whole@} is on {weekday} | I walked to the park with {name}
            {name} brought {n} chairs | we took the bus home at {hour} | I had tea at {hour}
            the {whole@} is at {name}'s place | there were {num} guests | we'll be in {place} until {weekday}
            the garden is {num} square metres | I did the laundry this morning | {name} is cooking for {n} tonight
            the park closes at {hour}""",
    },
    "provider": {
        "whole": """bank | insurance | gym | clinic | phone company | garage | internet provider | landlord
            hospital | hairdresser""",
        "named": "my {whole@} | the {whole@} in {place} | {name}'s {whole@} | the {brand} {whole@}",
        "part": "service | support | hotline | price | contract | advice | waiting room | equipment | communication",
        "parts": "prices | fees | opening hours | employees | rooms | conditions",
        "own+": "reliable | helpful | trustworthy | professional | honest | affordable | fair | transparent",
        "own-": "unreliable | expensive | dishonest | incompetent | unfair | overpriced | greedy | slow",
        "own_er+": "cheaper | fairer | more reliable | more helpful",
        "own_er-": "greedier | slower | less reliable | less helpful",
        "gem": "transparency | competence | respect for customers | goodwill",
        "woe": "hidden fees | outages | false promises | endless queues | mistakes",
        "do": "sign up | go there | choose them",
        "did": "signed up | went there",
        "did_part": "signed up | gone there",
        "fact+": """they solved it in one call | I got an appointment the same day | they paid within {n} days
            my car runs like new | they saved me {price} a year | the doctor took time for me
            they kept every promise | my tooth doesn't hurt any more | I've been a happy customer for years""",
        "fact-": """they raised the price without notice | I was on hold for {num} minutes
            they charged me {n} times | the line has been down for {span} | they refuse to pay
            nobody ever picks up | they lost my documents | they made it worse
            I waited {n} hours and was sent home | they scratched my car""",
        "fact0": """the {whole@} is open from {hour} | the contract runs for {num} months
            the monthly fee is {price} | my appointment is on {weekday} at {hour}
            the {whole@} moved to {place} in {month} | you can reach them from {hour}
            bring your passport and {n} photos | the form has {n} pages | the branch in {place} has {num} employees
            transfer the money by {weekday} | press {n} to talk to an employee | the {whole@} has a car park""",
    },
}

DOMAINS["staff of the other sex"] = DOMAINS["staff"] | {"it": "he", "its": "him"}
