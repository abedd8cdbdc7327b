"""Loads what every step looks at, once, when a process starts."""

from collections.abc import Mapping
from datetime import datetime

from flows.reading.hospital_names import HospitalIndex, load_short_names
from flows.reading.illnesses import IllnessList, load_illnesses, prepare_illnesses
from flows.reference import Reference
from flows.terms import catalogue
from flows.terms.calendar import Calendar
from storage.directory import Directory
from storage.imports import illnesses_in
from storage.records.products import Product


async def load_reference(
    directory: Directory,
    calendar: Calendar,
    *,
    consent_digests: Mapping[str, str],
    button_labels: frozenset[str],
    now: datetime,
) -> Reference:
    """Load terms, calendar, illness lists, hospitals.

    From the catalogue: `consent_digests` are the hashes of the consents' words, `button_labels` the labels of commands.
    """
    calendar.acceptance_day(now)  # counts a year's holidays, once: not while the first person's transaction is open
    prepare_illnesses(load_illnesses())
    products = await directory.products()
    return Reference(
        terms=catalogue.load(),
        calendar=calendar,
        illnesses={f"{p.id}/{p.version}": _readable_list(p) for p in products},
        consent_digests=consent_digests,
        hospitals=HospitalIndex(await directory.hospitals(), load_short_names()),
        button_labels=button_labels,
    )


def _readable_list(product: Product) -> IllnessList:
    """Return a product's illnesses, prepared for being read in a person's own words."""
    illnesses, industry = illnesses_in(product), load_illnesses()
    same = illnesses == industry.illnesses  # what was prepared once serves every product with it
    listed = industry if same else IllnessList(f"{product.id}/{product.version}", illnesses)
    prepare_illnesses(listed)
    return listed
