"""English concession: the main clause decides, wherever it stands."""

RULES = {
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
}
