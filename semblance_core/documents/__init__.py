"""Files that participants are shown: PDF, DOCX, plain text and Markdown become text, pictures upright, bare and small ones.

Uploaded files are hostile until read: they are parsed in a process of their own with bounds on memory, time, files and network
(guard.py, fence.py). Reading any file ends in text or in one sentence.
"""

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, ReadPicture
from semblance_core.documents.extract import extract
from semblance_core.documents.guard import Guard, read_document
from semblance_core.documents.reader import Reader

__all__ = ["DocumentRefused", "Guard", "Limits", "ReadDocument", "ReadPicture", "Reader", "extract", "read_document"]
