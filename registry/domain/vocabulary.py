"""The Dutch words in this code: each with where it is defined and what it means in English.

A noun that a law, a base register or an ordinance defines keeps its Dutch name, spelled as there; all else is English.
A class, module, table or column whose name holds a Dutch word that is not here fails ``tests/test_glossary.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# term, its other forms | source | meaning
_TABLE = """
a_nummer | LO BRP 01.10 | administration number of a person list, ten digits
aandeel | BRK: tenaamstelling.aandeel | share in a right
aandeel_teller, aandeel_noemer, gezamenlijk_teller, gezamenlijk_noemer | BRK: aandeel | parts of a (joint) share
aanduiding_bij_huisnummer | LO BRP 11.50 | 'to' (opposite) or 'by' (near) a house number
aaneengesloten | Woonregister | consecutive
aangetroffen | Huisvestingswet 2014 art. 33 | who an inspector found in a dwelling
aangevraagd_op, besluit_op, verlengd_op | Algemene wet bestuursrecht 4.1 | day of request, decision, extension
aangewezen, aangewezen_gebied, aangewezen_gebieden | BAG catalogus, status; Huisvestingswet 2014 art. 40 | designated
aangifte_adreshouding | LO BRP 72.10 | code of who reported the move
aanleiding, aanleidingen | Woonregister | a lead: a reason to look, never a breach
aantal, aantal_personen | Woonregister | a count; of persons seen by an inspector
aanvang, einde | BRK: aanvangsdatum | first day of a right; its end
aanwezigen | Woonregister | the people registered somewhere on a day
aard, aard_stuk, aard_recht | BRK: Stukdeel.aard, zakelijkGerechtigde.type | kind of a deed part; kind of a right
aard_cultuur | BRK: aardCultuurBebouwd | use of what is built on a parcel
adres, adressen, adresregel | BAG catalogus | address: a nummeraanduiding with its street and woonplaats
adresseerbaar, adresseerbaar_object, adresseerbare_objecten | Wet BAG art. 1 | what can have an address
adresverschil | Woonregister | inspectors counted another number of persons than the BRP holds
adresvorm | Woonregister | an address in one form, by which it is recognised again
afgeleid | Woonregister | derived from other facts
afnemer | Besluit BRP art. 1 | another system that gets data from the BRP
afwijking, afwijkingen | Woonregister | a difference
akte | Wet op het notarisambt | notarial deed
appartementsrecht, appartementsrechten | Burgerlijk Wetboek 5:106 | right to a part of a divided building
artikel | Woonregister | article of a law or ordinance
auteur | Woonregister | who established a vaststelling
bag | Wet BAG | the base register of addresses and buildings
bag_in_onderzoek, in_onderzoek | BAG catalogus 7.9; LO BRP 83.10 | a value is being doubted and checked
beding, bedingen | Burgerlijk Wetboek 6:252 | clause in a deed of sale
bedrag, bedrag_per, bedrag_ten_hoogste | Algemene wet bestuursrecht 5:32b | amount in euro; per what; at most
begin | Woonregister | first day of a period
begonnen_op, gevraagd_op, klaar_op | Woonregister | when work was begun, asked for, done
begunstiging_tot | Algemene wet bestuursrecht 5:32a | end of the time to undo a breach
bekendgemaakt_op | Algemene wet bestuursrecht 3:41 | day on which a decision was made known
beleid | Woonregister | policy: who looks at the stock as a whole
beoordeling, beoordelingen, beoordeeld_op | Woonregister | what a person made of a signal; when
beperking, beperkingen | AVG art. 18 | restriction: data that may only be kept, not used
bereik, bereiken | Bewoning API | possible span of an incomplete date
beschikkingsstatussen | WOZ: status beschikking | codes of the stages of a WOZ decision
beslissend | Woonregister | the step of a rule that decided
besluit, besluiten, besloten_op | Algemene wet bestuursrecht 1:3 | decision; when it was taken
bestand | Woonregister | the file of a delivery
betrokkene, betrokkenen | AVG art. 4 | the person whom data is about
bevolking | BRP | population
bewaartermijn, bewaartermijnen, termijn, termijnen | Archiefwet 1995 | how long a kind of data is kept
bewijs | Woonregister | what something rests on: evidence of a vaststelling, receipt of a signal
bewoner, bewoners, mogelijke_bewoners | Bewoning API | (certain or possible) resident of a dwelling
bewoning, bewoningen | Bewoning API | who lived at an object in a period
bezoek, bezoeken, bezoekreden, bezoekredenen | Woonregister | visit to an address; the signals that it was made for
bezwaar | Algemene wet bestuursrecht art. 1:5 | objection against a decision
boete, boete_per_dag | Burgerlijk Wetboek 6:91 | contractual penalty (per day)
boetes | Algemene wet bestuursrecht 5:40 | administrative fine
boetetabel | Huisvestingswet 2014 art. 35 | table of fines of an ordinance
bouwbesluit | Besluit bouwwerken leefomgeving | technical rules for buildings, named by their old short name
bouwjaar, oorspronkelijk_bouwjaar | BAG catalogus 7.8 | year in which a pand was (or will be) finished
bovenliggend, bovenliggend_code | CBS | area in which an area lies
brief, brieven | Woonregister | letter
briefadres | Wet BRP art. 1.1 | address for mail only; nobody lives there
brk | Kadasterwet | the base register of property
bron, bronnen | Woonregister | the source of a delivery
brondocument | BAG catalogus | source document
brp | Wet BRP | the base register of persons
bsn | Wabb art. 1 | citizen service number
buurt, buurten | CBS | neighbourhood; part of a wijk
coa | Wet COA | the agency that houses asylum seekers
code | Woonregister | code in a list
conclusie | Woonregister | what an inspector makes of facts, kept apart from them
corporatie, corporaties | Woningwet art. 19 | housing corporation
dag, dagen | Woonregister | a day
datum, datums | Woonregister | a date
datum_aanvang_adreshouding | LO BRP 10.30 | first day at an address
datum_aanvang_buitenland | LO BRP 13.20 | first day abroad
datum_opneming | LO BRP 86.10 | day on which the data was taken up
datum_opschorting, reden_opschorting | LO BRP 67.10, 67.20 | end of maintenance of a person list, and why
debiteur, schuldeiser | Burgerlijk Wetboek 6 | who owes, and to whom
deel | Woonregister | a delivery that holds a part of a source
documentdatum, documentnummer | BAG catalogus | date and number of the source document
doel | Awbi art. 1 | purpose of a visit, as told at the door
doelbesluit, doelbesluiten | AVG art. 5 lid 1 onder b | decision for which purpose which sources may be used
doorverkoop_toegestaan, gedeeltelijke_verhuur_toegestaan | Woonregister | what a clause allows: resale, partial letting
doorverwijzing, doorverwijzingen | Wmo 2015 art. 2.3.2 | hand-over to the social team, with consent
dossier, dossiers | Algemene wet bestuursrecht | all that is known of a case, for a lawyer
eigenaar_zoekvraag, zoekvraag | Woonregister | a search for an owner
eigendom, eigenaar, eigenaren | Burgerlijk Wetboek 5:1 | ownership; who owns
eind, eind_registratie | BAG: eindRegistratie | end of a registration
elders | Woonregister | at another address, outside the area of the registry
evaluatie, evaluaties | Woonregister | one run of one rule over the stock
feit, feiten, onbekende_feiten | Woonregister | fact that a rule uses; those that are unknown
foto, fotos, gemaakt_op | Woonregister | photo; the moment it was taken
fout | Woonregister | what is wrong, in a sentence
fout_bericht, foutbericht | Bewoning API | body of an error
functie_adres | LO BRP 10.10 | W where a person lives, B briefadres
gebeurd_op | Woonregister | when an event happened
gebeurtenis, gebeurtenissen | Woonregister | one line of the timeline of a dwelling
gebied, gebieden, gebied_code | CBS | an area: buurt, wijk, gemeente or one of the gemeente's own
gebiedsoort | CBS | kind of area: buurt, wijk, gemeente
geboortedatum | LO BRP 03.10 | date of birth, possibly incomplete
gebreken | Woonregister | defects that an inspector saw
gebruiker, gebruikers | Huisvestingswet 2014 art. 41 | who uses a dwelling
gebruiker_soort, soort_gebruiker | Woonregister | as what somebody came in: account, command line, other system
gebruiksdoel, gebruiksdoelen | BAG catalogus 7.5 | what a verblijfsobject is meant for
gebruiksvorm, gebruiksvormen | Huisvestingswet 2014 | form of use for which a permit was given
geconstateerd | BAG catalogus | noted by the gemeente without a source document of another
geen | Woonregister | says in a law file that a gemeente has no such rule
gegevenssoort, gegevenssoorten | Woonregister | kind of data with its own term
geldigheid, ingangsdatum_geldigheid | LO BRP 85.10 | from when data is valid
geleverde | Woonregister | as another system delivered it, beside what is derived here
gelezen, nieuw, gewijzigd, ongewijzigd, verdwenen, uitval | Woonregister | counts of a run
gemaakt, gestart, klaar | Woonregister | moments of a run
gemeente, gemeenten, gemeente_code | Gemeentewet | municipality
gemeente_van_inschrijving | LO BRP 09.10 | municipality that keeps the person list
gemeente_woonplaatsen | BAG, GEM-WPL | which woonplaats lies in which gemeente
gemeten, gemeten_oppervlakte | Woonregister | measured by an inspector; m2
geometrie | BAG catalogus | point or surface in EPSG:28992
geopend_op, toegevoegd_op, vastgelegd_op | Woonregister | when it was opened, added, written down
gerelateerde | LO BRP | the other person of a relation
geslachtsnaam | LO BRP 02.40 | family name
gesplitst_zakelijk_recht | BRK: typeGesplitstZakelijkRecht | the right that was divided into apartment rights
getalsnorm | Huisvestingsverordening | the greatest number of residents for a floor area
grens, grenzen | Woonregister | limit of a norm
grond, gronden | Woonregister | ground on which an outcome rests
grondperceel, grondpercelen | Kadasterwet | parcel of land
grondslag | AVG art. 6 | ground on which personal data may be processed
handeling, handelingen | Woonregister | what was done with data about persons
hercontrole, hercontrole_van | Woonregister | inspection that tests an order; which one
herkomst | Woonregister | which source or rule a value came from
hersteld | Woonregister | a row set aside that was corrected and imported
hoedanigheid | Woonregister | as what somebody is addressed: owner, landlord
hoofdadres, hoofdadres_id | BAG catalogus | main address of an object
houder | Huisvestingswet 2014 | holder of a permit
huisdossier | Woonregister | everything that is known of one dwelling, as a timeline
huishouden, huishoudens | Huisvestingswet 2014 art. 1 | household
huisletter, huisnummer, huisnummertoevoeging | BAG catalogus 7.4 | parts of a house number
huisvestingsverordening | Huisvestingswet 2014 art. 4 | municipal housing ordinance
hulpvraag | Wmo 2015 | the help that someone asks for
huurprijs | Burgerlijk Wetboek 7:237 | rent
identificatie | ZGW Zaken API | reference of a zaak
inactief | BAG catalogus | a version that never counted
indeling | Woonregister | column names that a municipality uses
indicatie, indicatie_geheim, indicatie_onjuist | LO BRP 70.10, 84.10 | mark: secret, wrong
ingangsdatum | Wet WOZ art. 22 | first day for which a value counts
ingebruikname | BAG catalogus | taking into use
ingeschreven | BRK: persoon.type | linked to the BRP or the trade register
ingetrokken | BAG catalogus | withdrawn
ingevoerd_door | Woonregister | who put a record into the registry
inhoud | Woonregister | content
inschrijftermijn_dagen | Woonregister | days within which the buyer must register
inschrijving, inschrijvingen | Wet BRP art. 1.1 | registration of a person
inspecteur, inspecteurs | Huisvestingswet 2014 art. 33 | inspector
inspectie, inspecties | Woonregister | visit to a dwelling by an inspector
inspectiegeldigheid | Woonregister | how many months the count of an inspection holds
inzage | AVG art. 15 | access of a person to his own data
jaar | Woonregister | year of a division into areas
kaart | Woonregister | the map
kadaster | Kadasterwet | the agency of the property registers
kadastraal_object, kadastrale_objecten | Kadasterwet art. 1 | parcel or apartment right
kadastrale_aanduiding, kadastrale_adressen | BRK | name of a cadastral object; its addresses
kamer, kamers | Woonregister | rooms that an inspector counted
kanaal | Woonregister | how a report came in
kandidaat, kandidaten | Woonregister | addresses that a row could belong to
kenmerk | BAG catalogus | the attribute that is in onderzoek
kettingbeding, kettingbedingen | Burgerlijk Wetboek 6:252 | clause that a buyer must pass on
koopjaar, koopsom, koopsom_meer_objecten | BRK: koopsom | year and price of a purchase (of several objects)
koopovereenkomst | Burgerlijk Wetboek 7:2 | contract of sale
koppelbesluit, koppelbesluiten | Woonregister | decision of a person about which object an address means
koppeling, koppelingen | Woonregister | link of a row to an address
koppelingswijze | BRK | how the Kadaster linked an address to an object
koppelniveau | Woonregister | how exactly a row was linked to an address
kvk | Handelsregisterwet | number in the trade register
leegstand | Leegstandwet | vacancy
legitimatie | Awb art. 5:12 | proof of identity of a supervisor
lengtegraad, breedtegraad | WGS84 | longitude, latitude
leverdatum, levering, leveringen | Woonregister | date and kind (stand, deel) of a delivery
lichtere_middelen | Awb art. 5:13 | lighter means, tried before a dwelling was entered without consent
ligging | Woonregister | in which areas an object lies
ligplaats, ligplaatsen | Wet BAG art. 1 | place for a houseboat
lijst, lijst_rij | Woonregister | list of visits; a row of it
locatiebeschrijving | LO BRP 12.10 | description of a place without an address
losse | Woonregister | apart from what it belongs to
lv | BAG | Landelijke Voorziening: the national copy of the BAG
maand, maanden | Woonregister | month
machtiging | Awbi art. 2 | authorisation to enter a dwelling
melding, meldingen | Woonregister | report by a citizen
met | Bewoning API | with
minderjarigen | Burgerlijk Wetboek 1:233 | minors
naam, namen, verkorte_naam | BAG catalogus | name; in at most 24 characters
naam_openbare_ruimte, straatnaam, straat | LO BRP 11.15, 11.10 | street name, full and as used
naamgeving | BAG catalogus | naming of a street or number
nevenadres, nevenadressen, nevenadres_ids | BAG catalogus | further addresses of an object
norm, normen | Woonregister | number that the law sets
nummer, nummers | Woonregister | number
nummeraanduiding, nummeraanduidingen | Wet BAG art. 1 | house number as decided by the gemeente
object, objecten | BAG catalogus | what the BAG describes: pand, verblijfsobject, ligplaats and the rest
objectdossier | Woonregister | one dwelling as the API gives it
objecttype, type_adresseerbaar_object | BAG catalogus | which of the kinds of objects
omschrijving | Woonregister | description
omvang, hoogte, breedte | Woonregister | size; height, width
omzetting | Huisvestingswet 2014 art. 21 | turning a self-contained dwelling into rooms
onderdeel | Huisvestingsverordening | part of an ordinance
onderhuur | Burgerlijk Wetboek 7:221 | sub-letting
ondertekend_door, ondertekend_op | Woonregister | who signed; when
onderwerp | Woonregister | subject
onderzoek, onderzoeken | LO BRP 83.10 | inquiry into the correctness of data
onderzoek_aanduiding, onderzoek_van, onderzoek_tot | LO BRP 83.10-83.30 | what is in onderzoek, from and until
ontheffing, ontheffingen | Woonregister | exemption from a clause
ontstaan_uit, overgegaan_in | BRK: isOntstaanUit, isOvergegaanIn | objects that an object came from, or became
ontvangen | Woonregister | as received
oordeel | Woonregister | judgement of a person
op, adres_op | Woonregister | on; the day as of which an address is looked up
opdracht | Woonregister | what is asked for
openbare_ruimte, openbare_ruimten | Wet BAG art. 1 | named outdoor space; mostly a street
opkoopbescherming | Huisvestingswet 2014 art. 41 | ban on letting a bought dwelling for four years
opmerking, opmerkingen | Woonregister | remarks as typed
oppervlakte, oppervlakten | BAG catalogus 7.5 | usable floor area in m2
overbewoning | Huisvestingsverordening | more residents than the floor area allows
overdracht, overdrachten | Burgerlijk Wetboek 3:84 | transfer of property
overgedragen, overdragen | Woonregister | handed over to another system
overgedragen_aan | Woonregister | to whom a case was handed over
overschrijding | Woonregister | by how many persons a norm is exceeded
overtreding_op | Algemene wet bestuursrecht 5:1 | day on which a breach was found
pand, panden | Wet BAG art. 1 | building
partner | Wet BRP | spouse or registered partner
peildatum, peildatums | Woonregister | the day about which a question is asked
periode, perioden, periode_van, periode_tot | Woonregister | period: van included, tot excluded
personen, persoon, personen_min, personen_max | Wet BRP | persons; the fewest and most that may live somewhere
persoonsgegevens | AVG art. 4 | personal data
persoonslijst, persoonslijsten | Wet BRP art. 1.1 | all data of one person in the BRP
plaats, plaatsen | Wet BAG art. 1 | place
pogingen | Woonregister | attempts
postcode, postcodes | BAG catalogus 7.4 | postal code
pseudoniem, pseudoniemen | AVG art. 4 | keyed hash that stands for a person
recht, rechten, zakelijk_recht | Burgerlijk Wetboek 5 | (real) right
rechthebbende, rechthebbenden, andere_rechthebbende | Kadasterwet | who holds a right
rechtsvorm | Handelsregisterwet | legal form
reden, redenen | Woonregister | reason
regel, regels, regeling, regelingen | Woonregister | rule; a law or ordinance in which it stands
registratie, tijdstip_registratie | BAG catalogus | registration by the source holder
relatie, relaties | Wet BRP | family relation between persons
resultaat, resultaten | Woonregister | result of a visit
richting | Woonregister | sent, received or internal
rol, rollen | Woonregister | role of a user
rsin | Handelsregisterwet | number of a legal person
ruimte, ruimten | Woonregister | room
samenstelling | Bewoning API | who together are the residents of a dwelling in a period
sancties | Algemene wet bestuursrecht 5:2 | penalties and fines
signaal, signalen | Woonregister | what a rule asks a person to look at; not a decision
slaapplaats, slaapplaatsen | Woonregister | places to sleep that an inspector counted
sleutelstand | Woonregister | under how many hash keys pseudonyms are made
sleutelstanden | Woonregister | since when which hash keys are in use
sluimerend | BRK: indicatieSluimerend | an apartment right that was itself divided
soort, soorten | Woonregister | kind
soort_bezoek | Woonregister | kind of visit
splitsing | Huisvestingswet 2014 art. 22 | division into apartment rights
staat, staat_bij_overdracht | Huisvestingswet 2014 art. 41 lid 2 b | free, used or let on the day of a transfer
stand, standen | Woonregister | a delivery that holds everything of a source
standplaats, standplaatsen | Wet BAG art. 1 | place for a caravan
status | BAG catalogus | stage in the life of an object
statutaire_naam, statutaire_zetel | BRK | name and seat of a legal person
stuk, stukken, stuk_inhouden, stukdeel, stukdelen | BRK | deed in the public registers, and its parts
taak, taken, taak_id | Woonregister | work that a page asks for and a worker does
tabel, tabellen | Woonregister | table
tarief | Woonregister | one line of a table of fines
tegenspraak | Woonregister | two registers that contradict each other
telling, tellingen | Woonregister | counts
tenaamstelling, tenaamstellingen | BRK | entry that a person holds (a share of) a right
terugmelding, terugmeldingen | Wet BRP art. 2.34 | report to the keeper of a register that something may be wrong
tijd, tijdstip | Woonregister | time of day; moment
tijdstip_aanbieding | BRK Levering: Stuk | moment at which a deed was offered
tijdstip_inactief, tijdstip_niet_bag_lv | BAG catalogus | moment from which a version no longer counts
titel | Woonregister | title of a document
toegang, toegangen | Wet BRP art. 3.11 | one access to data about persons, in the access log
toegang_afsluitingen | Woonregister | where the access log starts after its oldest part was destroyed
toegang_verzendingen | Logboek Dataverwerkingen | how far the access log was sent on
toegestaan | Woonregister | allowed
toegestane_bewoners | Woonregister | who may live there under a clause
toelichting | Woonregister | explanation in a sentence
toestemming, toestemming_van, toestemming_wijze | Awbi art. 1 lid 4; AVG art. 7 | consent; whose; how it was given
toestemming_vereist | Woonregister | whether a clause asks for consent
toetsing | Woonregister | judging facts by law
toezicht | Algemene wet bestuursrecht 5.2 | supervision
tot, van | Woonregister | until (excluded) and from (included)
uitgegeven | BAG catalogus | issued (a name)
uitkomst, uitkomsten | Woonregister | outcome of a rule
uitzondering, uitzonderingen | Woonregister | exceptions
urgentie, urgenties | Woonregister | order in which dwellings are visited
vaststelling, vaststellingen | Woonregister | fact that no register holds, established by a person
veel_bewoners | Bewoning API: indicatieVeelBewoners | more than a hundred residents, number unknown
veldformulier | Woonregister | the form that an inspector fills in on a phone
verbeurte, verbeurten, verbeurd_op | Algemene wet bestuursrecht 5:33 | a penalty that became due; when
verblijf, verblijven | Bewoning API | stay of a person at an address
verblijfsobject, verblijfsobjecten | Wet BAG art. 1 | unit of use with its own entrance; a dwelling, shop or office
vergunbaar | Huisvestingswet 2014 art. 41 lid 3 | on which ground a permit could be granted
vergunning, vergunningen | Huisvestingswet 2014 | permit
verhuur | Burgerlijk Wetboek 7:201 | letting
verhuurder | Burgerlijk Wetboek 7:201 | landlord
verklaring, verklaringen | Woonregister | statement of a person
vernietigde_bewijzen | Woonregister | receipts whose facts were destroyed
vernietigde_versies | Woonregister | how many rows of a run were destroyed
vernietiging, vernietigingen, vernietigd_op | Archiefwet 1995 | destruction of data; when
verordening, verordeningen | Gemeentewet art. 149 | municipal ordinance
versie | Woonregister | version
versleuteld, sleutel, sleutels | Woonregister | encrypted; keys
vervallen | BRK: indicatieVervallen | no longer exists
verwacht | Woonregister | what a scenario expects
verwerking, verwerkingen, verwerkingsregister | AVG art. 30 | processing activity; the register of them
vingerafdruk | Woonregister | by which keys are recognised
vlag, vlaggen | Woonregister | what is odd about a record
volgend_bezoek, volgend_bezoek_vanaf | Woonregister | next visit; not before
volgnummer | LO BRP | order of stays: 0 is the present one
voor | Woonregister | before
voorkomen | BAG catalogus | numbered version of an object
voornamen, voorvoegsel | LO BRP 02.10, 02.30 | first names; prefix of the family name
voorraad, woningvoorraad | CBS | the stock of dwellings
voorraadrij | Woonregister | the stock of one combination of classes
voorzieningen | Woonregister | kitchen, bathroom and toilet
vorige | Woonregister | the one before
waarde, waarden | Woonregister | value of a fact
waardepeildatum | Wet WOZ art. 18 | day for which a value is determined
weerlegging, weerlegd | Woonregister | refutation of a signal; refuted
werklijst, werklijsten | Woonregister | list of dwellings to visit
werkwijze | Woonregister | how an inspection was done
wet, wetten | Woonregister | law files as they stood
wijk, wijken | CBS | district: several buurten
woning, woningen | CBS | dwelling in statistics
woonplaats, woonplaatsen | Wet BAG art. 1 | town or village
woonregister | Woonregister | the name of this program
woonruimte, woonruimten | Huisvestingswet 2014 art. 1 | living space, only where that law means it
woonwagen | Huisvestingswet 2014 art. 1 | caravan
woz | Wet WOZ | valuation of real estate
zaak, zaken | Algemene wet bestuursrecht | a case
zaak_overdracht, zaak_overdrachten, zaak_overdracht_id | Woonregister | a signal handed over to a case system
zaaksysteem, zaak_url | ZGW Zaken API | the case system of a municipality; address of a zaak in it
zekerheid | Bewoning API | zeker (certain) or mogelijk (possible)
zelfbewoning, zelfbewoningsplicht | Woonregister | duty of a buyer to live in the dwelling
"""


@dataclass(frozen=True, slots=True)
class Term:
    """A Dutch term, its other forms, where it is defined, and what it means."""

    term: str
    forms: tuple[str, ...]
    source: str
    meaning: str


def _read(table: str) -> Iterator[Term]:
    for line in table.strip().splitlines():
        forms, source, meaning = (part.strip() for part in line.split(" | "))
        first, *others = (form.strip() for form in forms.split(","))
        yield Term(first, tuple(others), source, meaning)


TERMS: tuple[Term, ...] = tuple(_read(_TABLE))
