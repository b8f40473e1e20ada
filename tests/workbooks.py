"""Workbooks written part by part, as Excel, WPS and an attacker write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def related(**parts: tuple[str, str]) -> str:
    """Relations: id, kind and target."""
    one = "".join(f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id, (kind, to) in parts.items())
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">{one}</Relationships>'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows: str, *, before: str = "", after: str = "", space: str = MAIN) -> str:
    return f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def excel(
    *sheets: tuple[str, str, str],
    texts: str = "",
    styles: str = "",
    properties: str = "",
    space: str = MAIN,
) -> bytes:
    """A workbook of sheets: name, state, and the whole part."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" {state} r:id="s{number}"/>'
        for number, (name, state, _) in enumerate(sheets, start=1)
    )
    own: dict[str, str | bytes] = {
        "_rels/.rels": related(r1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{OFFICE}">{properties}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related(
            **{f"s{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)},
            t=("sharedStrings", "/xl/sharedStrings.xml"),
            f=("styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{space}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
    }
    own |= {f"xl/worksheets/sheet{number}.xml": part for number, (_, _, part) in enumerate(sheets, start=1)}
    return packed(own)


def inline(*cells: str) -> str:
    """A row of texts without addresses, as some programs write it."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def one_sheet(rows: str, **more: str) -> bytes:
    texts, styles, properties = (more.pop(name, "") for name in ("texts", "styles", "properties"))
    return excel(("表一", "", sheet_xml(rows, **more)), texts=texts, styles=styles, properties=properties)
