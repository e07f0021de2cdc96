"""Word files made of a few elements, as Word and other programs write them."""

from tests.hostile.corpus import good_docx, parts_of, zipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
NOTE = '<w:footnote w:id="2">{}</w:footnote>'
MARK = '<w:r><w:footnoteReference w:id="2"/></w:r>'
SECTION = '<w:sectPr><w:headerReference w:type="{}" r:id="header1"/>{}</w:sectPr>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inside: str, properties: str = "") -> str:
    """A paragraph of runs, or of plain texts."""
    runs = "".join(each if each.startswith("<") else run(each) for each in inside)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def entry(text: str, list_id: int = 1, depth: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(*levels: str, lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{lists}'


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{each if '<w:p>' in each else p(each)}</w:tc>" for each in cells) + "</w:tr>"


def field(code: str, result: str = "") -> str:
    separated = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {code} </w:instrText></w:r>{separated}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def vanish(style: str = "") -> str:
    return f'<w:style w:type="character" w:styleId="{style}"><w:rPr><w:vanish/></w:rPr></w:style>'


def word(body: str, relations: str = "", **parts: str) -> bytes:
    """A Word file. parts: further ones by the kind that they are referred to as, such as `footnotes="<w:footnote …/>"`."""
    files = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
    }
    related = relations
    for kind, inside in parts.items():
        name = kind.rstrip("0123456789")
        root = {"header": "hdr", "footer": "ftr"}.get(name, name)
        files[f"word/{kind}.xml"] = f"<w:{root} {SPACES}>{inside}</w:{root}>"
        related += f'<Relationship Id="{kind}" Type="{RELATION}/{name}" Target="{kind}.xml"/>'
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>'
    )
    return zipped({name: content.encode() for name, content in files.items()})


def strict(archive: bytes) -> bytes:
    """The same as "Strict Open XML Document"."""
    usual, kept = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
    names = ("wordprocessingml/{}main", "officeDocument/{}relationships", "officeDocument/{}math", "drawingml/{}main")
    parts = {}
    for name, content in parts_of(archive).items():
        for each in names:
            content = content.replace((usual + each.format("2006/")).encode(), (kept + each.format("")).encode())
        parts[name] = content
    return zipped(parts)


def with_part(name: str, content: bytes, archive: bytes | None = None) -> bytes:
    return zipped(parts_of(archive or good_docx()) | {name: content})
