"""``doel`` and ``sleutels``: for which purpose which sources may be used, and replacing keys."""

from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, own_access_log, own_user, remark, show
from registry.errors import UsageError
from registry.privacy.activities import register_of
from registry.privacy.purposes import decide_purpose, purpose_status, revoke_purpose
from registry.privacy.rotation import rotate_keys
from registry.settings import Settings
from registry.store.queries.runs import last_run

Verwerking = Annotated[str, typer.Argument(help="Code van de verwerking (doel lijst).")]
Reden = Annotated[str, typer.Option(help="Waarom dit gebeurt.")]

doel = Commands(help="Voor welk doel welke bronnen mogen worden gebruikt.", no_args_is_help=True)
sleutels = Commands(help="De sleutels waarmee personen zijn versleuteld.", no_args_is_help=True)


@doel.command("lijst")
def lijst(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """De verwerkingen, hun bronnen, en waarover nog een besluit ontbreekt."""
    register = register_of(Settings().verwerkingsregister)
    with open_registry(database_url) as store, store.read() as connection:
        known = last_run(connection)
        found = [purpose_status(connection, one, known=known) for one in register.all()]
    rows = [
        {
            "verwerking": one.verwerking.code,
            "naam": one.verwerking.naam,
            "regels": ", ".join(one.verwerking.regels),
            "bronnen": "alle" if one.bronnen is None else ", ".join(sorted(one.bronnen)),
            "besluit": "genomen of niet nodig" if one.besloten else "ontbreekt",
        }
        for one in found
    ]
    show(rows, as_json=as_json, title="Doelen en bronnen")


@doel.command("kies")
def kies(
    verwerking: Verwerking,
    *,
    bron: Annotated[list[str] | None, typer.Option(help="Bron die mag worden gebruikt (mag vaker).")] = None,
    geen: Annotated[bool, typer.Option("--geen", help="Besluiten dat geen andere bron wordt gebruikt.")] = False,
    grondslag: Annotated[str, typer.Option(help="Waarop de gemeente dit gebruik baseert.")],
    reden: Reden,
    database_url: DatabaseUrl = None,
) -> None:
    """Vastleggen welke bronnen de gemeente voor een doel gebruikt."""
    if bool(bron) == geen:
        raise UsageError("Noem de bronnen met --bron, of besluit tot geen met --geen.")
    found = register_of(Settings().verwerkingsregister).find(verwerking, clock.today())
    with open_registry(database_url) as store:
        run = decide_purpose(store, found, tuple(bron or ()), grondslag=grondslag, auteur=own_user().naam, reden=reden)
    remark(f"Besluit bewaard (run {run}). Toets opnieuw met: woonregister evaluate")


@doel.command("herroep")
def herroep(verwerking: Verwerking, *, reden: Reden, database_url: DatabaseUrl = None) -> None:
    """Een besluit over een doel herroepen; de feiten van die bronnen zijn voor de regel weer onbekend."""
    found = register_of(Settings().verwerkingsregister).find(verwerking, clock.today())
    with open_registry(database_url) as store:
        run = revoke_purpose(store, found, auteur=own_user().naam, reden=reden)
    remark(f"Besluit herroepen (run {run}).")


@sleutels.command("roteer")
def roteer(*, database_url: DatabaseUrl = None) -> None:
    """Nieuwe sleutels maken en alles ermee vernieuwen; de registratie blijft in gebruik."""
    settings = Settings()
    if settings.sleutels is not None:
        raise UsageError(
            "De sleutels komen uit een kluis. Zet ze tijdelijk in een sleutelbestand, voer dit daarmee uit, en zet de "
            "nieuwe inhoud terug in de kluis."
        )
    with open_registry(database_url) as store:
        done = rotate_keys(store, settings.sleutelbestand, gebruiker=own_user(), log=own_access_log(store))
    remark(
        f"{done.teksten} versleutelde gegevens en {done.pseudoniemen} pseudoniemen vernieuwd. De vorige sleutels staan "
        f"in {done.bewaard}: bewaar dat bestand bij de reservekopieën van voor vandaag, en vernietig het met hen."
    )
