"""The chain as a tree: stores with agent, market and day; stalls, tills and cashiers there."""

from starlette.responses import Response

from backoffice.web.pages.tills import tills_of
from backoffice.web.visit import Visit


def stores(visit: Visit) -> Response:
    """The stores this person sees, each with what stands in it."""
    places = visit.store.places
    seen = [one for one in places.stores() if visit.me.sees(one.code)]
    tills = tills_of(visit)
    return visit.show(
        "stores.html",
        stores=seen,
        stalls={one.code: [s for s in places.stalls() if s.store == one.id] for one in seen},
        tills={one.code: [till for till in tills if till.store == one.code] for one in seen},
        cashiers={
            one.code: [c for c in places.cashiers() if c.store in ("", one.code)] for one in seen
        },
        agents={one.code: one.name for one in places.agents()},
        markets={one.code: one.name for one in places.markets()},
    )
