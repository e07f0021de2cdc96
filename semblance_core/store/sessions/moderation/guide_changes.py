"""Changes to the guide of a session that has begun: only of what is still to come, so that no message's question moves."""

from dataclasses import replace

from pymongo.collection import Collection

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.moderation.guide_change import GuideChange
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.store.codec import to_document, to_values
from semblance_core.store.server.document import Document


class GuideChanges:
    def __init__(self, groups: Collection[Document]):
        self._groups = groups

    def write(
        self, group: FocusGroup, guide: Guide, plan: StimulusPlan | None, change: GuideChange
    ) -> FocusGroup | None:
        """Writes the guide with one more change; None where something was put, queued or changed since `group` was read.

        A worker may hold the session: what it writes names none of these fields.
        """
        which: Document = {
            "_id": group.id,
            "state": group.state.value,
            "next_seq": group.next_seq,
            f"guide_changes.{len(group.guide_changes)}": {"$exists": False},
            "$expr": {"$eq": [{"$ifNull": ["$queued.id", []]}, [each.id for each in group.queued]]},
        }
        if group.guide_changes:
            which[f"guide_changes.{len(group.guide_changes) - 1}"] = {"$exists": True}
        fields: Document = {"guide": to_document(guide), "updated_at": change.at}
        if group.first_guide is None:
            fields["first_guide"] = to_document(group.guide)
        if plan is not None:
            fields["stimulus_plan"] = to_document(plan)
        pushed = {"$push": to_values({"guide_changes": change})}
        if not self._groups.update_one(which, {"$set": fields, **pushed}).matched_count:
            return None
        first = group.first_guide or group.guide
        changes = (*group.guide_changes, change)
        return replace(group, guide=guide, first_guide=first, stimulus_plan=plan, guide_changes=changes)
