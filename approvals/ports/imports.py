"""Companies brought in whole: kept until advisers approved them, and written."""

from datetime import datetime
from typing import Protocol

from approvals.model.ids import ImportId
from approvals.model.imported import ImportedCompany


class Imports(Protocol):
    """What waits, and writing it."""

    async def keep(self, import_id: ImportId, company: ImportedCompany, at: datetime) -> None:
        """Keep it as it is until it is approved."""
        ...

    async def write(self, company: ImportedCompany, at: datetime) -> None:
        """Write the company, all of it."""
        ...
