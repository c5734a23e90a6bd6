"""Who may sign in, with which role and stores."""

from starlette.responses import Response

from backoffice.passwords import hashed
from backoffice.people import Role, check_password, checked_person
from backoffice.web.pages.sign_in import prove
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from backoffice.words import N_

ROLE_WORDS = {
    Role.OWNER: N_("owner: everything"),
    Role.MANAGER: N_("manager: everything but people"),
    Role.STORE: N_("store: reports, tills, stock and alerts of its stores"),
    Role.DESK: N_("desk: cards"),
    Role.AUDITOR: N_("auditor: reads everything"),
}


def people(visit: Visit) -> Response:
    """Everybody, and a form for one more."""
    stores = [(row[1], row[2]) for row in visit.store.directory.stores()]
    return visit.show(
        "people.html",
        people=visit.store.people.all(),
        roles=ROLE_WORDS,
        stores=stores,
        ask_password=not visit.mine.has_proved(visit.site.ticks()),
    )


def save(visit: Visit) -> Response:
    """Makes a person or changes one."""
    name, role, fresh = visit.said("name", 32).lower(), visit.said("role", 16), ""
    stores = [str(code)[:16] for code in visit.form.getlist("store")]
    known = {row[1] for row in visit.store.directory.stores()}
    checked_person(name, role, stores, known=known)
    if not visit.mine.has_proved(visit.site.ticks()):
        prove(visit)
    if visit.form.get("fresh"):
        fresh = str(visit.form["fresh"])[:200]
        check_password(name, fresh)
        fresh = hashed(fresh)
    visit.change("person.save", name=name, role=role, stores=stores, password=fresh)
    return visit.go("/people", visit._("{name} is saved.").format(name=name))


def suspend(visit: Visit) -> Response:
    """Locks a person out or lets her back in, after asking."""
    name, suspended = visit.said("name", 32), visit.said("suspended") == "1"
    question = visit._("Lock {name} out?") if suspended else visit._("Let {name} back in?")
    asked = is_sure(visit, question.format(name=name), "/people")
    if asked is not None:
        return asked
    visit.change("person.suspend", name=name, suspended=suspended)
    return visit.go("/people")
