"""The one table of roles and rights. ``docs/rollen.md`` is made from it, and every route names a right of it."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody's work is."""

    INSPECTEUR = "inspecteur"
    PLANNER = "planner"
    JURIST = "jurist"
    BELEID = "beleid"
    BEHEERDER = "beheerder"
    PRIVACY = "privacy"
    AFNEMER = "afnemer"


class Right(StrEnum):
    """What a role may allow; the value is how the documentation calls it."""

    ACCOUNT = "eigen account beheren"
    RECHT = "geldend recht en regelboek lezen"
    WONING = "woningen zoeken en het woningdossier lezen, zonder personen"
    BEWONERS = "bewoners zien, met doel en zaak, vastgelegd"
    EIGENAREN = "eigenaren en hun bezit zien, vastgelegd"
    SIGNALEN = "signalen zien, met uitleg"
    BEOORDELEN = "signalen beoordelen"
    WERKLIJSTEN = "werklijsten zien"
    PLANNEN = "werklijsten maken en wijzigen"
    BEZOEKEN = "bezoeken en inspecties vastleggen"
    RAPPORTEN = "verslagen en foto's van bezoeken zien, vastgelegd"
    ZAKEN = "zaken, dossiers en brieven behandelen"
    TERMIJNEN = "termijnen zien"
    VOORRAAD = "cijfers, kaarten en wat-als over de woningvoorraad, zonder losse woningen"
    BRONNEN = "bronnen inlezen, terugdraaien en aantallen uitval zien"
    KOPPELEN = "kiezen welk adres een rij bedoelt, en uitval downloaden, vastgelegd"
    KAART = "woningen op de kaart zien"
    GEBRUIKERS = "accounts en rollen beheren"
    INSTELLINGEN = "instellingen van de gemeente zien"
    TOEGANGSLOG = "het toegangslog lezen"
    BETROKKENEN = "verzoeken van betrokkenen behandelen"
    OPBRENGST = "opbrengst en steekproef van de regels zien"
    BEWONING_API = "bewoning opvragen met de Bewoning API, vastgelegd"


_ALL = {Right.ACCOUNT, Right.RECHT}
_FIELD = {Right.WONING, Right.SIGNALEN, Right.WERKLIJSTEN, Right.KAART, Right.TERMIJNEN}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.INSPECTEUR: frozenset(_ALL | _FIELD | {Right.BEWONERS, Right.BEZOEKEN, Right.RAPPORTEN, Right.BEOORDELEN}),
    Role.PLANNER: frozenset(_ALL | _FIELD | {Right.PLANNEN, Right.EIGENAREN, Right.OPBRENGST, Right.KOPPELEN}),
    Role.JURIST: frozenset(
        _ALL
        | _FIELD
        | {Right.BEWONERS, Right.EIGENAREN, Right.BEOORDELEN, Right.RAPPORTEN, Right.ZAKEN, Right.OPBRENGST}
    ),
    Role.BELEID: frozenset(_ALL | {Right.VOORRAAD, Right.OPBRENGST}),
    # Manages the registry and reads no person: no dwelling file, no owner, no row that was set aside.
    Role.BEHEERDER: frozenset(_ALL | {Right.BRONNEN, Right.GEBRUIKERS, Right.INSTELLINGEN}),
    Role.PRIVACY: frozenset(_ALL | {Right.TOEGANGSLOG, Right.BETROKKENEN, Right.INSTELLINGEN, Right.OPBRENGST}),
    # Another system of the municipality, that signs in with a token.
    Role.AFNEMER: frozenset(_ALL | {Right.BEWONING_API}),
}

# Rights whose use may be limited to areas; the others concern the whole municipality. What waits for KOPPELEN lies in
# no area: who may choose in some areas only sees none of it.
PER_AREA = frozenset(
    {Right.WONING, Right.BEWONERS, Right.EIGENAREN, Right.SIGNALEN, Right.BEOORDELEN, Right.WERKLIJSTEN, Right.PLANNEN,
     Right.BEZOEKEN, Right.RAPPORTEN, Right.ZAKEN, Right.TERMIJNEN, Right.KAART, Right.KOPPELEN}
)  # fmt: skip

# Roles whose holders see persons or hand out rights: they sign in with a second step where the municipality asks it.
SECOND_STEP = frozenset({Role.INSPECTEUR, Role.JURIST, Role.BEHEERDER, Role.PRIVACY, Role.PLANNER})


def rights_table() -> str:
    """The table of roles and rights as Markdown, for the documentation."""
    roles = list(Role)
    lines = ["| recht | " + " | ".join(role.value for role in roles) + " | per gebied |"]
    lines.append("|---|" + "---|" * (len(roles) + 1))
    for right in Right:
        marks = ["ja" if right in RIGHTS[role] else "" for role in roles]
        lines.append(f"| {right.value} | " + " | ".join(marks) + f" | {'ja' if right in PER_AREA else ''} |")
    return "\n".join(lines) + "\n"
