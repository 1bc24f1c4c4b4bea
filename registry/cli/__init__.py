"""The command line: one of the two places that catch every error.

Exit codes: 0 done; 1 done, but something needs attention (rows set aside, a scenario failed); 2 refused, nothing
written.
"""

import sys

import structlog
import typer

from registry.cli import (
    accountability,
    care,
    case_papers,
    dossier,
    dossiers,
    field_sheets,
    follow_up,
    handover,
    history,
    intake,
    judge,
    law,
    lists,
    manage,
    owners,
    ownership,
    persons,
    policy,
    policy_export,
    purchases,
    purposes,
    quality,
    retention,
    review,
    serve,
    stock,
    users,
    values,
    visits,
    what_ifs,
    whatif,
    worker,
    worklist_settings,
    worklists,
)
from registry.cli.shared import DONE, REFUSED, remark
from registry.cli.usage import CommandError, in_dutch
from registry.errors import WoonregisterError
from registry.logs import configure_logs

app = typer.Typer(
    name="woonregister",
    help="Register van de particuliere woningvoorraad van een gemeente.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("import")(intake.import_)
app.command()(intake.runs)
app.command()(judge.evaluate)
app.command()(judge.explain)
app.command()(judge.bewijs)
app.command()(whatif.verschillen)
app.command()(whatif.funnel)
app.command()(whatif.simulate)
app.command()(judge.scenarios)
app.command()(law.law)
app.command()(stock.stock)
app.command()(policy.verloop)
app.command()(policy.overbewoond)
app.command()(owners.eigenaren)
app.command()(purchases.aankopen)
app.command()(values.woz)
app.command()(ownership.tenure)
app.command()(ownership.portfolio)
app.command("bewoning-verschillen")(quality.bewoning_verschillen)
app.command()(dossier.dossier)
app.command()(dossier.terugmelding)
app.command()(history.backup)
app.command()(history.restore)
app.command()(history.check)
app.command()(manage.demo)
app.command()(manage.migrate)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(accountability.init)

export = typer.Typer(help="Bestanden maken.", no_args_is_help=True)
export.command("werklijst")(lists.export_werklijst)
export.command("voorraad")(policy_export.export_voorraad)
export.command("geo")(policy_export.export_geo)
export.command("algoritmeregister")(accountability.export_algoritmeregister)
export.command("dpia")(accountability.export_dpia)
export.command("gelijkheid")(accountability.export_gelijkheid)
export.command("kaart")(policy_export.export_kaart)
export.command("trend")(policy_export.export_trend)
export.command("buurtprofiel")(policy_export.export_buurtprofiel)
export.command("dossier")(dossiers.export_dossier)
app.command()(dossiers.brief)
app.command()(dossiers.bundel)
app.add_typer(export, name="export")
app.add_typer(case_papers.zaak, name="zaak")
app.add_typer(review.review, name="review")
app.add_typer(users.user, name="user")
worklists.lijst.command("bewaar")(worklist_settings.bewaar)
worklists.lijst.command("instellingen")(worklist_settings.instellingen)
worklists.lijst.command("veldformulier")(field_sheets.veldformulier)
app.add_typer(worklists.lijst, name="lijst")
app.add_typer(visits.bezoek, name="bezoek")
app.command()(follow_up.beoordeel)
app.command()(follow_up.beoordelingen)
app.command()(handover.overdragen)
app.command()(follow_up.termijnen)
app.command()(follow_up.opbrengst)
app.add_typer(care.doorverwijzing, name="doorverwijzing")
app.add_typer(persons.betrokkene, name="betrokkene")
app.add_typer(persons.toegang, name="toegang")
app.add_typer(purposes.doel, name="doel")
app.add_typer(purposes.sleutels, name="sleutels")
app.add_typer(retention.retention, name="retention")
app.add_typer(what_ifs.what_if, name="wat-als")


def main() -> None:
    """Run the command line; every error ends here as a Dutch text and an exit code."""
    configure_logs()
    try:
        sys.exit(app(standalone_mode=False) or DONE)
    except CommandError as error:
        remark(f"Verkeerd gebruik: {in_dutch(error)} Uitleg: voeg --help toe aan de opdracht.")
        sys.exit(REFUSED)
    except typer.Abort:
        remark("Afgebroken; er is niets gewijzigd.")
        sys.exit(REFUSED)
    except WoonregisterError as error:
        remark(f"Geweigerd: {error}")
        sys.exit(REFUSED)
    except Exception:  # noqa: BLE001 - the edge: whatever was not foreseen is logged, and the user told in Dutch
        structlog.get_logger().exception("unexpected_error")
        remark("Er ging iets mis dat niet had mogen gebeuren; er is niets gewijzigd. De regels hierboven zeggen wat.")
        sys.exit(REFUSED)
