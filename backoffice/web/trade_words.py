"""What the stable words of the books are called on a page, as msgids."""

import re
from collections.abc import Callable
from typing import Final

from backoffice.alerts import Alert
from backoffice.people import Role
from backoffice.words import N_, Translate

ROLE_NAMES: Final = {
    Role.OWNER: N_("owner"),
    Role.MANAGER: N_("manager"),
    Role.STORE: N_("store"),
    Role.DESK: N_("desk"),
    Role.AUDITOR: N_("auditor"),
}

ALERT_WORDS: Final = {
    Alert.REPEATED_PAYMENT: N_("The same card paid twice within seconds"),
    Alert.CLONED_CARD: N_("A copy of a card may be in use: look at the card, block it"),
    Alert.TOKEN_LOST: N_("A card came back without its newest token"),
    Alert.ENTRY_CONFLICT: N_("A till sent another record under the same number"),
    Alert.OPERATION_CONFLICT: N_("A payment came twice with different content"),
    Alert.MESSAGE_REFUSED: N_("A message was refused; see the quarantine"),
    Alert.CHAIN_BROKEN: N_("A till's records do not follow each other"),
    Alert.JOURNAL_FORK: N_("A till continues from an older copy of its journal"),
    Alert.JOURNAL_KEY: N_("A till signs its journal with another key, or with none"),
    Alert.SIGNATURE_WRONG: N_("A till's records are not what it has signed"),
    Alert.ENTRIES_LOST: N_("Records were lost here, and the till does not keep them any more"),
    Alert.STAND_IN: N_("A card paid without the office's answer"),
    Alert.REFUND_TOO_MUCH: N_("More was given back than was paid"),
    Alert.CARD_IN_DEBT: N_("A card is below zero"),
    Alert.TAC_WRONG: N_("The proof of a payment by a chip is wrong"),
    Alert.TAC_UNCHECKED: N_("The proof of a payment by a chip could not be checked"),
    Alert.COUNTER_GAP: N_("A payment of a chip is missing"),
    Alert.COUNTER_DUPLICATE: N_("A chip counted the same payment twice"),
    Alert.COUNTER_FORK: N_("Two chips claim to be the same card"),
    Alert.ROLLED_BACK: N_("A chip was set back to an older state"),
    Alert.LOAD_IN_DOUBT: N_("It is not known whether money is on a chip"),
    Alert.REVERSAL_REFUSED: N_("A payment could not be taken back"),
    Alert.OUTCOME_MISMATCH: N_("Till and office disagree about a payment"),
    Alert.VELOCITY: N_("A card pays very often"),
    Alert.CLOCK_SKEW: N_("The clock of a till is wrong"),
    Alert.SCALE_SILENT: N_("A till with an open shift is silent: look at power and network"),
    Alert.NOT_COLLECTED: N_("The records of a till were not collected: `backoffice collect`"),
    Alert.LIST_BEHIND: N_("A till sells by an old price list: start it anew"),
    Alert.ORPHAN_APPROVAL: N_("An approved payment was never finished"),
    Alert.MANY_VOIDS: N_("A cashier gives back often"),
    Alert.OVER_LIMIT: N_("More was sold without an answer than is allowed"),
    Alert.FAULTY_SALE: N_("The sums of a sale are wrong"),
    Alert.Z_DIFFERS: N_("What a till counted differs from the books"),
    Alert.QUARANTINED: N_("A message was set aside; see the quarantine"),
    Alert.AUDIT_FINDINGS: N_("The nightly audit found something: `backoffice audit`"),
    Alert.PRICES_NOT_TAKEN: N_("A change of prices no longer fits; nothing of it was taken"),
    Alert.COLLECTION_FAILED: N_("Money for a standing order could not be collected"),
    Alert.MAIL_FAILED: N_("A report could not be mailed"),
    Alert.HOOK_DEAD: N_("A program does not take our events any more"),
    Alert.BACKUP_OLD: N_("The newest backup is too old: look at `backoffice backup`"),
    Alert.BROKEN_HANDLER: N_("The office failed over a message; see its log"),
}

EVENT_WORDS: Final = {
    "reserve": N_("set aside"),
    "issue": N_("sold"),
    "topup": N_("topped up"),
    "refund": N_("paid out"),
    "block": N_("blocked"),
    "lost": N_("reported lost"),
    "unblock": N_("unblocked"),
    "replaced": N_("replaced"),
    "released": N_("rest released"),
    "retire": N_("retired"),
    "loaded": N_("loaded on the chip"),
    "settled": N_("decided"),
    "sell": N_("sold"),
    "shelf": N_("put on the shelf"),
    "member": N_("given to a member"),
    "no-member": N_("taken from a member"),
    "order": N_("standing order made"),
    "order-end": N_("standing order ended"),
    "member-add": N_("member added"),
    "member-card": N_("card given to a member"),
    "member-change": N_("member changed"),
    "member-forget": N_("member forgotten"),
    "member-level": N_("level of a member set"),
}

