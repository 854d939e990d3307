"""The confidentiality statement a kind of table starts with; it must never know which table."""

from typing import Final

from app.domain.kind_document import Words

CONFIDENTIALITY_NL: Final = (
    "Ik gebruik wat ik in dit overleg lees en hoor alleen voor het doel waarvoor het met mij is "
    "gedeeld. Ik deel het niet verder, ook niet binnen mijn eigen organisatie, tenzij dat voor "
    "mijn afspraken nodig is of de wet mij ertoe verplicht. Ik maak geen eigen afschriften, foto's "
    "of opnamen. Ken ik een betrokkene privé, dan meld ik dat en trek ik mij terug."
)
CONFIDENTIALITY_EN: Final = (
    "I use what I read and hear in this meeting only for the purpose for which it was shared with "
    "me. I do not pass it on, within my own organisation either, unless my agreements require it "
    "or the law obliges me to. I make no copies, photographs or recordings of my own. If I know "
    "someone concerned privately, I say so and step back."
)
CONFIDENTIALITY: Final = Words(CONFIDENTIALITY_NL, CONFIDENTIALITY_EN)
