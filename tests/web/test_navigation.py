"""The menu: groups where there is much, one line where there is little, and the page itself marked."""

from itertools import groupby

import pytest

from registry.accounts.account import Account, RoleGiven
from registry.accounts.rights import RIGHTS, Role
from registry.web.navigation import ENTRIES, FLAT, Group, menu


def account(*rollen: Role) -> Account:
    return Account(1, "a@testdam.nl", "A", tuple(RoleGiven(rol) for rol in rollen))


def test_entries_stand_in_the_order_of_their_groups() -> None:
    assert [group for group, _ in groupby(ENTRIES, key=lambda entry: entry.group)] == list(Group)


@pytest.mark.parametrize("rol", Role)
def test_a_role_sees_what_it_may_and_nothing_else(rol: Role) -> None:
    seen = [entry.path for part in menu(account(rol), "/") for entry in part.entries]
    assert seen == [entry.path for entry in ENTRIES if entry.right in RIGHTS[rol]]


def test_much_is_put_under_words_and_little_stands_side_by_side() -> None:
    much = menu(account(*Role), "/")
    assert [part.label for part in much] == [group.value for group in Group]
    little = menu(account(Role.AFNEMER), "/")
    assert [part.label for part in little] == [""]
    assert len(little[0].entries) <= FLAT


def test_the_page_itself_is_marked_in_its_group_only() -> None:
    current = [
        (part.label, entry.path)
        for part in menu(account(*Role), "/zaken/12")
        for entry in part.entries
        if entry.current
    ]
    assert current == [("Zaken", "/zaken")]
    assert not any(entry.current for part in menu(account(*Role), "/zakenlijst") for entry in part.entries)
