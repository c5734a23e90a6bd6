"""The office's side of a purse: the word to load or unload, and whether a TAC is genuine. Pure.

A card's own key is made for one answer and forgotten. What the account allows is decided before.
"""

from card.errors import LoadRefused
from card.intent import DebitIntent, LoadIntent
from card.keys import OfficeKeys, PurseMaster
from card.mac import (
    Terms,
    TransactionType,
    is_right,
    load_mac1,
    load_mac2,
    load_tac,
    online_block,
    purchase_tac,
    unload_mac3,
)
from card.topup import HostAnswer, LoadRequest


def answer_load(keys: OfficeKeys, request: LoadRequest, moment: bytes) -> HostAnswer:
    """The word to load or unload, for a card whose MAC1 is right.

    Args:
        keys: the office's.
        request: as it came over the wire.
        moment: the office's date and time, seven BCD bytes.

    Raises:
        LoadRefused: mac1, the request is not from a card of ours or was changed on the way.
    """
    session = _session(keys, request.card_serial, request)
    if not is_right(request.mac1, load_mac1(session, request.balance_before, request.terms)):
        raise LoadRefused(reason="mac1")
    return HostAnswer(moment, load_mac2(session, request.terms, moment))


def purchase_tac_is_right(keys: OfficeKeys, intent: DebitIntent, tac: bytes) -> bool:
    """True when the card itself swore to this purchase."""
    key = keys.des_card_key(PurseMaster.TAC, [intent.card_serial[-8:]])
    terms = Terms(intent.amount, intent.kind, intent.terminal)
    return is_right(tac, purchase_tac(key, terms, intent.terminal_serial, intent.moment))


def load_tac_is_right(keys: OfficeKeys, intent: LoadIntent, tac: bytes) -> bool:
    """True when the card itself swore to this load."""
    key = keys.des_card_key(PurseMaster.TAC, [intent.card_serial[-8:]])
    done = Terms(intent.amount, intent.kind, intent.terminal), intent.moment
    return is_right(tac, load_tac(key, intent.balance_after, intent.counter, done))


def unload_mac3_is_right(
    keys: OfficeKeys, request: LoadRequest, intent: LoadIntent, mac3: bytes
) -> bool:
    """True when the card itself swore to this unload; needs the request, whose random it used."""
    session = _session(keys, request.card_serial, request)
    done = request.terms, intent.moment
    return is_right(mac3, unload_mac3(session, intent.balance_after, intent.counter, done))


def _session(keys: OfficeKeys, card_serial: bytes, request: LoadRequest) -> bytes:
    is_unload = request.kind == TransactionType.UNLOAD
    master = PurseMaster.UNLOAD if is_unload else PurseMaster.LOAD
    block = online_block(request.random, request.online_counter)
    return keys.des_session_key(master, [card_serial[-8:]], block)
