"""The door for XML from outside: what comes in, and what never does."""

import pytest

from engine.files import xml
from engine.files.xml import XmlRefused, in_utf8, line_of, parse, split


def refused(data, **kind):
    with pytest.raises(XmlRefused) as caught:
        parse(data, what="upload.bpmn")
    return caught.value


def test_small_plain_xml_is_parsed_and_its_lines_are_known():
    root = parse("<a xmlns='urn:x'>\n<b 名='值'/></a>".encode(), what="upload.bpmn")
    assert split(root) == ("urn:x", "a")
    assert split(root[0]) == ("urn:x", "b")
    assert line_of(root[0]) == 2
    assert root[0].get("名") == "值"


def test_a_byte_order_mark_and_utf_16_are_read():
    assert parse(b"\xef\xbb\xbf<a/>", what="x").tag == "a"
    assert parse('<?xml version="1.0" encoding="utf-16"?><岗/>'.encode("utf-16"), what="x").tag == "岗"


@pytest.mark.parametrize("name", ["GBK", "gb2312", "GB18030", "Big5", "UTF-8"])
def test_a_declared_encoding_of_chinese_is_read(name):
    plain = f"<?xml version='1.0' encoding='{name}' standalone='yes'?>\n<a b='工'/>".encode(name)
    assert parse(plain, what="x").get("b") == "工"
    assert in_utf8(plain, "x").decode().startswith('<?xml version="1.0" encoding="UTF-8"')
    assert parse(in_utf8(plain, "x"), what="x").get("b") == "工"


def test_a_declared_encoding_of_the_west_is_read():
    for name in ("ISO-8859-1", "windows-1252"):
        assert (
            parse(f'<?xml version="1.0" encoding="{name}"?><a b="Prüfung"/>'.encode("latin-1"), what="x").get("b")
            == "Prüfung"
        )


def test_a_program_that_says_utf_16_and_writes_utf_8_is_understood():
    assert parse('<?xml version="1.0" encoding="utf-16"?><岗/>'.encode(), what="x").tag == "岗"


@pytest.mark.parametrize("name", ["utf-7", "EBCDIC-CP-US", "shift_jis", "x"])
def test_any_other_encoding_is_refused_by_its_name(name):
    assert name.lower() in refused(f'<?xml version="1.0" encoding="{name}"?><a/>'.encode()).message("en")


def test_bytes_that_are_not_in_the_declared_encoding_are_refused():
    assert "gbk" in refused(b'<?xml version="1.0" encoding="GBK"?>\n<a b="\xff\xff"/>').message("en")


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- made from <!DOCTYPE html> --><a/>",
        b"<a><!-- <!DOCTYPE html> --><b/></a>",
        b"<a><![CDATA[<!DOCTYPE html> template]]></a>",
        b'<?xml version="1.0"?>\n<?page <!DOCTYPE html> ?><a/>',
        b"<a>&lt;!DOCTYPE html></a>",
        b"<a><?page <!DOCTYPE html> ?></a>",
    ],
)
def test_the_word_doctype_in_a_text_is_text(data):
    assert parse(data, what="x").tag == "a"


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- x --><!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'/>",
        b'<?xml version="1.0"?>\n<?p ?>\n<!-- --> <!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"<a><!DOCTYPE a [<!ENTITY x 'y'>]>&x;</a>",
        b"<!-- <!-- --><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"<!-- -- --><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"<?x <!-- ?><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a><!-- -->",
        b"<!---->\n<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
    ],
)
def test_a_document_type_behind_comments_is_one(data):
    refused(data)


def test_comments_and_processing_instructions_are_left_out():
    root = parse(b"<a><!-- hidden --><?run this?><b/></a>", what="x")
    assert [child.tag for child in root] == ["b"]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY y "&x;&x;">]><a b="&y;"/>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    ],
)
def test_a_document_type_is_refused_before_anything_is_expanded(data):
    assert "DOCTYPE" in refused(data).message("en")


def test_an_undeclared_entity_is_refused():
    refused(b"<a>&mystery;</a>")


def test_an_xinclude_is_not_followed():
    root = parse(
        b'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd" parse="text"/></a>', what="x"
    )
    assert root[0].text is None


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"<a>", b"not xml", b"<a/><b/>", b"<a>\x00</a>", b"\xff\xfe\x00", b"\x89PNG"]
)
def test_what_is_not_well_formed_is_refused_with_a_line(data):
    assert refused(data).facts["line"] >= 1


def test_another_encoding_is_refused_by_name():
    assert "UTF-8" in refused("<a>岗位</a>".encode("gb18030")).message("zh")


def test_a_file_over_the_size_limit_is_refused_unread():
    assert "KB" in refused(b"<a>" + b" " * xml.MAX_BYTES + b"</a>").message("en")


def test_too_many_elements_are_refused():
    assert "elements" in refused(b"<a>" + b"<b/>" * (xml.MAX_ELEMENTS + 1) + b"</a>").message("en")
    assert "elements" in refused(b"<a>" + b"<b></b>" * (2 * xml.MAX_ELEMENTS) + b"</a>").message("en")


def test_too_deep_a_nesting_is_refused():
    deep = xml.MAX_DEPTH
    assert parse(b"<a>" * deep + b"</a>" * deep, what="x") is not None
    assert "deeper" in refused(b"<a>" * (deep + 1) + b"</a>" * (deep + 1)).message("en")
    refused(b"<a>" * 5000 + b"</a>" * 5000)


def test_a_text_or_an_attribute_without_bound_is_refused():
    long = b"x" * (xml.MAX_TEXT + 1)
    assert "longer" in refused(b"<a>" + long + b"</a>").message("en")
    assert "longer" in refused(b'<a b="' + long + b'"/>').message("en")
    assert "longer" in refused(b"<a><b/>" + long + b"</a>").message("en")
    many = " ".join(f'a{i}=""' for i in range(xml.MAX_ATTRIBUTES + 1))
    assert "attributes" in refused(f"<a {many}/>".encode()).message("en")


def test_a_refusal_names_the_file_in_both_languages():
    error = refused(b"<a>")
    assert "upload.bpmn" in error.message("zh") and "upload.bpmn" in error.message("en")
