"""What operators import, from CSV or XLSX: policies, hospitals, illnesses. All or nothing, every bad cell told."""

from storage.imports.faults import ImportFault, RowFault
from storage.imports.hospitals import read_hospitals
from storage.imports.illnesses import illnesses_in, industry_product, read_illnesses
from storage.imports.loading import Imported, load_hospitals, load_illnesses, load_policies
from storage.imports.policies import read_policies

__all__ = [
    "ImportFault",
    "Imported",
    "RowFault",
    "illnesses_in",
    "industry_product",
    "load_hospitals",
    "load_illnesses",
    "load_policies",
    "read_hospitals",
    "read_illnesses",
    "read_policies",
]
