"""English words of judgement, what is judged, and names and numbers that carry nothing."""

RULES = {
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
    "feeling+": "happy | glad | excited | relieved | hopeful | proud | grateful | cheerful | thrilled",
    "feeling-": "sad | angry | depressed | lonely | heartbroken | scared | frustrated | hopeless | miserable",
    "superl+": "best | finest | nicest | greatest",
    "superl-": "worst | lousiest | most annoying | most disappointing",
    "folk": """my wife | my husband | my mum | {name} | {name} | my son | my brother | my daughter | my sister
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
    "feel_one+": "love | like | enjoy | adore",
    "feel_one-": "hate | dislike | despise",
    "felt_then+": "loved | liked | enjoyed | adored | appreciated",
    "felt_then-": "hated | disliked | despised | couldn't stand | detested",
    "role": """teacher | neighbour | doctor | boss | driver | waiter | coach | dentist | landlord | nurse | guide
        manager | mechanic | hairdresser | colleague | receptionist | professor | plumber | roommate""",
}
