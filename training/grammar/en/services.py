"""What English sentences speak of, a lexicon of each domain: things that others do for us, and of daily life."""

DOMAINS = {
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
        "act+": "feel like home | deserve its stars | make us feel welcome",
        "act-": "smell | feel cramped | let us down",
        "turn": "the new owner | the renovation | {name} took over",
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
        "act+": "taste good | hit the spot | satisfy me",
        "act-": "taste stale | upset my stomach | let us down",
        "turn": "the new owner | the new chef | {name} took over",
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
        "act+": "arrive on time | go smoothly | go to plan",
        "act-": "get lost | go wrong | take too long",
        "turn": "they changed the courier | the new management | they moved",
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
        "act+": "help us | listen to me | apologise | answer my questions",
        "act-": "complain | keep us waiting | ignore us",
        "turn": "the training | {name} left | the new boss came",
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
        "act+": "leave on time | arrive on time | go smoothly",
        "act-": "arrive late | go wrong | wear me out",
        "turn": "the merger | the new timetable | {month}",
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
        "act+": "help me | hold my attention | teach me much",
        "act-": "bore me | waste my time | confuse me",
        "turn": "the new teacher | {name} took over | lesson {n}",
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
        "act+": "go to plan | cheer me up | make me happy",
        "act-": "bore me | go wrong | get me down | end badly",
        "turn": "{name} arrived | {month} | we moved to {place}",
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
        "act+": "help us | keep every promise | solve my problem",
        "act-": "overcharge me | let us down | waste my time | cheat us",
        "turn": "the merger | the new management | {name} took over",
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
