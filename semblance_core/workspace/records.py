"""Operations on the audit log: what administrators did."""

from semblance_core.domain.audit_log import AuditEntry, AuditFilter
from semblance_core.workspace.access import Desk, admins, operation


class Records(Desk):
    @operation(admins)
    def audit_log(self, where: AuditFilter, *, skip: int = 0, limit: int = 0) -> tuple[list[AuditEntry], int]:
        """These entries, newest first, from number `skip` on and at most `limit` (0: all); and how many there are."""
        return self.store.audit_log.find(where, skip, limit), self.store.audit_log.count(where)

    @operation(admins)
    def audit_actors(self) -> list[str]:
        """Everybody who has an entry in the audit log."""
        return self.store.audit_log.actors()

    @operation(admins)
    def audit_owners(self) -> list[str]:
        """Everybody whose account or work an entry is about, also of accounts that were deleted."""
        return self.store.audit_log.owners()