COMMAND_WORDS: Final = {
    "agent.save": N_("agent saved"),
    "alert.settle": N_("alert settled"),
    "apply": N_("market file applied"),
    "bonus.add": N_("bonus rule added"),
    "bonus.end": N_("bonus rule ended"),
    "card.activate": N_("card issued"),
    "card.block": N_("card blocked or unblocked"),
    "card.collect": N_("collection asked for"),
    "card.collected": N_("collection booked"),
    "card.move.done": N_("money on a chip settled"),
    "card.move.settle": N_("money on a chip decided"),
    "card.move.tell": N_("money told to a chip"),
    "card.order": N_("standing order made"),
    "card.order.end": N_("standing order ended"),
    "card.refund": N_("card paid out"),
    "card.release": N_("held money released"),
    "card.reserve": N_("card set aside"),
    "card.retire": N_("card retired"),
    "card.sell": N_("card sold"),
    "card.shelve": N_("card put on the shelf"),
    "card.swap": N_("card replaced"),
    "card.topup": N_("card topped up"),
    "cashier.pin": N_("PIN of a cashier set"),
    "cashier.remove": N_("cashier removed"),
    "cashier.save": N_("cashier saved"),
    "hook.add": N_("events sent to a program"),
    "hook.end": N_("events to a program ended"),
    "key.end": N_("key of a program ended"),
    "key.make": N_("key for a program made"),
    "mail.add": N_("report to be mailed"),
    "mail.end": N_("mailing of a report ended"),
    "market.save": N_("market saved"),
    "member.add": N_("member added"),
    "member.card": N_("card given to a member"),
    "member.change": N_("member changed"),
    "member.forget": N_("member forgotten"),
    "member.level": N_("level of a member set"),
    "member.uncard": N_("card taken from a member"),
    "person.save": N_("person saved"),
    "person.suspend": N_("person locked out or in"),
    "price.limits": N_("limits of price moves set"),
    "product.due": N_("change of prices taken over in time"),
    "product.import": N_("products imported"),
    "product.remove": N_("product removed"),
    "product.save": N_("product saved"),
    "product.withdraw": N_("change of prices taken back"),
    "stall.save": N_("stall saved"),
    "stock.add": N_("stock booked"),
    "stock.undo": N_("stock booking undone"),
    "store.save": N_("store saved"),
    "terminal.enrol": N_("till enrolled"),
    "terminal.save": N_("till saved"),
    "terminal.suspend": N_("till locked out or in"),
}

QUARANTINE_WORDS: Final = {
    "bad-seal": N_("its seal does not fit: not of this till, or changed on the way"),
    "conflict": N_("another record under a number that was used"),
    "malformed": N_("it cannot be read"),
    "not-allowed": N_("this till may not do that"),
    "sum-mismatch": N_("its sums do not fit"),
    "suspended": N_("its till is locked out"),
    "unknown-terminal": N_("no till of ours has that name"),
    "version": N_("written by a newer version"),
    "wrong-terminal": N_("a till wrote in another one's name"),
}

CLASS_WORDS: Final = {"bearer": N_("bearer"), "registered": N_("registered")}

_FIELD_WORDS: Final = {
    "name_zh": N_("Chinese name"),
    "name_en": N_("English name"),
    "base": N_("Priced per"),
    "tare_g": N_("Container, grams"),
    "key": N_("Key"),
    "category": N_("Category"),
    "barcode": N_("Bar code"),
    "rules": N_("Price rules"),
    "origin": N_("Origin today"),
    "batch": N_("Batch today"),
    "price": N_("Price"),
}

_FEN = re.compile(r"(?<!\w)(-?\d+) fen\b")


def alert_word(word: str) -> str:
    """The msgid of an alert; one that this version does not know stands for itself."""
    return ALERT_WORDS[Alert(word)] if word in list(Alert) else word


def field_word(name: str, translate: Translate) -> str:
    """What a field of a product is called; a member level's price by its number."""
    if name.startswith("price_"):
        return f"{translate(_FIELD_WORDS['price'])} {name.removeprefix('price_')}"
    return translate(_FIELD_WORDS.get(name, name))


def sums_in(detail: str, shown: Callable[[int], str]) -> str:
    """The detail of a note, its whole minor units as `shown` writes them."""
    return _FEN.sub(lambda found: shown(int(found[1])), detail)
