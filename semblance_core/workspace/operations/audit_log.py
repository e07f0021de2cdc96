"""Operations on the audit log: what administrators did."""

from semblance_core.domain.accounts.audit_log import AuditEntry, AuditFilter
from semblance_core.workspace.declarations import Operations, reads
from semblance_core.workspace.subjects import platform


class AuditLog(Operations):
    @reads(platform)
    def find(self, where: AuditFilter, *, skip: int = 0, limit: int = 0) -> tuple[list[AuditEntry], int]:
        """These entries, newest first, from number `skip` on and at most `limit` (0: all); and how many there are."""
        return self._store.audit_log.find(where, skip, limit), self._store.audit_log.count(where)

    @reads(platform)
    def actors(self) -> list[str]:
        """Everybody who has an entry in the audit log."""
        return self._store.audit_log.actors()

    @reads(platform)
    def owners(self) -> list[str]:
        """Everybody whose account or work an entry is about, also of accounts that were deleted."""
        return self._store.audit_log.owners()
